from collections.abc import Iterator
from contextlib import contextmanager


class Trouble(Exception):  # noqa: N818 - it is read by a person
    """Something a person has to put right; the message says what, and what to do."""


@contextmanager
def told_as(what: str, *errors: type[Exception]) -> Iterator[None]:
    """Tell such errors to a person: what did not work, and the reason given.

    Raises:
        Trouble: one of these errors was raised in the block.
    """
    try:
        yield
    except errors as error:
        raise Trouble(f"{what}: {error}") from error
