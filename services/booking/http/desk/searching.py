"""Finding somebody at the desk by what they have with them: a code, a name, a phone."""

from datetime import datetime, time, timedelta, tzinfo
from typing import Annotated, Literal
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, StringConstraints

from services.booking import queries
from services.booking.http.api import HOURS, Party, ReachView, State, api
from services.booking.http.desk.permitted import BranchId, at_branch
from services.booking.store import tickets
from shared import audit, codes
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem

_AT_MOST = 20
_LETTERS, _DIGITS = 2, 3
"""Fewer find too many to choose from."""

_WHOLE_NUMBER = 8
"""Digits from which a leading 0 is that of a whole number at home, which is kept without."""


class Search(Strict):
    """What to look for, and in which library."""

    branch: BranchId
    q: Annotated[str, StringConstraints(max_length=60)]


class FoundBooking(Model):
    """A booking, as far as one needs it to choose the right one."""

    id: UUID
    session_id: UUID
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    code: str
    name: str
    reach: ReachView
    language: str
    party: Party
    seats: int
    state: State
    answer_by: AwareDatetime | None
    """Until when a seat that is offered may be accepted; none until the person was told of it."""
    attendance: Literal["came", "excused", "late_cancel", "no_show", "revoked"] | None

    @classmethod
    def of(cls, one: queries.FoundBooking) -> "FoundBooking":
        """Show a booking to staff."""
        return cls(
            id=one.id,
            session_id=one.session_id,
            starts_at=one.starts_at,
            ends_at=one.ends_at,
            code=codes.shown(one.code),
            name=one.name,
            reach=ReachView(by=one.reach.by, hint=one.reach.hint),
            language=one.language,
            party=Party(adults=one.adults, children=one.children),
            seats=one.seats,
            state=one.state,
            answer_by=one.answer_by,
            attendance=one.attendance,
        )


class Found(Model):
    """Those it may be, the first session first; at most twenty."""

    items: list[FoundBooking]
    next: None = None


@api.post("/v1/desk/search", problems=("unauthorized", "forbidden", "invalid"))
async def search(request: web.Request, body: Search) -> Found:
    """Find bookings by code, by the beginning of a name, or by a phone's last digits (staff of the branch).

    In sessions of yesterday, of today and to come; a whole code also finds what is over, after all others. Names and
    numbers do not belong into an address, so they are posted.
    That somebody looked is kept in the audit; for what, is not.
    """
    staff = await at_branch(request, body.branch)
    sought = _sought(body.q)

    async def work(conn: Connection) -> Found:
        await audit.note(conn, staff, "searched", "branch", body.branch, branch=body.branch)
        since = await _yesterday(conn, request.app[HOURS].zone)
        found = await queries.found(conn, body.branch, sought, since, _AT_MOST)
        return Found(items=[FoundBooking.of(one) for one in found])

    return await request.app[DATABASE].transact(work)


def _sought(text: str) -> queries.Sought:
    """What somebody may mean.

    Raises:
        Problem: 422 for what finds too many, or nobody.
    """
    typed = codes.ascii_digits(text)
    digits = "".join(sign for sign in typed if sign.isdecimal())
    wanted = queries.Sought(
        code=codes.read(text),
        name=" ".join(text.replace("-", " ").split()) if len(codes.letters(text)) >= _LETTERS else None,
        digits=_last(digits) if len(digits) >= _DIGITS and not any(sign.isalpha() for sign in typed) else None,
    )
    if wanted == queries.Sought():
        detail = f"write a code, {_LETTERS} letters of a name, or the last {_DIGITS} digits of a phone number"
        raise Problem("invalid", 422, "There is nothing to look for in this", detail=detail, field="q")
    return wanted


def _last(digits: str) -> str:
    return digits.removeprefix("0") if len(digits) >= _WHOLE_NUMBER else digits


async def _yesterday(conn: Connection, zone: tzinfo) -> datetime:
    """The midnight that yesterday began with, where the libraries are."""
    return datetime.combine(await tickets.today(conn, zone) - timedelta(days=1), time(), zone)
