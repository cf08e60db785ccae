"""Messages to write: every wording there is, with facts that can be stretched."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, get_args
from uuid import uuid4
from zoneinfo import ZoneInfo

from services.notify.contacts import Contact
from services.notify.messages import Date, Parameters, Template
from services.notify.render import CATALOGS, Telling
from shared.events import Announcement, Meeting, SessionState
from tests.support.samples import session_state

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TUESDAY = datetime(2026, 3, 3, 16, tzinfo=UTC)
MONDAY_MORNING = datetime(2026, 3, 2, 8, tzinfo=UTC)
ANSWER_BY = datetime(2026, 3, 2, 11, 4, 59, tzinfo=UTC)
"""Tells as noon: 12.04.59 in Stockholm, rounded to the earlier side."""

LANGUAGES = CATALOGS.tags
LONGEST_NAME = "Å" * 16
LONGEST_TITLE = "Ö" * 14


@dataclass(frozen=True)
class Wording:
    """A template in one of its cases."""

    template: Template
    parameters: Parameters = field(default_factory=lambda: Parameters(persons=1))
    standing: str = "confirmed"
    answer_by: datetime | None = None
    following: bool = False
    """Whether there is a next time."""
    dates: int = 0
    """On how many days a series is held."""
    rhythm: Literal["weekly", "twice a week", "irregular"] = "weekly"


TIME = Parameters(persons=1, changed=("time",))
PLACE = Parameters(persons=1, changed=("place",))
BOTH = Parameters(persons=1, changed=("place", "time"))
ANNOUNCEMENTS = get_args(Announcement)
REFUSED = tuple(uuid4() for _ in range(12))

WORDINGS: dict[str, Wording] = {
    "confirmed": Wording("confirmed"),
    "accepted": Wording("accepted"),
    "queued": Wording("queued", Parameters(persons=1, position=3), "queued"),
    "queued far behind": Wording("queued", Parameters(persons=1, position=120), "queued"),
    "offered": Wording("offered", standing="offered", answer_by=ANSWER_BY),
    "offer expired": Wording("offer_expired", Parameters(persons=1, was="offered"), "expired"),
    "declined": Wording("declined", Parameters(persons=1, was="offered"), "declined"),
    "moved": Wording("moved"),
    "reminder": Wording("reminder"),
    "reminder, reconfirm": Wording("reminder", Parameters(persons=1, reconfirm=True)),
    "fewer people": Wording("shrunk"),
    "fewer people in the queue": Wording("shrunk", standing="queued"),
    "fewer people on offer": Wording("shrunk", standing="offered", answer_by=ANSWER_BY),
    "code again": Wording("code_again"),
    "code again in the queue": Wording("code_again", standing="queued"),
    "code again on offer": Wording("code_again", standing="offered", answer_by=ANSWER_BY),
    "code again before the offer is told": Wording("code_again", standing="offered"),
    "cancelled by the visitor": Wording("cancelled", Parameters(persons=1, by="visitor"), "cancelled"),
    "cancelled by staff": Wording("cancelled", Parameters(persons=1, by="staff"), "cancelled"),
    "left the queue": Wording("cancelled", Parameters(persons=1, by="visitor", was="queued"), "cancelled"),
    "taken off the queue": Wording("cancelled", Parameters(persons=1, by="staff", was="queued"), "cancelled"),
    "offer taken back by staff": Wording("cancelled", Parameters(persons=1, by="staff", was="offered"), "cancelled"),
    "session cancelled": Wording("session_cancelled", standing="cancelled"),
    "session cancelled in the queue": Wording("session_cancelled", Parameters(persons=1, was="queued"), "cancelled"),
    "session cancelled, next time": Wording("session_cancelled", standing="cancelled", following=True),
    **{f"announced: {key}": Wording("announced", Parameters(persons=1, announcement=key)) for key in ANNOUNCEMENTS},
    "announced in the queue": Wording("announced", Parameters(persons=1, announcement="other_times"), "queued"),
    "announced on offer": Wording("announced", Parameters(persons=1, announcement="as_planned"), "offered", ANSWER_BY),
    "series": Wording("series_booked", dates=40),
    "series of one date": Wording("series_booked", dates=1),
    "series twice a week": Wording("series_booked", dates=40, rhythm="twice a week"),
    "series without a rhythm": Wording("series_booked", dates=40, rhythm="irregular"),
    "series without a rhythm, many refused": Wording(
        "series_booked", Parameters(persons=1, refused=REFUSED), dates=40, rhythm="irregular"
    ),
    "series twice a week, many refused": Wording(
        "series_booked", Parameters(persons=1, refused=REFUSED), dates=40, rhythm="twice a week"
    ),
    "series twice a week at a new time and place": Wording("series_rescheduled", BOTH, dates=40, rhythm="twice a week"),
    "series without a rhythm at a new time and place": Wording(
        "series_rescheduled", BOTH, dates=40, rhythm="irregular"
    ),
    "series without a rhythm cancelled": Wording(
        "series_cancelled", Parameters(persons=1, by="visitor"), "cancelled", dates=40, rhythm="irregular"
    ),
    "series with dates refused": Wording("series_booked", Parameters(persons=1, refused=REFUSED[:1]), dates=12),
    "series with many refused": Wording("series_booked", Parameters(persons=1, refused=REFUSED), dates=40),
    "series cancelled by the visitor": Wording(
        "series_cancelled", Parameters(persons=1, by="visitor"), "cancelled", dates=40
    ),
    "series cancelled by staff": Wording("series_cancelled", Parameters(persons=1, by="staff"), "cancelled", dates=40),
    "series at a new time": Wording("series_rescheduled", TIME, dates=40),
    "series at a new place": Wording("series_rescheduled", PLACE, dates=40),
    "series at a new time and place": Wording("series_rescheduled", BOTH, dates=40),
    "new time": Wording("rescheduled", TIME),
    "new time in the queue": Wording("rescheduled", TIME, "queued"),
    "new time on offer": Wording("rescheduled", TIME, "offered", ANSWER_BY),
    "new place": Wording("rescheduled", PLACE),
    "new place in the queue": Wording("rescheduled", PLACE, "queued"),
    "new place on offer": Wording("rescheduled", PLACE, "offered", ANSWER_BY),
    "new time and place": Wording("rescheduled", BOTH),
    "new time and place in the queue": Wording("rescheduled", BOTH, "queued"),
    "new time and place on offer": Wording("rescheduled", BOTH, "offered", ANSWER_BY),
}


def session(**changes: object) -> SessionState:
    """A language café on Tuesday 3 March at 17.00 in Kista."""
    return session_state(**({"starts_at": TUESDAY, "ends_at": TUESDAY + timedelta(minutes=90)} | changes))


def online(number: str = "123 456 789", **changes: object) -> SessionState:
    """The same online, with a way in."""
    meeting = Meeting(link="https://meet.example.org/j/123?pwd=a&b=c", number=number)
    return session(**({"place": "online", "meeting": meeting} | changes))


def longest(language: str, room: str = "", **changes: object) -> SessionState:
    """A session with the longest title, library and day that a language has."""
    starts_at = longest_day(language)
    branch = session().branch.model_copy(update={"sms_name": LONGEST_NAME})
    facts = {
        "starts_at": starts_at,
        "ends_at": starts_at + timedelta(hours=1),
        "sms_titles": dict.fromkeys(LANGUAGES, LONGEST_TITLE),
        "branch": branch,
        "room": room,
    }
    return session(**(facts | changes))


def longest_day(language: str) -> datetime:
    """The day that takes most letters to write."""
    days = (datetime(2028, 1, 1, 16, tzinfo=UTC) + timedelta(days=day) for day in range(366 * 6))
    return max(days, key=lambda day: len(CATALOGS[language].day(day, STOCKHOLM)))


def telling(  # noqa: PLR0913 - whatever a test wants to stretch
    wording: str = "confirmed",
    *,
    language: str = "sv",
    name: str = "Sara",
    persons: int = 1,
    facts: SessionState | None = None,
    now: datetime = MONDAY_MORNING,
    answer_by: datetime | None = None,
    following: SessionState | None = None,
) -> Telling:
    """What is told to Sara."""
    case = WORDINGS[wording]
    about = facts or session()
    return Telling(
        template=case.template,
        parameters=case.parameters.model_copy(update={"persons": persons}),
        standing=case.standing,
        session=about,
        contact=Contact(
            ref=uuid4(),
            name=name,
            phone="+46701740605",
            email="sara@example.org",
            by="sms",
            code="K7F-4MQ",
            language=language,
            answer_by=answer_by or case.answer_by,
        ),
        zone=STOCKHOLM,
        public_url="",
        now=now,
        next_session=(following or weeks_later(about, 1)) if case.following else None,
        dates=[Date(booking_id=uuid4(), revision=1, session=one) for one in series(about, case)],
        refused=[weeks_later(about, case.dates + week) for week in range(len(case.parameters.refused))],
    )


def series(about: SessionState, case: Wording) -> list[SessionState]:
    """The dates of a series that begins with this one."""
    match case.rhythm:
        case "weekly":
            return [weeks_later(about, week) for week in range(case.dates)]
        case "twice a week":
            halves = (divmod(number, 2) for number in range(case.dates))
            return [weeks_later(about, week, apart=timedelta(days=3 * second)) for week, second in halves]
        case "irregular":
            return [weeks_later(about, week, apart=timedelta(hours=week % 2)) for week in range(case.dates)]


def weeks_later(about: SessionState, weeks: int, *, apart: timedelta = timedelta(0), **changes: object) -> SessionState:
    """The same so many weeks later, at the same time by the clock, or so much apart from it."""
    starts_at = (about.starts_at.astimezone(STOCKHOLM) + timedelta(weeks=weeks) + apart).astimezone(UTC)
    ends_at = starts_at + (about.ends_at - about.starts_at)
    facts = {"session_id": uuid4(), "starts_at": starts_at, "ends_at": ends_at} | changes
    return about.model_copy(update=facts)
