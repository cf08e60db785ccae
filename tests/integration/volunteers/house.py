"""A library's coaching: sessions that need helpers, people who help, visitors who book, as the others tell of them."""

import secrets
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from services.volunteers.usecases.signing_in import hashed
from shared.events import (
    AnyEvent,
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentProposed,
    AssignmentReleased,
    AssignmentUncovered,
    BookingCancellation,
    BookingCancelled,
    BookingConfirmation,
    BookingConfirmed,
    BookingMove,
    BookingMoved,
    Event,
    MessageDispatch,
    MessageFailed,
    MessageFailure,
    MessageSent,
    Reply,
    ReplyReceived,
    SessionState,
    ShiftCancelled,
    StaffingChanged,
    VolunteerNotified,
)
from shared.ids import new_id
from tests.integration.volunteers.conftest import Answer, Json, Volunteers
from tests.support.samples import published, session_state

TENSTA = {
    "id": "tensta",
    "name": "Tensta bibliotek",
    "sms_name": "Tensta bibliotek",
    "phone": "08-465 004 10",
    "address": "Tenstagången 17",
}
STAFF = ("staff", "tensta")
COACH = {"needed": 2, "task": "coach", "matched": True}
HOMEWORK = {"needed": 2, "task": "homework", "register_note": True}


def coaching(**changes: object) -> SessionState:
    """A slot of 40 minutes at Tensta, three days from now, with two helpers at most."""
    state = session_state(
        kind="digital_coaching",
        branch=TENSTA,
        titles={"sv": "Digital hjälp", "en": "Digital help"},
        counts="bookings",
        capacity_from="staffing",
        helping=COACH,
    )
    values = state.model_dump() | {"ends_at": state.starts_at + timedelta(minutes=40)} | changes
    return SessionState.model_validate(values)


class House:
    """Volunteers as the rest of Plats sees it."""

    def __init__(self, volunteers: Volunteers) -> None:
        self.volunteers = volunteers
        self._phones = 10

    async def publish(self, state: SessionState) -> SessionState:
        """Have catalog tell of a session."""
        await self.volunteers.hear(published(state))
        return state

    async def helper(self, name: str = "Amina", **values: object) -> Json:
        """Somebody who coaches, and speaks Swedish unless it is said otherwise."""
        self._phones += 1
        person: Json = {
            "name": name,
            "phone": f"070-174 06 {self._phones}",
            "tasks": ["coach"],
            "topics": ["bankid", "email"],
            "branches": ["tensta"],
            "languages": [{"language": "sv", "level": "native"}],
        }
        return await self.volunteers.volunteer(**(person | values))

    async def signed_in(self, helper: Json) -> dict[str, str]:
        """What the helper's requests carry, as if they had signed in with a code."""
        token = secrets.token_urlsafe(16)
        await self.volunteers.database.pool.execute(
            """
            INSERT INTO helper_session (token_hash, contact_ref, ends_at)
            SELECT $1, contact_ref, clock_timestamp() + interval '30 days' FROM volunteer WHERE id = $2
            """,
            hashed(token),
            UUID(helper["id"]),
        )
        return {"Authorization": f"Bearer {token}"}

    async def ask(self, helper: Json, method: str, path: str, body: object = None) -> Answer:
        """Ask for something as a helper."""
        return await self.volunteers.send(method, path, body, by=None, headers=await self.signed_in(helper))

    async def staff(self, method: str, path: str, body: object = None) -> Answer:
        """Ask for something as the library's staff."""
        return await self.volunteers.send(method, path, body, by=STAFF)

    async def put(self, state: SessionState, helper: Json, **values: object) -> Json:
        """Put somebody on duty; gives their first shift."""
        body = {"volunteer_id": helper["id"], "ask": False} | values
        status, made = await self.staff("POST", f"/v1/sessions/{state.session_id}/shifts", body)
        assert status == 201, made
        first: Json = made["items"][0]
        return first

    async def book(self, state: SessionState, **changes: object) -> BookingConfirmed:
        """Have booking tell of a visitor who has a seat."""
        event = booked(state, **changes)
        await self.volunteers.hear(event)
        return event

    async def told(self, kind: type[Event]) -> list[Any]:
        """The data of every event of a kind that was told, in order."""
        return [event.data for event in await self.volunteers.told() if isinstance(event, kind)]

    async def proposals(self) -> list[Any]:
        """Every question that was asked."""
        return await self.told(AssignmentProposed)

    async def asked(self, booking: BookingConfirmed) -> Json:
        """Who is asked for a visitor now."""
        row = await self.volunteers.row(
            """
            SELECT id::text, volunteer_id::text, state, why, answer_by, code FROM assignment
            WHERE booking_id = $1 AND state IN ('proposed', 'accepted') ORDER BY state DESC LIMIT 1
            """,
            booking.data.booking_id,
        )
        return dict(row)

    async def need(self, booking: BookingConfirmed) -> Json:
        """What a visitor's need is now."""
        row = await self.volunteers.row("SELECT * FROM need WHERE booking_id = $1", booking.data.booking_id)
        return dict(row)

    async def reply(self, about: str, says: str, at: datetime | None = None) -> None:
        """Have notify tell of an answer by SMS."""
        now = await self.volunteers.database.pool.fetchval("SELECT clock_timestamp()")
        data = Reply.model_validate(
            {
                "reply_id": new_id(),
                "revision": 1,
                "contact_ref": uuid4(),
                "about": about,
                "says": says,
                "received_at": at or now,
            }
        )
        await self.volunteers.hear(ReplyReceived.of(data.reply_id, data))

    async def sent(self, about: str, template: str = "assignment_proposed", at: datetime | None = None) -> MessageSent:
        """Have notify tell that a question left the house."""
        now = await self.volunteers.database.pool.fetchval("SELECT clock_timestamp()")
        data = MessageDispatch.model_validate(_message(about, template) | {"sent_at": at or now})
        event = MessageSent.of(data.message_id, data)
        await self.volunteers.hear(event)
        return event

    async def failed(self, about: str, template: str = "assignment_proposed") -> None:
        """Have notify tell that a question will not arrive."""
        data = MessageFailure.model_validate(_message(about, template) | {"reason": "refused"})
        await self.volunteers.hear(MessageFailed.of(data.message_id, data))


def _message(about: str, template: str) -> Json:
    return {
        "message_id": new_id(),
        "revision": 1,
        "contact_ref": uuid4(),
        "about": about,
        "template": template,
        "channel": "sms",
    }


def booked(state: SessionState, **changes: object) -> BookingConfirmed:
    """The event that tells of a visitor who has a seat."""
    facts = _booking(state, new_id()) | changes
    data = BookingConfirmation.model_validate(facts)
    return BookingConfirmed.of(data.booking_id, data)


def cancelled(booking: BookingConfirmed, **changes: object) -> BookingCancelled:
    """The event that tells that the visitor does not come."""
    facts = booking.data.model_dump() | {"revision": booking.data.revision + 1, "state": "cancelled"}
    data = BookingCancellation.model_validate(facts | {"by": "visitor"} | changes)
    return BookingCancelled.of(data.booking_id, data)


def moved(booking: BookingConfirmed, to: SessionState, **changes: object) -> BookingMoved:
    """The event that tells that the visitor comes to another session."""
    facts = booking.data.model_dump() | {
        "revision": booking.data.revision + 1,
        "session_id": to.session_id,
        "from_session_id": booking.data.session_id,
    }
    data = BookingMove.model_validate(facts | changes)
    return BookingMoved.of(data.booking_id, data)


def _booking(state: SessionState, booking_id: UUID) -> Json:
    return {
        "booking_id": booking_id,
        "revision": 1,
        "session_id": state.session_id,
        "contact_ref": uuid4(),
        "language": "sv",
        "adults": 1,
        "children": 0,
        "seats": 1,
        "state": "confirmed",
        "topic": "bankid",
        "help_language": None,
    }


ARABIC = [{"language": "ar", "level": "native"}, {"language": "sv", "level": "good"}]

__all__ = [
    "ARABIC",
    "COACH",
    "HOMEWORK",
    "STAFF",
    "TENSTA",
    "AnyEvent",
    "AssignmentAccepted",
    "AssignmentDeclined",
    "AssignmentReleased",
    "AssignmentUncovered",
    "House",
    "ShiftCancelled",
    "StaffingChanged",
    "VolunteerNotified",
    "booked",
    "cancelled",
    "coaching",
    "moved",
]
