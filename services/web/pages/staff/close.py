"""How a session went, as its staff say when it is over; and what was said, corrected."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.faults import NUMBER, Fault, is_number, number, typed
from services.web.keys import SITE
from services.web.pages.staff.about_session import session_of
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, services, to
from services.web.upstream import Closing, SessionPeople, StaffSession, WalkedIn
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping

_COUNTS = ("adults", "children")
_YES_OR_NO = ("held", "staff_involved", "closed_group")
_CHOICES = {
    "organiser": ("library", "library_with_partner", "other_municipal", "external"),
    "place": ("branch", "outreach", "online"),
}
_DIGITS = 7

_CHOOSE = {
    "held": msgid("Svara på om det blev av."),
    "staff_involved": msgid("Svara på om någon från personalen var med."),
    "organiser": msgid("Välj vem som ordnade det."),
    "place": msgid("Välj var det var."),
    "closed_group": msgid("Svara på om det var en grupp som ni visste skulle komma."),
}
_TOO_MANY = msgid("Det var nog inte så många. Kontrollera antalet.")
_NOBODY = msgid("Till det som inte blev av kom ingen: skriv 0.")
_CANCELLED = msgid("Tillfället är inställt. Svara att det inte blev av.")
_MOST = 5000

_KEEP = msgid("Någon annan har svarat medan du skrev. Jämför, och spara det som stämmer.")


class Went(Model):
    """How it went, as it was typed; what is empty was not answered."""

    held: str = ""
    adults: str = ""
    children: str = ""
    staff_involved: str = ""
    organiser: str = ""
    place: str = ""
    closed_group: str = ""
    revision: str = ""
    """Of what somebody said before, if it is that which is corrected."""

    @classmethod
    def sent(cls, values: Mapping[str, str]) -> Went:
        """What a form sent."""
        return cls(**{name: values.get(name, "")[: max(_DIGITS, 24)] for name in cls.model_fields})

    @classmethod
    def said(cls, closing: Closing) -> Went:
        """What somebody said before."""
        words = {name: _yes_or_no(getattr(closing, name)) for name in _YES_OR_NO}
        same = {name: str(getattr(closing, name)) for name in (*_COUNTS, *_CHOICES, "revision")}
        return cls(**words, **same)

    def faults(self) -> list[Fault]:
        """What is missing, in the order of the questions; nothing is taken for granted."""
        found = [_fault(name) for name in ("held",) if getattr(self, name) not in {"yes", "no"}]
        found += [fault for name in _COUNTS for fault in self._count_faults(name)]
        found += [_fault(name) for name in ("staff_involved",) if getattr(self, name) not in {"yes", "no"}]
        found += [_fault(name) for name, allowed in _CHOICES.items() if getattr(self, name) not in allowed]
        found += [_fault(name) for name in ("closed_group",) if getattr(self, name) not in {"yes", "no"}]
        return found

    def _count_faults(self, name: str) -> list[Fault]:
        text = getattr(self, name)
        if self.held == "no" and not text:
            return []
        if not is_number(text) or number(text) < 0:
            return [Fault(field=name, text=NUMBER)]
        if number(text) > _MOST:
            return [Fault(field=name, text=_TOO_MANY)]
        return [Fault(field=name, text=_NOBODY)] if self.held == "no" and number(text) else []

    @property
    def body(self) -> dict[str, object]:
        """What booking is told, of a form without faults."""
        counts = {name: number(getattr(self, name) or "0") for name in _COUNTS}
        said = {name: getattr(self, name) == "yes" for name in _YES_OR_NO}
        chosen = {name: getattr(self, name) for name in _CHOICES}
        return {**counts, **said, **chosen}

    @property
    def corrects(self) -> int | None:
        """The revision of what is corrected; None where nobody has said anything yet."""
        return int(self.revision) if self.revision.isascii() and self.revision.isdecimal() else None


class Counted(NamedTuple):
    """Who was ticked off and counted, to begin with."""

    adults: int
    children: int
    unmarked: int
    """Bookings of which nobody has said whether they came."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    close = home + "/sessions/{session}/close"
    return [web.get(close, asked), web.post(close, said)]


async def asked(request: web.Request) -> web.Response:
    """``GET .../sessions/{id}/close``: how it went, as it was said, or what is known before anybody has."""
    session = await session_of(request)
    before = await _before(request, session)
    counted = await _counted(request, session) if _begun(request, session) else None
    if before:
        form = Went.said(before)
    elif counted:
        form = Went(place=session.place, adults=str(counted.adults), children=str(counted.children))
    else:
        form = Went()
    return _page(request, session, form, before=before, counted=counted)


async def said(request: web.Request) -> web.Response:
    """``POST .../sessions/{id}/close``: it went like this; or it is corrected, unless somebody else did meanwhile."""
    session = await session_of(request)
    form = Went.sent(await typed(request))
    faults = form.faults()
    if faults:
        return _page(request, session, form, faults=faults)
    try:
        closing = await _send(request, session, form)
    except Problem as problem:
        if problem.document.type in {"already-closed", "stale-revision"}:
            return await _compared(request, session, form)
        return _page(request, session, form, faults=_refused(problem))
    language = request[LANGUAGE]
    people = closing.adults + closing.children
    with_many = language.ngettext("Sparat: %(num)s person var med.", "Sparat: %(num)s personer var med.", people)
    text = with_many % {"num": people} if closing.held else language.gettext(_NOT_HELD)
    return to(request, f"/sessions/{session.id}/close", notice=notice(text))


_NOT_HELD = msgid("Sparat: det blev inte av.")


async def _send(request: web.Request, session: StaffSession, form: Went) -> Closing:
    booking, path = services(request).booking, f"/v1/sessions/{session.id}/close"
    if form.corrects is None:
        return await booking.send(Closing, "POST", path, json=form.body)
    return await booking.send(Closing, "PATCH", path, json=form.body | {"revision": form.corrects})


def _refused(problem: Problem) -> list[Fault]:
    """What booking says of it.

    Raises:
        Problem: it is not the form that is wrong.
    """
    field = problem.document.field
    match problem.document.type:
        case "not-held":
            return [Fault(field=field, text=_CANCELLED if field == "held" else _NOBODY)]
        case "not-begun":
            return [Fault(field=None, text=_NOT_BEGUN)]
        case "invalid" if field in _COUNTS:
            return [Fault(field=field, text=_TOO_MANY)]
    raise problem


_NOT_BEGUN = msgid("Det har inte börjat än. Svara när det är över.")


async def _compared(request: web.Request, session: StaffSession, form: Went) -> web.Response:
    """What somebody else has said meanwhile beside what was typed, which can be saved over it now."""
    now = await _before(request, session)
    if now is None:
        raise Problem("unavailable", 503, "Please try again in a moment")
    mine = form.model_copy(update={"revision": str(now.revision)})
    differs = [name for name in Went.model_fields if getattr(mine, name) != getattr(Went.said(now), name)]
    return _page(request, session, mine, before=now, differs=differs, status=HTTPStatus.CONFLICT)


async def _before(request: web.Request, session: StaffSession) -> Closing | None:
    """What somebody has said; None where nobody has."""
    try:
        return await services(request).booking.get(Closing, f"/v1/sessions/{session.id}/close")
    except Problem as problem:
        if problem.document.type == "not-closed":
            return None
        raise


async def _counted(request: web.Request, session: StaffSession) -> Counted:
    booking = services(request).booking
    people = await booking.get(SessionPeople, f"/v1/sessions/{session.id}/bookings")
    doors = await booking.get(WalkedIn, f"/v1/sessions/{session.id}/walk-ins")
    there = [one.party for one in people.items if one.attendance == "came"]
    return Counted(
        adults=doors.adult + sum(party.adults for party in there),
        children=doors.child + doors.young + sum(party.children for party in there),
        unmarked=sum(one.attendance is None for one in people.of("confirmed")),
    )


def _page(  # noqa: PLR0913 - what the page shows
    request: web.Request,
    session: StaffSession,
    form: Went,
    *,
    before: Closing | None = None,
    counted: Counted | None = None,
    faults: list[Fault] | None = None,
    differs: list[str] | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    context = {
        "session": session,
        "form": form,
        "before": Went.said(before) if before else None,
        "counted": counted,
        "faults": faults or [],
        "alert": _KEEP if differs else "",
        "differs": differs or [],
        "begun": _begun(request, session),
    }
    return page(request, "staff/close.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY if faults else status)


def _begun(request: web.Request, session: StaffSession) -> bool:
    return request.app[SITE].now() >= session.starts_at


def _fault(name: str) -> Fault:
    return Fault(field=name, text=_CHOOSE[name])


def _yes_or_no(answer: bool) -> str:  # noqa: FBT001 - what is put into words
    return "yes" if answer else "no"
