"""Places in lists, opaque to clients: what they were given with one page brings the next."""

import base64
import binascii
import struct
from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from services.catalog.domain import Invalid

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_CURSOR = struct.Struct(">q16s")


class Position(NamedTuple):
    """A row of a list: the moment that orders it, and its id."""

    at: datetime
    id: UUID


BEGINNING = Position(_EPOCH, UUID(int=0))


def cursor_of(position: Position) -> str:
    """The place after a row."""
    micros = (position.at - _EPOCH) // timedelta(microseconds=1)
    return base64.urlsafe_b64encode(_CURSOR.pack(micros, position.id.bytes)).decode()


def position_of(cursor: str) -> Position:
    """The row a list goes on after.

    Raises:
        Invalid: the cursor is none of ours.
    """
    try:
        micros, id_ = _CURSOR.unpack(base64.b64decode(cursor, altchars=b"-_", validate=True))
        return Position(_EPOCH + timedelta(microseconds=micros), UUID(bytes=id_))
    except (binascii.Error, struct.error, ValueError, OverflowError) as error:
        raise Invalid("not a cursor of this list; take `next` of the page before", "cursor") from error
