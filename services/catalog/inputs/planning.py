from typing import Annotated, Literal
from uuid import UUID

from pydantic import AwareDatetime, BeforeValidator, Field

from services.catalog.domain import MOST_DATES, Place, Status
from services.catalog.inputs.fields import Host, Line, LocalDate, Slug, listed
from shared.models import Strict


class PlannedQuery(Strict):
    """Which days of the plan, both included, and of which library; left out: all where one works."""

    branch: Slug | None = None
    from_: Annotated[LocalDate, Field(alias="from")]
    to: LocalDate


class PlannedSessionsQuery(PlannedQuery):
    """Which sessions of the plan, and which page of them."""

    status: Annotated[tuple[Status, ...], Field(max_length=4), BeforeValidator(listed)] = ()
    """Named several times, one each; left out: all."""
    activity: UUID | None = None
    series: UUID | None = None
    cursor: Annotated[str, Field(max_length=100)] | None = None
    limit: Annotated[int, Field(ge=1, le=500)] = 200


class TimeBody(Strict):
    """From when until when."""

    starts_at: AwareDatetime
    ends_at: AwareDatetime


class ConflictsBody(Strict):
    """What somebody thinks of planning."""

    branch_id: Slug
    place: Place = "branch"
    room: Annotated[Line, Field(max_length=60)] = ""
    host: Host = ""
    times: Annotated[tuple[TimeBody, ...], Field(min_length=1, max_length=MOST_DATES)]
    besides: Annotated[tuple[UUID, ...], Field(max_length=MOST_DATES)] = ()
    """Sessions that are in nobody's way, as they are the ones to be changed."""


class TermCopyBody(Strict):
    """Which days were a term, both included, and which ones shall be like them."""

    from_: Annotated[LocalDate, Field(alias="from")]
    to: LocalDate
    first: LocalDate
    last: LocalDate
    series: Annotated[tuple[UUID, ...], Field(max_length=MOST_DATES)] | None = None
    """Left out: all that have a date in that term."""
    status: Literal["draft", "published"] = "published"
    preview: bool = False
    """Nothing is kept."""
