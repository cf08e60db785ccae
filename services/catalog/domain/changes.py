from dataclasses import Field, fields, replace
from enum import Enum
from typing import Any, ClassVar, Final, Protocol, TypeVar


class Nothing(Enum):
    """A value that is taken away, where None would mean that it stays."""

    NOTHING = "nothing"


NOTHING: Final = Nothing.NOTHING


class Record(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


def changed_by(record: R, change: Record) -> R:
    """The record with every field that the change names; None in it is as it was, NOTHING is None from now on."""
    wanted: dict[str, Any] = {field.name: getattr(change, field.name) for field in fields(change)}
    given = {name: value for name, value in wanted.items() if value is not None}
    return replace(record, **{name: None if value is NOTHING else value for name, value in given.items()})
