"""What booking hears: catalog on sessions, notify on messages and answers, volunteers on who is there to help."""

from services.booking.domain import Question, Terms
from services.booking.store import kinds, notices
from services.booking.store.helpers import Since
from services.booking.usecases import calls, helping, replies, sessions, waiting
from shared import events as contract
from shared import installation
from shared.db import Connection
from shared.events import (
    AssignmentAccepted,
    AssignmentUncovered,
    InstallationChanged,
    MessageDelivered,
    MessageFailed,
    MessageSent,
    ReplyReceived,
    SessionCancelled,
    SessionPublished,
    SessionState,
    SessionWithdrawn,
    StaffingChanged,
)
from shared.hours import PermittedHours
from shared.inbox import Handlers

_OFFER = "offered"
"""The template of the message that tells of a seat: its way is an offer's."""


def _terms(state: SessionState) -> Terms:
    return Terms(
        status="published",
        activity_id=state.activity_id,
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
        fill_from_hours=state.policies.fill_from_hours,
        offer_minutes=state.policies.offer_minutes,
        reminder_hours=state.policies.reminder_hours,
        reconfirm=state.policies.reconfirm,
        booked_by=state.policies.booked_by,
        meeting_link=state.meeting.link if state.meeting else None,
        meeting_number=state.meeting.number if state.meeting else "",
        series_id=state.series_id,
        sitting_id=state.sitting_id,
        ask=tuple(_question(question) for question in state.policies.ask),
        certificate=state.policies.certificate,
        opens_at=state.opens_at,
        closes_at=state.closes_at,
        # Where no volunteers are needed, nobody tells of any: what staff set stands.
        capacity_from=state.capacity_from if state.helping else "session",
        matched=state.helping is not None and state.helping.matched,
    )


def _question(asked: contract.Question) -> Question:
    return Question(
        id=asked.id,
        type=asked.type,
        required=asked.required,
        options=tuple(option.id for option in asked.options),
        most=asked.most,
        counted=asked.counted and asked.type != "name",
    )


async def _withdrawn(conn: Connection, event: SessionWithdrawn) -> None:
    await sessions.end_session(conn, event.data.session_id, event.data.revision, "withdrawn")


async def _cancelled(conn: Connection, event: SessionCancelled) -> None:
    told = event.data
    await sessions.end_session(conn, told.session_id, told.revision, "cancelled", rest_of_series=told.rest_of_series)


async def _installation_changed(conn: Connection, event: InstallationChanged) -> None:
    await installation.keep(conn, event.data)


async def _message_delivered(conn: Connection, event: MessageDelivered) -> None:
    await notices.note_message(conn, event.data.about, event.data.message_id, event.data.revision, "delivered")


async def _message_failed(conn: Connection, event: MessageFailed) -> None:
    told = event.data
    if told.reason != "no_address":  # who gave none waits for no message
        await notices.note_message(conn, told.about, told.message_id, told.revision, "failed")
    await calls.message_failed(conn, told.about, told.message_id, told.template, told.reason)


async def _staffing_changed(conn: Connection, event: StaffingChanged) -> None:
    await helping.note_staffing(conn, event.data.session_id, event.data.revision, event.data.helpers)


async def _assignment_accepted(conn: Connection, event: AssignmentAccepted) -> None:
    told = event.data
    if told.booking_id:  # else it is for being on duty, which makes seats and is nobody's
        await helping.found(conn, told.booking_id, told.session_id, Since(revision=told.need_revision, at=event.time))


async def _assignment_uncovered(conn: Connection, event: AssignmentUncovered) -> None:
    told = event.data
    since = Since(revision=told.revision, at=event.time)
    await helping.uncovered(conn, told.booking_id, told.session_id, told.stage, since)


def handlers(hours: PermittedHours) -> Handlers:
    """What booking does about each event; offers run, and reminders are due, by these hours and their zone.

    Of the hours until administrators decide others.
    """

    async def published(conn: Connection, event: SessionPublished) -> None:
        state = event.data
        await sessions.publish_session(conn, state.session_id, state.revision, _terms(state), hours.zone)
        await kinds.keep(conn, state.activity_id, state.kind)

    async def message_sent(conn: Connection, event: MessageSent) -> None:
        if event.data.template == _OFFER:  # first, as who holds a session's row waits for those of its bookings
            await waiting.told(conn, event.data.about, event.data.sent_at, hours)
        await notices.note_message(conn, event.data.about, event.data.message_id, event.data.revision, "sent")
        await calls.message_sent(conn, event.data.about, event.data.message_id)

    async def reply_received(conn: Connection, event: ReplyReceived) -> None:
        told = event.data
        reply = replies.Reply(says=told.says, question=told.question, at=told.received_at)
        await replies.answered(conn, told.about, reply, hours)

    return {
        SessionPublished: published,
        SessionWithdrawn: _withdrawn,
        SessionCancelled: _cancelled,
        MessageSent: message_sent,
        MessageDelivered: _message_delivered,
        MessageFailed: _message_failed,
        ReplyReceived: reply_received,
        InstallationChanged: _installation_changed,
        StaffingChanged: _staffing_changed,
        AssignmentAccepted: _assignment_accepted,
        AssignmentUncovered: _assignment_uncovered,
    }
