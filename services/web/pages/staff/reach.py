"""A number was wrong, or somebody wants to be reached in another way: staff correct it."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.faults import OTHER, Fault, typed
from services.web.pages.staff.about_session import session_of
from services.web.pages.staff.people import booking_id
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, services, to
from services.web.upstream import Listed, SessionPeople
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping
    from uuid import UUID

    from services.web.upstream import StaffSession

_WAYS = ("sms", "email", "call", "proxy", "none")
_HELPERS = ("relative", "teacher", "colleague")

_BY = msgid("Välj hur personen ska nås.")
_PHONE = msgid("Skriv ett svenskt telefonnummer, till exempel 070-174 06 05.")
_MOBILE = msgid("Skriv ett svenskt mobilnummer, till exempel 070-174 06 05. Sms kan inte gå till andra nummer.")
_EMAIL = msgid("Skriv en e-postadress, till exempel namn@exempel.se.")
_EITHER = msgid("Skriv numret eller adressen till den som hjälper.")
_WAITS = msgid("Den som väntar på en plats måste gå att nå.")
_ALREADY = msgid("Någon med samma namn och samma nummer eller adress har redan en plats här.")
_ERASED = msgid("Uppgifterna om personen är raderade.")


class Correction(Model):
    """How somebody is reached from now on, as it was typed."""

    by: str = ""
    phone: str = ""
    email: str = ""
    behalf_of: str = ""

    @classmethod
    def sent(cls, values: Mapping[str, str]) -> Correction:
        """What a form sent."""
        return cls(**{name: values.get(name, "")[:255] for name in cls.model_fields})

    def faults(self) -> list[Fault]:
        """What is missing. Booking knows numbers and addresses."""
        match self.by:
            case "sms" if not self.phone:
                return [Fault(field="phone", text=_MOBILE)]
            case "call" if not self.phone:
                return [Fault(field="phone", text=_PHONE)]
            case "email" if not self.email:
                return [Fault(field="email", text=_EMAIL)]
            case "proxy" if not self.phone and not self.email:
                return [Fault(field="phone", text=_EITHER)]
            case way if way not in _WAYS:
                return [Fault(field="by", text=_BY)]
        return []

    @property
    def body(self) -> dict[str, object]:
        """What booking is asked for; of what was typed only what belongs to the way that was chosen."""
        phone = self.by in {"sms", "call", "proxy"} and self.phone
        email = self.by in {"email", "proxy"} and self.email
        reach = {"by": self.by} | ({"phone": phone} if phone else {}) | ({"email": email} if email else {})
        helper = self.by == "proxy" and self.behalf_of in _HELPERS and self.behalf_of
        return {"reach": reach} | ({"behalf_of": helper} if helper else {})


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    reach = home + "/sessions/{session}/people/{booking}/reach"
    return [web.get(reach, asked), web.post(reach, corrected)]


async def asked(request: web.Request) -> web.Response:
    """``GET .../people/{booking}/reach``: how somebody is reached now, in a hint, and how they should be."""
    session, one = await person_of(request)
    form = Correction(by=one.reach.by if one.reach else "")
    return _page(request, session, one, form)


async def corrected(request: web.Request) -> web.Response:
    """``POST .../people/{booking}/reach``: from now on that way; what they must know goes there again."""
    session, one = await person_of(request)
    form = Correction.sent(await typed(request))
    faults = form.faults()
    if not faults:
        path = f"/v1/sessions/{session.id}/bookings/{one.id}/reach"
        try:
            await services(request).booking.send(None, "POST", path, json=form.body)
        except Problem as problem:
            faults = _refused(problem, form)
    if faults:
        return _page(request, session, one, form, faults)
    told = request[LANGUAGE].gettext(_DONE_WRITTEN if form.by in {"sms", "email", "proxy"} else _DONE)
    return to(request, f"/sessions/{session.id}/people#b-{one.id}", notice=notice(told))


_DONE = msgid("Sparat. Från och med nu gäller det nya.")
_DONE_WRITTEN = msgid("Sparat. Det personen behöver veta skickas dit på nytt, med koden.")


def _refused(problem: Problem, form: Correction) -> list[Fault]:
    """What booking says of it, beside the field.

    Raises:
        Problem: it is not the form that is wrong.
    """
    found = {
        "invalid-phone": Fault(field="phone", text=_PHONE if form.by == "call" else _MOBILE),
        "invalid-email": Fault(field="email", text=_EMAIL),
        "unreachable": Fault(field="by", text=_WAITS),
        "already-booked": Fault(field="by", text=_ALREADY),
        "unknown-booking": Fault(field=None, text=_ERASED),
        "not-by-proxy": Fault(field="by", text=_BY),
        "invalid": Fault(field=None, text=OTHER),
    }.get(problem.document.type)
    if found is None:
        raise problem
    return [found]


async def person_of(request: web.Request) -> tuple[StaffSession, Listed]:
    """Whom the address is about.

    Raises:
        Problem: 404; the session has no such booking, or its person was erased.
    """
    session = await session_of(request)
    id_: UUID = booking_id(request)
    people = await services(request).booking.get(SessionPeople, f"/v1/sessions/{session.id}/bookings")
    for one in people.items:
        if one.id == id_ and one.name is not None:
            return session, one
    raise Problem("unknown-booking", 404, "There is no such booking")


def _page(
    request: web.Request, session: StaffSession, one: Listed, form: Correction, faults: list[Fault] | None = None
) -> web.Response:
    context = {"session": session, "one": one, "form": form, "faults": faults or []}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/reach.html", context, status=status)
