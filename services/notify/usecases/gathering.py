from datetime import timedelta

from services.notify import store
from services.notify.messages import Draft
from services.notify.store import Message
from shared.db import Connection

GATHERED_WITHIN = timedelta(seconds=20)
"""How long news of one date of a series waits for the same news of the others, which catalog and booking tell one by
one: far longer than that takes, and nothing to somebody who reads it."""


async def gather(conn: Connection, message: Message) -> bool:
    """Tell in one message what is untold of several dates that were booked together.

    Returns:
        Whether that is so, and this message is not sent by itself.
    """
    moved = await store.lock_moved_dates(conn, message.about)
    if len(moved) < 2 or message.id not in {date.message_id for date in moved}:  # noqa: PLR2004 - several
        return False
    bookings = tuple(date.booking_id for date in moved)
    parameters = message.parameters.with_changes_of(*(date.parameters for date in moved))
    draft = Draft(template="series_rescheduled", parameters=parameters.model_copy(update={"bookings": bookings}))
    if await store.add_about_whole(conn, message.about, draft) is None:
        return False
    for date in moved:
        await store.set_aside(conn, date.message_id, "dropped", "carried")
    return True
