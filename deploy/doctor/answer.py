from dataclasses import dataclass, field
from uuid import UUID

from shared.events import Standing


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A booking as its client was told of it last, under one idempotency key.

    Where an answer was lost, the client asks again with the same key and gives what it was told then.
    """

    key: str
    code: str = field(repr=False)
    session_id: UUID
    seats: int
    state: Standing = "confirmed"
