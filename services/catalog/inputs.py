"""What clients ask and send: the models of queries and bodies."""

import unicodedata
from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

from services.catalog.domain import SMS_CHARACTERS, BookedBy, CancelReason, Counts, Mode, Place
from services.catalog.kinds import KINDS, Audience
from services.catalog.search import is_language
from shared.models import Strict


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no such kind; there are {', '.join(KINDS)}")
    return kind


def _known_language(tag: str) -> str:
    if not is_language(tag):
        raise ValueError("no language that has a name in CLDR has that tag; Kurdish is `ku`, Dari `prs`")
    return tag


def _with_swedish(texts: dict[str, str]) -> dict[str, str]:
    if "sv" not in texts:
        raise ValueError("a Swedish text (sv) is needed")
    return texts


def _with_swedish_if_any(texts: dict[str, str]) -> dict[str, str]:
    return _with_swedish(texts) if texts else texts


def _listed(given: object) -> object:
    """One value of a parameter that may be given several times."""
    return [given] if isinstance(given, str) else given


def _from_number(capacity: object) -> object:
    return {"seats": capacity} if isinstance(capacity, int) else capacity


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Persian and Indic words are spelled with them."""


def _visible(text: str) -> str:
    if any(unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS for sign in text):
        raise ValueError("control and format characters do not fit")
    return text


def _visible_lines(text: str) -> str:
    return "\n".join(_visible(line) for line in text.split("\n"))


def _in_plain_sms(text: str) -> str:
    if not SMS_CHARACTERS.issuperset(text):
        raise ValueError("only the letters and signs of plain SMS (GSM-7) fit")
    return text


Line = Annotated[str, AfterValidator(_visible)]
"""Text on one line, with nothing in it that cannot be seen or turns the line around."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Spoken = Annotated[LanguageTag, AfterValidator(_known_language)]
"""A language that something is held in."""
KindId = Annotated[str, AfterValidator(_known_kind)]
Title = Annotated[Line, Field(min_length=1, max_length=80)]
SmsTitle = Annotated[str, Field(min_length=1, max_length=14), AfterValidator(_in_plain_sms)]
Summary = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_visible_lines)]
Texts = dict[LanguageTag, Annotated[Line, Field(min_length=1, max_length=200)]]
"""A sentence or two in some languages; none at all is fine."""
TextsWithSwedish = Annotated[Texts, AfterValidator(_with_swedish_if_any)]
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
LocalDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class CapacityBody(Strict):
    """Seats as staff set them: ``seats`` includes the ``walk_in`` reserve; ``queue`` is the waiting list's length."""

    seats: Count | None = None
    walk_in: Count | None = None
    queue: Count | None = None


CapacityField = Annotated[CapacityBody, BeforeValidator(_from_number, json_schema_input_type=Count | CapacityBody)]
"""A number of seats, or all three."""


class PageQuery(Strict):
    """Which page of a list."""

    cursor: Annotated[str, Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=1, le=100)] = 50


class PlacesQuery(Strict):
    """What somebody typed for a place."""

    q: Annotated[Line, Field(min_length=1, max_length=100)]


class WishesQuery(Strict):
    """What somebody looks for in the programme."""

    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    to: LocalDate | None = None
    branch: Slug | None = None
    near: Annotated[Line, Field(max_length=100)] = ""
    place: Place | None = None
    kind: KindId | None = None
    audience: Audience | None = None
    language: Spoken | None = None
    q: Annotated[Line, Field(max_length=100)] = ""
    free: bool = False


class SessionsQuery(PageQuery, WishesQuery):
    """What somebody looks for, and which page of it: by number, or by the cursor of the page before."""

    page: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    activity: UUID | None = None
    cancelled: bool = False


class AvailabilityQuery(Strict):
    """The sessions whose seats are asked for; named several times, one each."""

    session: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100), BeforeValidator(_listed)]


class BranchCalendarQuery(Strict):
    """Which part of a branch's programme a calendar shows, and the language of its texts."""

    kind: KindId | None = None
    lang: LanguageTag = "sv"


class CalendarQuery(BranchCalendarQuery):
    """Which part of the programme a calendar shows, and the language of its texts."""

    branch: Slug | None = None
    language: Spoken | None = None


class ActivityBody(Strict):
    """A new activity; what is left out comes from its kind."""

    kind: KindId
    titles: Annotated[dict[LanguageTag, Title], AfterValidator(_with_swedish)]
    sms_titles: Annotated[dict[LanguageTag, SmsTitle], AfterValidator(_with_swedish)] | None = None
    summaries: dict[LanguageTag, Summary] = Field(default_factory=dict)
    audiences: TextsWithSwedish = Field(default_factory=dict)
    """Who it is for, where that is narrower than its kind."""
    bring: TextsWithSwedish = Field(default_factory=dict)
    """What to have along, where it is not what its kind says."""
    led_by: TextsWithSwedish = Field(default_factory=dict)
    """Whom one meets there: a role or an organisation, never a person's name."""
    languages: Annotated[tuple[Spoken, ...], Field(max_length=20)] = ("sv",)
    level: Annotated[str, Field(pattern=r"^[ABC][12](-[ABC][12])?$")] | None = None
    minutes: Annotated[int, Field(strict=True, ge=1, le=1440)] | None = None
    mode: Mode | None = None
    counts: Counts | None = None
    party_max: Annotated[int, Field(strict=True, ge=1, le=100)] | None = None
    children: bool | None = None
    booked_by: BookedBy | None = None
    late_cancel_hours: Annotated[int, Field(strict=True, ge=0, le=720)] | None = None
    fill_from_hours: Annotated[int, Field(strict=True)] | None = None
    """From so long before the start a seat goes to the first party of the waiting list that fits, not only to its
    head."""
    offer_minutes: Annotated[int, Field(strict=True)] | None = None
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: Annotated[int, Field(strict=True)] | None = None
    """How long before the start people are reminded, by the clock on the wall; 0 is never."""
    reconfirm: bool | None = None
    """Whether the reminder of a full session asks everybody to say that they come."""
    capacity: CapacityField = CapacityBody()


class MeetingBody(Strict):
    """How one gets into an online session; only those who have a seat are told."""

    link: Annotated[Line, Field(min_length=1)]
    number: Line = ""


class NewSessionBody(Strict):
    """A new session; capacity, mode and length, where left out, come from the activity."""

    activity_id: UUID
    branch_id: Slug
    starts_at: AwareDatetime
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place = "branch"
    room: Annotated[Line, Field(max_length=60)] = ""
    status: Literal["draft", "published"] = "published"
    theme: TextsWithSwedish = Field(default_factory=dict)
    """What this occasion is about, where each has a subject of its own."""
    meeting: MeetingBody | None = None


class SessionPatch(Strict):
    """What shall be different about a session; what is left out stays."""

    activity_id: UUID | None = None
    branch_id: Slug | None = None
    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    capacity: CapacityField = CapacityBody()
    mode: Mode | None = None
    place: Place | None = None
    room: Annotated[Line, Field(max_length=60)] | None = None
    status: Literal["draft", "published", "withdrawn"] | None = None
    theme: TextsWithSwedish | None = None
    """Empty takes it away."""
    meeting: MeetingBody | None = None
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The revision this change was made from; another present one is refused."""


class CancelBody(Strict):
    """Why a session will not be held."""

    reason: CancelReason
