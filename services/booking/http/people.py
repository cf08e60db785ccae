"""What is known about a person is shown or erased when they ask. Who did that is kept, with ids only."""

from typing import Any
from uuid import UUID

from aiohttp import web
from pydantic import Field

from services.booking.http.api import api
from services.booking.http.desk.permitted import IDENTITY
from services.booking.reach import InvalidEmail, InvalidPhone, Reach, reach
from services.booking.usecases import privacy
from shared import audit, codes
from shared.auth import Staff, forbidden
from shared.db import Connection
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import Problem


class Who(Strict):
    """By what somebody is found: one of these."""

    phone: str | None = Field(default=None, max_length=40)
    email: str | None = Field(default=None, max_length=254)
    code: str | None = Field(default=None, max_length=40)

    def found_by(self) -> str:
        """Which of them it is.

        Raises:
            Problem: 422 where it is none, or several.
        """
        given = [name for name in ("phone", "email", "code") if getattr(self, name)]
        if len(given) != 1:
            raise Problem("invalid", 422, "Say who", detail="a phone, an email or a code, one of them", field="phone")
        return given[0]

    def reach(self) -> Reach | None:
        """How they are reached, where that is by what they are found.

        Raises:
            Problem: 422 for no number, or no address.
        """
        try:
            if self.phone:
                return reach("call", self.phone, None)
            return reach("email", None, self.email) if self.email else None
        except InvalidPhone as error:
            raise Problem("invalid-phone", 422, "This is no number", detail=str(error), field="phone") from error
        except InvalidEmail as error:
            raise Problem("invalid-email", 422, "This is no address", detail=str(error), field="email") from error


class Known(Model):
    """Everything that booking keeps about somebody, a piece for each booking, as it is kept.

    What they were told, and when, is in notify's log of messages: ``./plats person show`` shows both.
    """

    items: list[dict[str, Any]]
    next: None = None


class Erased(Model):
    """What was erased."""

    bookings: list[UUID]
    """Whose they were nobody can tell any more; none where nobody was known."""


async def _administrator(request: web.Request) -> Staff:
    staff = await request.app[IDENTITY].staff(request)
    if staff.role != "admin":
        raise forbidden("only administrators see or erase all that is known about a person")
    return staff


async def _find(conn: Connection, staff: Staff, action: str, body: Who) -> list[UUID]:
    by = body.found_by()
    refs = await privacy.find(conn, body.reach(), codes.read(body.code) if body.code else None)
    for ref in refs:
        await audit.note(conn, staff, action, "person", ref, branch=None, fields=(by,))
    return refs


_PROBLEMS = ("unauthorized", "forbidden", "invalid", "invalid-phone", "invalid-email")


@api.post("/v1/people/show", problems=_PROBLEMS)
async def show_person(request: web.Request, body: Who) -> Known:
    """Show everything that is kept about whoever has this number, address or code (administrators)."""
    staff = await _administrator(request)

    async def work(conn: Connection) -> Known:
        return Known(items=await privacy.show(conn, await _find(conn, staff, "shown", body)))

    return await request.app[DATABASE].transact(work)


@api.post("/v1/people/erase", problems=_PROBLEMS)
async def erase_person(request: web.Request, body: Who) -> Erased:
    """Erase whoever has this number, address or code, and give back what they have coming (administrators).

    A number may be a whole family's: look first. Doing it again changes nothing.
    """
    staff = await _administrator(request)
    database = request.app[DATABASE]
    refs = await database.transact(lambda conn: _find(conn, staff, "erased", body))
    return Erased(bookings=list(await privacy.erase(database, refs)))
