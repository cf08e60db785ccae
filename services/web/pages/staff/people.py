"""The list of a session: who comes, who waits and who stands by; who came, with one tap; how one reaches somebody."""

from __future__ import annotations

from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from aiohttp import web

from services.web.keys import SITE
from services.web.pages.sessions import session_id
from services.web.pages.staff.about_session import session_of
from services.web.rendering import msgid
from services.web.staff import fragment, page, posted, services, to
from services.web.upstream import Listed, RevealedReach, SessionPeople, StaffSession, Watched, WatchedDay
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

_DOORS_OPEN = timedelta(hours=1)
"""So long before the start people may be there; booking decides it, here it is only shown."""
_MISSED_AFTER = timedelta(minutes=10)
"""So long after the start somebody may be missed; booking decides."""

_MARKS = frozenset({"came", "excused", "no_show", ""})

_ALERTS = {
    "too-early": msgid(
        "Det är för tidigt. Man kan vara här från en timme före start, och saknas först tio minuter efter."
    ),
    "closed": msgid("Det går inte längre: tillfället är över eller stängt."),
    "not-seated": msgid("Den bokningen har ingen plats längre. Här är listan som den är nu."),
    "not-waiting": msgid("Den bokningen väntar inte vid dörren längre. Här är listan som den är nu."),
    "unknown-booking": msgid("Den bokningen finns inte längre. Här är listan som den är nu."),
}
_TAKEN = msgid("Platsen har gått till någon annan. Du kan släppa in ändå: det blir en plats mer än du har bestämt.")
_NO_CHAIR = msgid("Det finns ingen ledig plats. Markera dem som inte kom, så blir deras platser lediga.")


class Letting(NamedTuple):
    """Somebody who was missed and is there all the same, whose seat somebody else has by now."""

    booking: UUID
    mark: str


class Moment(NamedTuple):
    """What can be said of people now."""

    arriving: bool
    """Whether they may be there."""
    begun: bool
    missing: bool
    """Whether they may be missed."""
    opens_at: datetime
    """From when they may be there."""

    @classmethod
    def of(cls, session: StaffSession, now: datetime) -> Moment:
        """What can be said at ``now``."""
        doors = session.starts_at - _DOORS_OPEN
        return cls(
            arriving=now >= doors,
            begun=now >= session.starts_at,
            missing=now >= session.starts_at + _MISSED_AFTER,
            opens_at=doors,
        )


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    people = home + "/sessions/{session}/people"
    return [
        web.get(people, listed),
        web.get(people + "/tally", tally),
        web.post(people + "/attendance", attend),
        web.post(people + "/standby", seat),
        web.post(people + "/{booking}/reveal", reveal),
    ]


def booking_id(request: web.Request) -> UUID:
    """The booking an address names.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "booking", Problem("unknown-booking", 404, "There is no such booking"))


async def listed(request: web.Request) -> web.Response:
    """``GET .../sessions/{id}/people``: the list. That it was read is kept in the audit."""
    return await _shown(request)


async def _shown(
    request: web.Request,
    *,
    alert: str = "",
    letting: Letting | None = None,
    revealed: RevealedReach | None = None,
    status: int = HTTPStatus.OK,
) -> web.Response:
    session = await session_of(request)
    booking = services(request).booking
    people = await booking.get(SessionPeople, f"/v1/sessions/{session.id}/bookings")
    context = {
        "session": session,
        "session_id": session.id,
        "people": people,
        "now": await _watched(request, session.id),
        "moment": Moment.of(session, request.app[SITE].now()),
        "labels": labels(session, people.items),
        "alert": alert,
        "letting": letting,
        "revealed": revealed,
    }
    return page(request, "staff/people.html", context, status=status)


async def _watched(request: web.Request, id_: UUID) -> Watched:
    """How full a session is.

    Raises:
        Problem: 404; booking does not know it.
    """
    found = await services(request).booking.get(WatchedDay, "/v1/desk/sessions", params={"id": str(id_)})
    if not found.items:
        raise Problem("unknown-session", 404, "There is no such session")
    return found.items[0]


async def tally(request: web.Request) -> web.Response:
    """``GET .../people/tally``: the numbers above the list, as they are now. No list is read for them."""
    id_ = session_id(request)
    return fragment(request, "staff/people_tally.html", {"session_id": id_, "now": await _watched(request, id_)})


async def attend(request: web.Request) -> web.Response:
    """``POST .../people/attendance``: whether somebody came; an empty mark takes back what was said."""
    form = await posted(request)
    one = _booking(form.get("booking", ""))
    mark = form.get("mark", "")
    if mark not in _MARKS:
        raise web.HTTPBadRequest
    letting_in = form.get("override") == "1"
    said = {"booking_id": str(one), "attendance": mark or None, "override": letting_in}
    try:
        await services(request).booking.send(None, "POST", _of(request, "attendance"), json=said)
    except Problem as problem:
        if problem.document.type == "sold-out":
            return await _shown(request, alert=_TAKEN, letting=Letting(one, mark), status=problem.document.status)
        return await _alerted(request, problem)
    return to(request, f"/sessions/{session_id(request)}/people#b-{one}")


async def seat(request: web.Request) -> web.Response:
    """``POST .../people/standby``: a free seat for somebody who waits at the door."""
    one = _booking((await posted(request)).get("booking", ""))
    try:
        await services(request).booking.send(None, "POST", _of(request, "standby"), json={"booking_id": str(one)})
    except Problem as problem:
        if problem.document.type == "sold-out":
            return await _shown(request, alert=_NO_CHAIR, status=problem.document.status)
        return await _alerted(request, problem)
    return to(request, f"/sessions/{session_id(request)}/people#b-{one}")


async def reveal(request: web.Request) -> web.Response:
    """``POST .../people/{booking}/reveal``: the list with one number or address opened, which the audit keeps.

    It is the answer to a form, so that what was opened stands in no address and is not opened again by going back.
    """
    path = _of(request, f"bookings/{booking_id(request)}/reveal")
    try:
        revealed = await services(request).booking.send(RevealedReach, "POST", path)
    except Problem as problem:
        return await _alerted(request, problem)
    return await _shown(request, revealed=revealed)


async def _alerted(request: web.Request, problem: Problem) -> web.Response:
    """The list as it is by now, and why it is not what somebody wanted.

    Raises:
        Problem: it is not the list that tells why.
    """
    alert = _ALERTS.get(problem.document.type)
    if alert is None:
        raise problem
    return await _shown(request, alert=alert, status=problem.document.status)


def _of(request: web.Request, what: str) -> str:
    return f"/v1/sessions/{session_id(request)}/{what}"


def _booking(typed: str) -> UUID:
    try:
        return UUID(typed)
    except ValueError as error:
        raise web.HTTPBadRequest from error


class Answered(NamedTuple):
    """What somebody answered to one of the library's questions, in words by language."""

    question: dict[str, str]
    answers: tuple[dict[str, str], ...]


def labels(session: StaffSession, people: tuple[Listed, ...]) -> dict[UUID, list[Answered]]:
    """What each answered, in the order of the questions. What is asked no more has no words any more."""
    return {one.id: list(_answered(session, one)) for one in people if one.answers}


def _answered(session: StaffSession, one: Listed) -> list[Answered]:
    found = []
    for question in session.ask:
        given = one.answers.get(question.id)
        if given in (None, "", []):
            continue
        words = {option.id: option.labels for option in question.options}
        several = given if isinstance(given, list) else [str(given)]
        found.append(Answered(question.labels, tuple(words.get(answer, {"sv": answer}) for answer in several)))
    return found
