"""The rules of the programme: how a session may be offered, and what may become of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit
from uuid import UUID

Place: TypeAlias = Literal["branch", "online", "outreach"]
Mode: TypeAlias = Literal["booking", "drop_in", "mixed"]
Counts: TypeAlias = Literal["persons", "children", "bookings"]
BookedBy: TypeAlias = Literal["anyone", "staff"]
Status: TypeAlias = Literal["draft", "published", "withdrawn", "cancelled"]
CancelReason: TypeAlias = Literal["illness", "staff", "premises", "too_few", "other"]

LONGEST = timedelta(hours=24)
FURTHEST_AHEAD = timedelta(days=730)
"""Sessions are planned term by term; a later year is a slip of the finger."""

_TYPED = re.compile(r"[0-9]+( [0-9]+)*")
LONGEST_LINK = 500
LONGEST_NUMBER = 24
"""Characters: room for any meeting program's number, and short enough for one SMS."""

SMS_CHARACTERS = frozenset(
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÅÄÖ abcdefghijklmnopqrstuvwxyzåäö 0123456789 !\"#%&'()*+,-./:;<=>?@_ "
    "ÆØÜÉÇÑß æøüàéèìòùñ £$¥¤§¡¿ ΓΔΘΛΞΠΣΦΨΩ"
)
"""What an SMS holds in one septet each (GSM-7, 3GPP TS 23.038), line breaks left out."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault: its class name becomes the problem type
    """What the rules do not allow; ``field`` names what is at fault in what was asked."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Invalid(Refusal):
    """A value that no session may have."""


class UnknownSession(Refusal):
    """There is no such session, or it is not public yet."""


class UnknownBranch(Refusal):
    """There is no such branch."""


class StaleRevision(Refusal):
    """Somebody else changed the session after it was read."""


class Closed(Refusal):
    """The session is over or cancelled; it cannot change any more."""


class Forbidden(Refusal):
    """The person's role does not reach this branch."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Terms:
    """How a session is booked. Copied as values from kind to activity to session, so each can differ and stay."""

    mode: Mode
    counts: Counts
    seats: int
    """In what ``counts`` says, the walk-in reserve included."""
    walk_in: int = 0
    """Seats kept for those who just come."""
    queue: int = 0
    """How many the waiting list holds."""
    party_max: int
    """Persons in one booking."""
    children: bool
    """Whether children are counted apart and may be booked."""
    late_cancel_hours: int = 24
    booked_by: BookedBy = "anyone"
    """Who takes the seats: anybody for themselves, or the library for those it has an agreement with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TermsChange:
    """What somebody wants different; None is as it was."""

    mode: Mode | None = None
    counts: Counts | None = None
    seats: int | None = None
    walk_in: int | None = None
    queue: int | None = None
    party_max: int | None = None
    children: bool | None = None
    late_cancel_hours: int | None = None
    booked_by: BookedBy | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """How one gets into an online session. Only those who have a seat learn it."""

    link: str
    """An https address, for mails and pages."""
    number: str = ""
    """What one types into the meeting program instead of following the link."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Activity:
    """What happens at sessions, in words and in the terms that new sessions start from."""

    id: UUID
    kind: str
    titles: Mapping[str, str]
    sms_titles: Mapping[str, str]
    summaries: Mapping[str, str]
    languages: tuple[str, ...]
    level: str | None
    minutes: int
    """How long a session lasts unless somebody says otherwise."""
    terms: Terms
    audiences: Mapping[str, str] = field(default_factory=dict)
    """Who it is for, where that is narrower than its kind says."""
    bring: Mapping[str, str] = field(default_factory=dict)
    """What to have along; without it, what its kind says."""
    led_by: Mapping[str, str] = field(default_factory=dict)
    """Who one meets there: a role or an organisation, never a person's name."""


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
    starts_at: datetime
    ends_at: datetime
    terms: Terms
    theme: Mapping[str, str] = field(default_factory=dict)
    """What this occasion is about, if each has its own subject."""
    meeting: Meeting | None = None
    cancel_reason: CancelReason | None = None


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
    status: Literal["draft", "published"] = "published"
    terms: TermsChange = TermsChange()
    theme: Mapping[str, str] = field(default_factory=dict)
    meeting: Meeting | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class SessionChange:
    """What somebody wants different about a session; None is as it was."""

    activity_id: UUID | None = None
    branch_id: str | None = None
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    place: Place | None = None
    room: str | None = None
    status: Literal["draft", "published", "withdrawn"] | None = None
    theme: Mapping[str, str] | None = None
    """Empty takes it away."""
    meeting: Meeting | None = None


R = TypeVar("R", Terms, Session)


def _with(record: R, change: TermsChange | SessionChange) -> R:
    wanted: dict[str, Any] = {field.name: getattr(change, field.name) for field in fields(change)}
    return replace(record, **{name: value for name, value in wanted.items() if value is not None})


def adapted(terms: Terms, change: TermsChange) -> Terms:
    """Terms with a change made; a reserve or queue that the new mode has no use for goes unless asked for.

    Raises:
        Invalid: the terms contradict each other.
    """
    result = _with(terms, change)
    if result.mode != "mixed" and change.walk_in is None:
        result = replace(result, walk_in=0)
    if result.mode == "drop_in" and change.queue is None:
        result = replace(result, queue=0)
    _check_terms(result)
    return result


def _check_terms(terms: Terms) -> None:
    if terms.walk_in and terms.mode != "mixed":
        raise Invalid("seats are kept for walk-ins only when the mode is mixed", "capacity.walk_in")
    if terms.walk_in > terms.seats:
        raise Invalid("more seats are kept for walk-ins than there are", "capacity.walk_in")
    if terms.queue and terms.mode == "drop_in":
        raise Invalid("nobody queues for a drop-in", "capacity.queue")
    if terms.counts == "children" and not terms.children:
        raise Invalid("seats are counted in children, so children must be allowed", "children")


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
        starts_at=new.starts_at,
        ends_at=new.ends_at or new.starts_at + timedelta(minutes=activity.minutes),
        terms=adapted(activity.terms, new.terms),
        theme=new.theme,
        meeting=new.meeting,
    )
    _check_end(session, now)
    _check_theme(session.theme)
    _check_meeting(session)
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


def _check_theme(theme: Mapping[str, str]) -> None:
    if theme and not theme.get("sv"):
        raise Invalid("a Swedish text (sv) is needed", "theme")


def _check_meeting(session: Session) -> None:
    meeting = session.meeting
    if meeting is None:
        return
    if session.place != "online":
        raise Invalid("only an online session has a meeting", "meeting")
    if not _is_https(meeting.link):
        raise Invalid(
            f"an address that begins with https:// fits, of at most {LONGEST_LINK} characters", "meeting.link"
        )
    if meeting.number and not _TYPED.fullmatch(meeting.number):
        raise Invalid("digits fit, in groups with one space between", "meeting.number")
    if len(meeting.number) > LONGEST_NUMBER:
        raise Invalid(f"at most {LONGEST_NUMBER} characters fit", "meeting.number")


def _is_https(link: str) -> bool:
    """Whether it is an address of the kind browsers show as secure, that leads where it seems to lead."""
    if len(link) > LONGEST_LINK or not link.isascii() or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        return link.startswith("https://") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:  # brackets or a port that are none
        return False


def changed(session: Session, change: SessionChange, terms: TermsChange, now: datetime) -> Session:
    """The session with a change made, its revision raised; the same object when nothing differs.

    A start that moves alone takes the end with it; a session that is online no more leaves its meeting behind.

    Raises:
        Closed: it is cancelled or over, or its start would move although it has begun.
        Invalid: the change breaks a rule.
    """
    _check_open(session, now)
    if change.starts_at and not change.ends_at:
        change = replace(change, ends_at=change.starts_at + (session.ends_at - session.starts_at))
    result = replace(_with(session, change), terms=adapted(session.terms, terms))
    if result.place != "online" and change.meeting is None:
        result = replace(result, meeting=None)
    if result == session:
        return session
    _check_status(session, result)
    if result.starts_at != session.starts_at:
        if session.starts_at <= now:
            raise Closed("the session has begun, its start cannot move", "starts_at")
        _check_start(result.starts_at, now)
    _check_end(result, now)
    _check_theme(result.theme)
    _check_meeting(result)
    return replace(result, revision=session.revision + 1)


def _check_open(session: Session, now: datetime) -> None:
    if session.status == "cancelled":
        raise Closed("the session is cancelled")
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
        Closed: it is over.
    """
    if session.status == "cancelled":
        return session
    _check_open(session, now)
    return replace(session, status="cancelled", cancel_reason=reason, revision=session.revision + 1)
