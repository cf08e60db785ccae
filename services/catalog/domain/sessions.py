"""How a session may be offered, and what may become of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Literal, TypeAlias
from uuid import UUID

from services.catalog.domain.activities import Activity
from services.catalog.domain.booking_times import check_booking_times
from services.catalog.domain.changes import Nothing, changed_by
from services.catalog.domain.meetings import Meeting, check_meeting
from services.catalog.domain.refusals import Closed, Invalid
from services.catalog.domain.terms import Terms, TermsChange, adapted

Place: TypeAlias = Literal["branch", "online", "outreach"]
Status: TypeAlias = Literal["draft", "published", "withdrawn", "cancelled"]
CancelReason: TypeAlias = Literal["illness", "staff", "premises", "too_few", "other"]

LONGEST = timedelta(hours=24)
FURTHEST_AHEAD = timedelta(days=730)
"""Sessions are planned term by term; a later year is a slip of the finger."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Session:
    """One occasion, as it is kept."""

    id: UUID
    revision: int = 1
    status: Status
    activity_id: UUID
    branch_id: str
    place: Place
    room: str
    host: str = ""
    """Who of the staff holds it, for colleagues only."""
    starts_at: datetime
    ends_at: datetime
    terms: Terms
    theme: Mapping[str, str] = field(default_factory=dict)
    """What this occasion is about, if each has its own subject."""
    meeting: Meeting | None = None
    cancel_reason: CancelReason | None = None
    struck_out: bool = False
    """Called off while it was on offer: still listed, for those who would come."""
    series_id: UUID | None = None
    """The series it is a date of."""
    series_date: date | None = None
    """The local date it came from, wherever it was moved since."""
    sitting_id: UUID | None = None
    """What it is a slot of."""
    helpers: int | None = None
    """How many help, where the seats depend on it; None is not known yet."""
    opens_at: datetime | None = None
    """From when newcomers may book; None: always."""
    closes_at: datetime | None = None
    """From when they may no longer; None: the start."""
    closed: bool = False
    """Staff wrote down how it went: it is not changed any more."""

    @property
    def seats_offered(self) -> int:
        """The seats there are: what staff set, but no more than there are helpers where they make the seats."""
        if self.terms.capacity_from == "session" or self.helpers is None:
            return self.terms.seats
        return min(self.terms.seats, self.helpers)

    @property
    def walk_in_offered(self) -> int:
        """How many of the seats there are are kept for walk-ins."""
        return min(self.terms.walk_in, self.seats_offered)


@dataclass(frozen=True, kw_only=True, slots=True)
class NewSession:
    """An occasion somebody wants to offer; what is None comes from the activity."""

    id: UUID
    activity_id: UUID
    branch_id: str
    starts_at: datetime
    ends_at: datetime | None = None
    place: Place = "branch"
    room: str = ""
    host: str = ""
    status: Literal["draft", "published"] = "published"
    terms: TermsChange = field(default_factory=TermsChange)
    theme: Mapping[str, str] = field(default_factory=dict)
    meeting: Meeting | None = None
    helpers: int | None = None
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    series_id: UUID | None = None
    series_date: date | None = None
    sitting_id: UUID | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionChange:
    """What somebody wants different about a session; None is as it was, NOTHING takes a value away."""

    activity_id: UUID | None = None
    branch_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: Place | None = None
    room: str | None = None
    host: str | None = None
    """Empty is nobody any more."""
    status: Literal["draft", "published", "withdrawn"] | None = None
    theme: Mapping[str, str] | None = None
    """Empty takes it away."""
    meeting: Meeting | None = None
    helpers: int | Nothing | None = None
    opens_at: datetime | Nothing | None = None
    closes_at: datetime | Nothing | None = None


def planned(new: NewSession, activity: Activity, now: datetime) -> Session:
    """The session that a wish and its activity make.

    Raises:
        Invalid: it would start in the past, end before it starts, its theme or meeting is not one, or its terms
            contradict each other.
    """
    _check_start(new.starts_at, now)
    session = Session(
        id=new.id,
        status=new.status,
        activity_id=activity.id,
        branch_id=new.branch_id,
        place=new.place,
        room=new.room,
        host=new.host,
        starts_at=new.starts_at,
        ends_at=new.ends_at or new.starts_at + timedelta(minutes=activity.minutes),
        terms=adapted(activity.terms, new.terms),
        theme=new.theme,
        meeting=new.meeting,
        helpers=new.helpers,
        opens_at=new.opens_at,
        closes_at=new.closes_at,
        series_id=new.series_id,
        series_date=new.series_date,
        sitting_id=new.sitting_id,
    )
    _check_end(session, now)
    _check_contents(session)
    return session


def _check_start(starts_at: datetime, now: datetime) -> None:
    if starts_at <= now:
        raise Invalid("the start is in the past", "starts_at")
    if starts_at > now + FURTHEST_AHEAD:
        raise Invalid("the start is more than two years ahead", "starts_at")


def _check_end(session: Session, now: datetime) -> None:
    if session.ends_at <= session.starts_at:
        raise Invalid("the end is not after the start", "ends_at")
    if session.ends_at - session.starts_at > LONGEST:
        raise Invalid("a session lasts at most 24 hours", "ends_at")
    if session.ends_at <= now:
        raise Invalid("the end is in the past", "ends_at")


def _check_contents(session: Session) -> None:
    """Check what does not hang on the present time."""
    _check_theme(session.theme)
    _check_meeting(session)
    _check_helpers(session)
    check_booking_times(session.terms.mode, session.starts_at, session.opens_at, session.closes_at)


def _check_theme(theme: Mapping[str, str]) -> None:
    if theme and not theme.get("sv"):
        raise Invalid("a Swedish text (sv) is needed", "theme")


def _check_meeting(session: Session) -> None:
    if session.meeting is None:
        return
    if session.place != "online":
        raise Invalid("only an online session has a meeting", "meeting")
    check_meeting(session.meeting)


def _check_helpers(session: Session) -> None:
    if session.helpers is not None and session.terms.capacity_from == "session":
        raise Invalid("helpers make the seats only where capacity_from is staffing", "helpers")


def changed(session: Session, change: SessionChange, terms: TermsChange, now: datetime) -> Session:
    """The session with a change made, its revision raised; the same object when nothing differs.

    A start that moves alone takes the end with it. What has no use any more goes unless asked for: the meeting of a
    session that is online no more, helpers that do not make the seats, times of booking where nobody books, and a
    close of booking that the start comes before.

    Raises:
        Closed: it is cancelled, closed or over, or its start would move although it has begun.
        Invalid: the change breaks a rule.
    """
    _check_open(session, now)
    if change.starts_at and not change.ends_at:
        change = replace(change, ends_at=change.starts_at + (session.ends_at - session.starts_at))
    result = replace(changed_by(session, change), terms=adapted(session.terms, terms))
    result = _without_what_has_no_use(result, change)
    if result == session:
        return session
    _check_status(session, result)
    if result.starts_at != session.starts_at:
        if session.starts_at <= now:
            raise Closed("the session has begun, its start cannot move", "starts_at")
        _check_start(result.starts_at, now)
    _check_end(result, now)
    _check_contents(result)
    return replace(result, revision=session.revision + 1)


def _without_what_has_no_use(session: Session, change: SessionChange) -> Session:
    if session.place != "online" and change.meeting is None:
        session = replace(session, meeting=None)
    if session.terms.capacity_from == "session" and change.helpers is None:
        session = replace(session, helpers=None)
    drop_in = session.terms.mode == "drop_in"
    if drop_in and change.opens_at is None:
        session = replace(session, opens_at=None)
    late = session.closes_at is not None and session.closes_at >= session.starts_at
    if (drop_in or late) and change.closes_at is None:
        session = replace(session, closes_at=None)
    return session


def _check_open(session: Session, now: datetime) -> None:
    if session.status == "cancelled":
        raise Closed("the session is cancelled")
    if session.closed:
        raise Closed("the session is closed: how it went is written down")
    if session.ends_at <= now:
        raise Closed("the session is over")


def _check_status(before: Session, after: Session) -> None:
    if after.status == "withdrawn" and before.status == "draft":
        raise Invalid("a draft was never published, so it cannot be withdrawn", "status")
    if after.status == "draft" and before.status != "draft":
        raise Invalid("a session that was published cannot become a draft again; withdraw it", "status")
    if after.status == "withdrawn" and replace(after, status=before.status) != before:
        raise Invalid("people who keep their seats would not hear of the change; publish the session", "status")


def cancelled(session: Session, reason: CancelReason, now: datetime) -> Session:
    """The session as it will not be held; the same object when it was cancelled before.

    Raises:
        Closed: it is over, or closed.
    """
    if session.status == "cancelled":
        return session
    _check_open(session, now)
    return replace(
        session,
        status="cancelled",
        cancel_reason=reason,
        struck_out=session.status == "published",
        revision=session.revision + 1,
    )
