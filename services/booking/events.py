"""What booking hears: catalog on sessions, notify on what became of messages."""

from services.booking import store, usecases
from services.booking.domain import Terms
from shared.db import Connection
from shared.events import (
    MessageDelivered,
    MessageFailed,
    MessageSent,
    SessionCancelled,
    SessionPublished,
    SessionState,
    SessionWithdrawn,
)
from shared.inbox import Handlers


async def _published(conn: Connection, event: SessionPublished) -> None:
    await usecases.publish_session(conn, event.data.session_id, event.data.revision, _terms(event.data))


def _terms(state: SessionState) -> Terms:
    return Terms(
        status="published",
        starts_at=state.starts_at,
        ends_at=state.ends_at,
        place=f"{state.place}/{state.branch.id}/{state.room}",
        branch_id=state.branch.id,
        mode=state.mode,
        counts=state.counts,
        seats=state.capacity.seats,
        walk_in=state.capacity.walk_in,
        queue=state.capacity.queue,
        party_max=state.policies.party_max,
        late_cancel_hours=state.policies.late_cancel_hours,
        booked_by=state.policies.booked_by,
        meeting_link=state.meeting.link if state.meeting else None,
        meeting_number=state.meeting.number if state.meeting else "",
    )


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await usecases.end_session(conn, event.data.session_id, event.data.revision, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    await usecases.end_session(conn, event.data.session_id, event.data.revision, "cancelled")


async def _message_sent(conn: Connection, event: MessageSent) -> None:
    await store.note_message(conn, event.data.about, event.data.message_id, event.data.revision, "sent")


async def _message_delivered(conn: Connection, event: MessageDelivered) -> None:
    await store.note_message(conn, event.data.about, event.data.message_id, event.data.revision, "delivered")


async def _message_failed(conn: Connection, event: MessageFailed) -> None:
    await store.note_message(conn, event.data.about, event.data.message_id, event.data.revision, "failed")


HANDLERS: Handlers = {
    SessionPublished: _published,
    SessionWithdrawn: _withdrawn,
    SessionCancelled: _cancelled,
    MessageSent: _message_sent,
    MessageDelivered: _message_delivered,
    MessageFailed: _message_failed,
}
