"""What comes from the bus is not trusted: its size, its shape, and who may say what are looked at first."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from pydantic import ValidationError

from shared.events import AnyEvent, Event, decode, source_of
from shared.models import Model
from shared.outbox import MAX_EVENT


class Unreadable(Exception):  # noqa: N818 - the sender's error
    """A message that is no event we take; its words say why, to a person.

    Args:
        reason: Those words.
        head: What can be read of the envelope.
        ours: Whether it is of a type that we take: then the contract is broken, and not only this message.
    """

    def __init__(self, reason: str, head: Head, *, ours: bool = False) -> None:
        super().__init__(reason)
        self.head = head
        self.ours = ours


class Head(Model):
    """As much of an envelope as an unreadable event has."""

    id: UUID | None = None
    type: str | None = None

    @classmethod
    def of(cls, body: bytes) -> Head:
        """Read what is there."""
        try:
            return cls.model_validate_json(body)
        except ValidationError:
            return cls()


def read(body: bytes, taken: Collection[type[Event]]) -> AnyEvent:
    """Read an event of a type that is ``taken``.

    Raises:
        Unreadable: it is too large, no event, of a type that is not taken, or not from the service that may say so.
    """
    if len(body) > MAX_EVENT:
        raise Unreadable(f"{len(body)} bytes are more than any event has", Head())
    try:
        event = decode(body)
    except ValidationError as error:
        head = Head.of(body)
        if error.errors(include_input=False)[0]["type"] == "union_tag_invalid":
            raise _foreign(head) from None
        ours = head.type in {kind.model_fields["type"].default for kind in taken}
        raise Unreadable(_told(error), head, ours=ours) from None
    head = Head(id=event.id, type=event.type)
    if type(event) not in taken:
        raise _foreign(head)
    if event.source != (owner := source_of(event.type)):
        raise Unreadable(f"says that it is from {event.source}, but only {owner} tells of {event.type}", head)
    return event


def _foreign(head: Head) -> Unreadable:
    return Unreadable(f"unknown type {head.type}: a newer version may know it", head)


def _told(error: ValidationError) -> str:
    """Which fields are wrong, without their values."""
    return "; ".join(
        f"{'.'.join(str(part) for part in found['loc']) or 'message'}: {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    )
