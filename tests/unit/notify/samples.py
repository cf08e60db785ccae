"""Messages to write: every wording there is, with facts that can be stretched."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.notify.contacts import Contact
from services.notify.messages import Parameters
from services.notify.render import Telling
from shared.events import Meeting, SessionState
from tests.support.samples import session_state

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TUESDAY = datetime(2026, 3, 3, 16, tzinfo=UTC)

WORDINGS: dict[str, tuple[str, Parameters]] = {
    "confirmed": ("confirmed", Parameters(persons=1)),
    "fewer people": ("shrunk", Parameters(persons=1)),
    "code again": ("code_again", Parameters(persons=1)),
    "cancelled by the visitor": ("cancelled", Parameters(persons=1, by="visitor")),
    "cancelled by staff": ("cancelled", Parameters(persons=1, by="staff")),
    "session cancelled": ("session_cancelled", Parameters(persons=1)),
    "new time": ("rescheduled", Parameters(persons=1, changed=("time",))),
    "new place": ("rescheduled", Parameters(persons=1, changed=("place",))),
    "new time and place": ("rescheduled", Parameters(persons=1, changed=("place", "time"))),
}


def session(**changes: object) -> SessionState:
    """A language café on Tuesday 3 March at 17.00 in Kista."""
    return session_state(**({"starts_at": TUESDAY, "ends_at": TUESDAY + timedelta(minutes=90)} | changes))


def online(number: str = "123 456 789", **changes: object) -> SessionState:
    """The same online, with a way in."""
    meeting = Meeting(link="https://meet.example.org/j/123?pwd=a&b=c", number=number)
    return session(**({"place": "online", "meeting": meeting} | changes))


def telling(
    wording: str = "confirmed",
    *,
    language: str = "sv",
    name: str = "Sara",
    persons: int = 1,
    facts: SessionState | None = None,
) -> Telling:
    """What is told to Sara."""
    template, parameters = WORDINGS[wording]
    return Telling(
        template=template,
        parameters=parameters.model_copy(update={"persons": persons}),
        session=facts or session(),
        contact=Contact(
            ref=uuid4(),
            name=name,
            phone="+46701740605",
            email="sara@example.org",
            by="sms",
            code="K7F-4MQ",
            language=language,
        ),
        zone=STOCKHOLM,
        public_url="",
    )
