from typing import Annotated
from uuid import UUID

from pydantic import BeforeValidator, Field

from services.catalog.domain import Place
from services.catalog.inputs.fields import KindId, LanguageTag, Line, LocalDate, Slug, Spoken, listed
from services.catalog.kinds import Audience
from shared.models import Strict


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
    series: UUID | None = None
    sitting: UUID | None = None
    cancelled: bool = False


class AvailabilityQuery(Strict):
    """The sessions whose seats are asked for; named several times, one each."""

    session: Annotated[tuple[UUID, ...], Field(min_length=1, max_length=100), BeforeValidator(listed)]


class BranchCalendarQuery(Strict):
    """Which part of a branch's programme a calendar shows, and the language of its texts."""

    kind: KindId | None = None
    lang: LanguageTag = "sv"


class CalendarQuery(BranchCalendarQuery):
    """Which part of the programme a calendar shows, and the language of its texts."""

    branch: Slug | None = None
    language: Spoken | None = None
