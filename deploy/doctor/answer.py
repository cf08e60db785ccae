from dataclasses import dataclass, field
from typing import Literal
from uuid import UUID


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """A booking as its client was told of it last, under one idempotency key.

    Where an answer was lost, the client asks again with the same key and gives what it was told then.
    """

    key: str
    code: str = field(repr=False)
    session_id: UUID
    seats: int
    state: Literal["confirmed", "cancelled"] = "confirmed"
