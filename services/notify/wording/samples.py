"""Messages as examples: each case in which somebody is told something, with the longest names and with usual ones."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Literal, TypeAlias, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from services.notify.contacts import Contact
from services.notify.domain import By
from services.notify.messages import Date, Parameters, Template
from services.notify.render import CATALOGS, HelperTelling, Telling
from shared.events import (
    Announcement,
    AssignmentEnding,
    Branch,
    Capacity,
    Meeting,
    Option,
    Policies,
    Question,
    SessionState,
)
from shared.i18n import Catalogs

Names: TypeAlias = Literal["longest", "usual"]
Rhythm: TypeAlias = Literal["weekly", "twice a week", "irregular"]

NOBODY = UUID(int=0)
SAMPLE_CODE = "K7F-4MQ"
SAMPLE_NAME = "Sara"
_PHONE = "08-465 004 00"
_NUMBER = "+46701740605"
"""Both belong to nobody: they are kept for examples."""
_TUESDAY = datetime(2028, 5, 2, 15, tzinfo=UTC)
_MOST_DATES = 40
_FAR_BEHIND = 120
_COUNTS = (1, 2, 3, 5, 12)
"""How many, so that every plural form of every language is among them."""

_LONGEST = Branch(
    id="example",
    name="Långholmens bibliotek",
    sms_name="Långholmens bibl",  # as long as it may be
    phone=_PHONE,
    address="Långholmsgatan 40",
)
_USUAL = Branch(id="example", name="Kista bibliotek", sms_name="Kista", phone=_PHONE, address="Kista galleria")
_ELSEWHERE = {"id": "elsewhere", "name": "Hallonbergens bibliotek", "sms_name": "Hallonbergens bi"}
_TITLES = {"longest": ("Läxhjälp matte", "Homework maths"), "usual": ("Språkcafé", "Language café")}
"""In an SMS; fourteen characters are the most."""
_WISHES = {
    "longest": {
        "topic": ("Mobilens inställningar", "Logging in to 1177, the health service"),
        "help_language": ("Nederländska", "Portuguese"),
    },
    "usual": {"topic": ("Skriva ut och skanna", "Printing and scanning"), "help_language": ("Arabiska", "Arabic")},
}
"""What a visitor may want help with, and in which language."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """A message in one of its cases."""

    template: Template
    parameters: Parameters = field(default_factory=lambda: Parameters(persons=1))
    standing: str = "confirmed"
    answer_in: timedelta | None = None
    """How long somebody may answer; None where nothing is asked, or nobody knows."""
    following: Literal["here", "elsewhere"] | None = None
    """Where they could come instead."""
    dates: int = 0
    rhythm: Rhythm = "weekly"
    later: int = 0
    """Days after the day that takes most letters to write."""
    refused_known: bool = True
    """Whether it is known which dates were not booked, and not only how many."""
    online: bool = False
    by: By = "sms"
    ahead: timedelta = timedelta(hours=26)
    """How long before the start it is told."""


_SOON, _FAR = timedelta(hours=20), timedelta(days=8)
_LIVE = ("confirmed", "queued", "offered")
_CHANGES = (("time",), ("place",), ("place", "time"))
_RHYTHMS: tuple[Rhythm, ...] = ("weekly", "twice a week", "irregular")
_WEEK = 7
_OPTION = "sample"
_PROPOSED: tuple[Template, ...] = ("assignment_proposed", "shift_proposed")
_AGREED: tuple[Template, ...] = ("assignment_accepted", "shift_accepted", "assignment_reminder")
_NEWS: tuple[Template, ...] = ("helper_sign_in", "helper_alarm", "helper_welcome")
_ABOUT_NO_SESSION = {"helper_handed_over", "helper_register_note", "helper_sign_in", "helper_welcome"}


def _deadline(standing: str) -> timedelta | None:
    return _SOON if standing == "offered" else None


def _persons(persons: int, **more: object) -> Parameters:
    return Parameters.model_validate({"persons": persons, **more})


def _single() -> Iterator[Case]:
    """Of one booking, as it comes, changes and goes."""
    for by in ("sms", "email", "proxy"):
        for template in ("confirmed", "accepted", "moved"):
            yield Case(template=template, by=by)
            yield Case(template=template, online=True, by=by)
    yield Case(template="queued", parameters=_persons(1, position=2), standing="queued", by="email")
    yield Case(template="offered", standing="offered", answer_in=_SOON, by="email")
    yield Case(template="queued", parameters=_persons(1, position=_FAR_BEHIND), standing="queued")
    yield Case(template="queued", parameters=_persons(1, position=3), standing="queued")
    for answer_in in (_SOON, _FAR):
        yield Case(template="offered", standing="offered", answer_in=answer_in, ahead=timedelta(days=20))
    yield Case(template="offer_expired", parameters=_persons(1, was="offered"), standing="expired")
    yield Case(template="declined", parameters=_persons(1, was="offered"), standing="declined")
    for ahead in (timedelta(hours=3), timedelta(hours=26), timedelta(days=3)):
        for reconfirm in (False, True):
            yield Case(template="reminder", parameters=_persons(1, reconfirm=reconfirm), ahead=ahead)
    for standing in _LIVE:
        for persons in _COUNTS:
            yield Case(
                template="shrunk", parameters=_persons(persons), standing=standing, answer_in=_deadline(standing)
            )
        yield Case(template="code_again", standing=standing, answer_in=_deadline(standing))
        for changed in (("time",), ("place",), ("place", "time")):
            parameters = _persons(1, changed=changed)
            yield Case(template="rescheduled", parameters=parameters, standing=standing, answer_in=_deadline(standing))
    yield Case(template="code_again", standing="offered")
    yield Case(template="rescheduled", parameters=_persons(1, changed=("time",)), standing="offered")


def _announced() -> Iterator[Case]:
    """What staff tell everybody of a session."""
    for announcement in get_args(Announcement):
        for standing in _LIVE:
            parameters = _persons(1, announcement=announcement)
            yield Case(template="announced", parameters=parameters, standing=standing, answer_in=_deadline(standing))


def _over() -> Iterator[Case]:
    """Of a booking's end."""
    for by in ("visitor", "staff"):
        for was in _LIVE:
            yield Case(template="cancelled", parameters=_persons(1, by=by, was=was), standing="cancelled")
    for was in _LIVE:
        yield Case(template="session_cancelled", parameters=_persons(1, was=was), standing="cancelled")
    for following in ("here", "elsewhere"):
        yield Case(template="session_cancelled", standing="cancelled", following=following)


def _series() -> Iterator[Case]:
    """Of several dates that were booked together."""
    for dates in _COUNTS:
        yield Case(template="series_booked", dates=dates)
    for later in range(_WEEK):
        yield Case(template="series_booked", dates=_MOST_DATES, later=later)
    for rhythm in _RHYTHMS:
        for refused in (1, 2, 12):
            parameters = _persons(1, refused=tuple(UUID(int=number) for number in range(refused)))
            yield Case(template="series_booked", parameters=parameters, dates=_MOST_DATES, rhythm=rhythm)
        for dates in (1, _MOST_DATES):
            for changed in _CHANGES:
                parameters = _persons(1, changed=changed)
                yield Case(template="series_rescheduled", parameters=parameters, dates=dates, rhythm=rhythm)
            for by in ("visitor", "staff"):
                parameters = _persons(1, by=by)
                yield Case(
                    template="series_cancelled", parameters=parameters, standing="cancelled", dates=dates, rhythm=rhythm
                )
    for refused in (1, 3):
        parameters = _persons(1, refused=tuple(UUID(int=number) for number in range(refused)))
        yield Case(template="series_booked", parameters=parameters, dates=3, refused_known=False)
    yield Case(template="series_booked", dates=3, by="email")


def _helped() -> Iterator[Case]:
    """Of the volunteer who helps somebody."""
    yield Case(template="helper_found")
    yield Case(template="helper_missing")
    for following in ("here", "elsewhere"):
        yield Case(template="helper_missing", following=following)


def _helping() -> Iterator[Case]:
    """To those who help."""
    wishes = {"topic": _OPTION, "help_language": _OPTION}
    for template in _PROPOSED:
        for stand_in in (False, True):
            for answer_in in (_SOON, _FAR):
                yield Case(
                    template=template,
                    parameters=_persons(1, stand_in=stand_in, **wishes),
                    answer_in=answer_in,
                    ahead=timedelta(days=20),
                )
        yield Case(template=template, answer_in=_SOON, ahead=timedelta(days=20))
    yield Case(template="shift_proposed", answer_in=_SOON, following="here")
    for template in _AGREED:
        yield Case(template=template, parameters=_persons(1, **wishes))
    for changed in _CHANGES:
        yield Case(template="assignment_rescheduled", parameters=_persons(1, changed=changed))
    for why in get_args(AssignmentEnding.model_fields["why"].annotation):
        yield Case(template="assignment_released", parameters=_persons(1, why=why))
    yield Case(template="assignment_declined", parameters=_persons(1, why="staff"))
    yield Case(template="shift_cancelled", parameters=_persons(1, why="ill"))
    for count in _COUNTS:
        yield Case(template="helper_handed_over", parameters=_persons(1, count=count))
    yield Case(template="helper_register_note", parameters=_persons(1, day=_TUESDAY.date()))
    for template in _NEWS:
        yield Case(template=template)


_TO_HELPERS: Sequence[Case] = (*_helping(), *(replace(case, by="email") for case in _helping()))

CASES: Sequence[Case] = (*_single(), *_announced(), *_over(), *_series(), *_helped(), *_TO_HELPERS)


def tellings(language: str, names: Names, zone: ZoneInfo, catalogs: Catalogs) -> Iterator[Telling | HelperTelling]:
    """Every case in one language, with these names and these words."""
    return (telling(case, language, names, zone, catalogs) for case in CASES)


def telling(case: Case, language: str, names: Names, zone: ZoneInfo, catalogs: Catalogs) -> Telling | HelperTelling:
    """A case in one language, with these names and these words."""
    session = _later(sample_session(language, names, online=case.online), zone, timedelta(days=case.later))
    now = session.starts_at - case.ahead
    refused = range(len(case.parameters.refused) if case.refused_known else 0)
    contact = Contact(
        ref=NOBODY,
        name=SAMPLE_NAME,
        phone=None if case.by == "email" else _NUMBER,
        email="sara@example.org",
        by=case.by,
        code=SAMPLE_CODE,
        language=language,
        answer_by=case.answer_in and now + case.answer_in,
    )
    public_url = "https://plats.example.org" if case.by == "sms" else ""
    if case in _TO_HELPERS:
        return HelperTelling(
            template=case.template,
            parameters=case.parameters,
            session=None if case.template in _ABOUT_NO_SESSION else session,
            given=_following(session, case, zone),
            contact=contact,
            zone=zone,
            public_url=public_url,
            now=now,
            catalogs=catalogs,
        )
    return Telling(
        template=case.template,
        parameters=case.parameters,
        standing=case.standing,
        session=session,
        contact=contact,
        zone=zone,
        public_url=public_url,
        now=now,
        next_session=_following(session, case, zone),
        dates=[Date(booking_id=NOBODY, revision=1, session=one) for one in _dates(session, case, zone)],
        refused=[_later(session, zone, timedelta(weeks=case.dates + week)) for week in refused],
        catalogs=catalogs,
    )


def _question(id_: str, swedish: str, english: str) -> Question:
    """A question with one answer."""
    option = Option(id=_OPTION, labels={"sv": swedish, "en": english})
    return Question(id=id_, type="choice", labels={"sv": id_}, options=(option,))


@cache
def sample_session(language: str, names: Names, *, online: bool = False) -> SessionState:
    """A session whose names are like that: with the longest on the day that takes most letters to write."""
    titles = dict(zip(("sv", "en"), _TITLES[names], strict=True))
    starts_at = _longest_day(language) if names == "longest" else _TUESDAY
    return SessionState(
        session_id=NOBODY,
        revision=1,
        kind="homework_help",
        activity_id=NOBODY,
        titles=titles,
        sms_titles=titles,
        place="online" if online else "branch",
        branch=_LONGEST if names == "longest" else _USUAL,
        room="" if names == "longest" else "Rum 2",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        mode="booking",
        capacity=Capacity(seats=12),
        counts="persons",
        policies=Policies(ask=tuple(_question(id_, *labels) for id_, labels in _WISHES[names].items())),
        meeting=Meeting(link="https://moten.example.org/j/123456789", number="123 456 789") if online else None,
    )


def _longest_day(language: str) -> datetime:
    days = [datetime(2028, 1, 1, 16, tzinfo=UTC) + timedelta(days=day) for day in range(366)]
    written = CATALOGS[language]
    return max(days, key=lambda day: len(written.day(day.date(), ZoneInfo("UTC"))))


def _following(session: SessionState, case: Case, zone: ZoneInfo) -> SessionState | None:
    if case.following is None:
        return None
    then = _later(session, zone, timedelta(weeks=1))
    if case.following == "here":
        return then
    return then.model_copy(update={"branch": session.branch.model_copy(update=_ELSEWHERE)})


def _dates(session: SessionState, case: Case, zone: ZoneInfo) -> Iterator[SessionState]:
    for number in range(case.dates):
        match case.rhythm:
            case "weekly":
                after = timedelta(weeks=number)
            case "twice a week":
                after = timedelta(weeks=number // 2, days=3 * (number % 2))
            case _:
                after = timedelta(weeks=number, hours=number % 2)
        yield _later(session, zone, after)


def _later(session: SessionState, zone: ZoneInfo, after: timedelta) -> SessionState:
    """The same so much later by the clock on the wall."""
    starts_at = (session.starts_at.astimezone(zone) + after).astimezone(UTC)
    ends_at = starts_at + (session.ends_at - session.starts_at)
    return session.model_copy(update={"starts_at": starts_at, "ends_at": ends_at})
