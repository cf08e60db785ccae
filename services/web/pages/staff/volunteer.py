"""One volunteer: the way to helping, what they do and when, what was seen of the register, how they are reached."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING
from uuid import UUID

from aiohttp import hdrs, web
from babel.numbers import format_decimal

from services.web.faults import Fault, typed
from services.web.helping.staff.assigned import AssignedList
from services.web.helping.staff.people import (
    NEXT,
    WAY,
    AvailabilityForm,
    Hours,
    Reach,
    Volunteer,
    VolunteerForm,
    refused,
)
from services.web.helping.staff.staffing import REFUSALS
from services.web.helping.words import OUTCOMES, STATES
from services.web.keys import SITE
from services.web.pages.staff.volunteers import WORDS, partners_of, said_of
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, libraries, notice, page, person, posted, services, to
from shared.http import path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_LANGUAGES_OF_CERTIFICATES = {"sv": msgid("Svenska"), "nn": msgid("Nynorska"), "en": msgid("Engelska")}
_LONGEST_SIGNER = 60

_STALE = msgid("Någon annan ändrade under tiden. Titta på det som står nu, och spara en gång till.")
_STEPS = {
    "talk": msgid("Antecknat: ni har pratats vid."),
    "agreement": msgid("Antecknat: överenskommelsen är klar."),
    "introduction": msgid("Antecknat: introduktionen är klar att börja."),
    "active": msgid("Nu kan %(name)s frågas om uppdrag."),
    "paused": msgid("Nu frågas %(name)s inte förrän pausen är över."),
    "ended": msgid("%(name)s hjälper inte till längre. Det som var planerat söker någon annan."),
}
_NOT_SO = msgid("Det steget går inte just nu. Här står läget som det är.")
_NO_DAY = msgid("Skriv dagen du såg utdraget: i dag eller tidigare, men inte för mer än ett år sedan.")
_NOTED = msgid("Antecknat: du har sett utdraget. Inget av det sparas, bara dagen och att det var du.")
_NOTE_GONE = msgid("Anteckningen om utdraget är borttagen.")
_NO_OUTCOME = msgid("Välj hur det gick.")
_OUTCOME_TOLD = msgid("Antecknat hur det gick.")
_SAVED = msgid("Sparat.")
_ERASED = msgid("%(name)s är raderad. Timmarna finns kvar i siffrorna, utan namn.")


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    one = f"{home}/volunteers/people/{{volunteer}}"
    return [
        web.get(one, volunteer),
        web.post(f"{one}/reveal", reveal),
        web.post(f"{one}/state", step),
        web.post(f"{one}/register-note", register_note),
        web.post(f"{one}/assignments/{{assignment}}/outcome", tell_outcome),
        web.get(f"{one}/reach", reach),
        web.post(f"{one}/reach", change_reach),
        web.get(f"{one}/work", work),
        web.post(f"{one}/work", change_work),
        web.get(f"{one}/availability", availability),
        web.post(f"{one}/availability", change_availability),
        web.get(f"{one}/certificate", certificate),
        web.get(f"{one}/erase", ask_to_erase),
        web.post(f"{one}/erase", erase),
    ]


def volunteer_id(request: web.Request) -> UUID:
    """The volunteer an address names.

    Raises:
        Problem: 404; what is no id cannot exist.
    """
    return path_id(request, "volunteer", Problem("unknown-volunteer", 404, "There is no such volunteer"))


async def found_volunteer(request: web.Request) -> Volunteer:
    """The volunteer an address names. That they were opened is kept in the audit."""
    return await services(request).volunteers.get(Volunteer, f"/v1/volunteers/{volunteer_id(request)}")


async def volunteer(request: web.Request) -> web.Response:
    """``GET .../volunteers/people/{id}``: all there is to know of them but how they are reached."""
    return await _shown(request)


async def reveal(request: web.Request) -> web.Response:
    """``POST .../reveal``: the same with how they are reached; that it was shown is kept in the audit."""
    return await _shown(request, opened=await _opened(request))


async def _opened(request: web.Request) -> Reach:
    path = f"/v1/volunteers/{volunteer_id(request)}/reveal"
    return await services(request).volunteers.send(Reach, "POST", path)


async def _shown(
    request: web.Request,
    *,
    opened: Reach | None = None,
    faults: Sequence[Fault] = (),
    alert: str = "",
    status: HTTPStatus | None = None,
) -> web.Response:
    now = request.app[SITE].now()
    found = await found_volunteer(request)
    volunteers = services(request).volunteers
    path = f"/v1/volunteers/{found.id}"
    hours, assigned = await asyncio.gather(
        volunteers.get(Hours, f"{path}/hours", params={"year": str(now.year)}),
        volunteers.get(AssignedList, f"{path}/assignments"),
    )
    context: Mapping[str, object] = {
        **WORDS,
        "volunteer": found,
        "opened": opened,
        "hours": hours,
        "assigned": assigned.in_order,
        "partners": await partners_of(request),
        "way": WAY,
        "next": NEXT[found.state],
        "outcomes": OUTCOMES,
        "certificate_languages": _LANGUAGES_OF_CERTIFICATES,
        "signer": person(request).name,
        "decimal": partial(format_decimal, locale=request[LANGUAGE].locale),
        "today": now.date(),
        "now": now,
        "faults": faults,
        "alert": alert,
    }
    usual = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/volunteer.html", context, status=status or usual)


async def step(request: web.Request) -> web.Response:
    """``POST .../state``: the next step of their way.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    wanted = form.get("state", "")
    if wanted not in STATES or not form.get("revision", "").isdecimal():
        raise web.HTTPBadRequest
    body = {"state": wanted, "revision": int(form["revision"])}
    try:
        await services(request).volunteers.send(
            None, "POST", f"/v1/volunteers/{volunteer_id(request)}/state", json=body
        )
    except Problem as problem:
        if problem.document.status != HTTPStatus.CONFLICT:
            raise
        return await _shown(request, alert=_NOT_SO, status=HTTPStatus.CONFLICT)
    text = request[LANGUAGE].gettext(_STEPS[wanted]) % {"name": form.get("name", "")[:60]}
    return to(request, f"/volunteers/people/{volunteer_id(request)}", notice=notice(text))


async def register_note(request: web.Request) -> web.Response:
    """``POST .../register-note``: the extract was seen, or the note of that is taken away.

    By law (2013:852, 5 §) nothing of the extract is kept but that it was shown.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    form = await typed(request)
    path = f"/v1/volunteers/{volunteer_id(request)}/register-note"
    back = f"/volunteers/people/{volunteer_id(request)}"
    words = request[LANGUAGE]
    if form.get("do") == "remove":
        await services(request).volunteers.send(None, "DELETE", path)
        return to(request, back, notice=notice(words.gettext(_NOTE_GONE)))
    if form.get("do") != "seen":
        raise web.HTTPBadRequest
    try:
        seen_on = date.fromisoformat(form.get("seen_on", ""))
    except ValueError:
        return await _shown(request, faults=[Fault("seen_on", _NO_DAY)])
    before = (await found_volunteer(request)).register_note
    try:
        await services(request).volunteers.send(None, "PUT", path, json={"seen_on": seen_on.isoformat()})
    except Problem as problem:
        if problem.document.type not in {"not-possible-now", "invalid"}:
            raise
        return await _shown(request, faults=[Fault("seen_on", _NO_DAY)])
    fields = {"do": "remove"}
    if before and before.valid:  # one that counted is not lost by a slip
        fields = {"do": "seen", "seen_on": before.seen_on.isoformat()}
    undo = Undo(path=f"{back}/register-note", fields=fields)
    return to(request, back, notice=notice(words.gettext(_NOTED), undo=undo))


async def tell_outcome(request: web.Request) -> web.Response:
    """``POST .../assignments/{assignment}/outcome``: how helping a visitor went, of a closed list; or put right.

    Raises:
        web.HTTPNotFound: it is nothing of theirs.
    """
    form = await typed(request)
    outcome = form.get("outcome", "")
    id_ = path_id(request, "assignment", Problem("unknown-assignment", 404, "There is no such assignment"))
    if outcome not in OUTCOMES:
        return await _shown(request, faults=[Fault(f"outcome-{id_}", _NO_OUTCOME)])
    volunteers = services(request).volunteers
    assigned = await volunteers.get(AssignedList, f"/v1/volunteers/{volunteer_id(request)}/assignments")
    before = next((one for one in assigned.items if one.kind == "visitor" and one.id == id_), None)
    if before is None:
        raise web.HTTPNotFound
    body: dict[str, object] = {"outcome": outcome}
    if before.outcome not in {None, "not_held"} and before.minutes is not None and outcome != "not_held":
        # How long it took stays as it was said.
        body["minutes"] = before.minutes
    try:
        await volunteers.send(None, "POST", f"/v1/assignments/{id_}/outcome", json=body)
    except Problem as problem:
        text = REFUSALS.get(problem.document.type)
        if text is None:
            raise
        return await _shown(request, alert=text, status=HTTPStatus(problem.document.status))
    back = f"/volunteers/people/{volunteer_id(request)}"
    undo = None
    if before.outcome not in {None, outcome}:
        undo = Undo(path=f"{back}/assignments/{id_}/outcome", fields={"outcome": before.outcome})
    return to(request, back, notice=notice(request[LANGUAGE].gettext(_OUTCOME_TOLD), undo=undo))


async def reach(request: web.Request) -> web.Response:
    """``GET .../reach``: a form of how they are reached, which shows it: that is kept in the audit."""
    found = await found_volunteer(request)
    return _reach_form(request, found, VolunteerForm.reached(found, await _opened(request)))


async def change_reach(request: web.Request) -> web.Response:
    """``POST .../reach``: change it."""
    form = VolunteerForm.sent(await posted(request), libraries(request))
    found = await found_volunteer(request)
    if faults := form.reach_faults():
        return _reach_form(request, found, form, faults)
    if (refusal := await _changed(request, found, form, form.reach_body())) is None:
        return _saved(request)
    again, faults = refusal
    return _reach_form(request, found, again, faults)


async def work(request: web.Request) -> web.Response:
    """``GET .../work``: a form of what they do, in which languages and where."""
    found = await found_volunteer(request)
    return await _work_form(request, found, VolunteerForm.of(found))


async def change_work(request: web.Request) -> web.Response:
    """``POST .../work``: change it. Libraries where whoever asks does not work stay as they are."""
    found = await found_volunteer(request)
    form = VolunteerForm.sent(await posted(request), libraries(request))
    elsewhere = [one for one in found.branches if one not in libraries(request)]
    form = form.model_copy(update={"branches": (*form.branches, *elsewhere)})
    if faults := form.work_faults():
        return await _work_form(request, found, form, faults)
    if (refusal := await _changed(request, found, form, form.work_body())) is None:
        return _saved(request)
    again, faults = refusal
    return await _work_form(request, found, again, faults)


async def _changed(
    request: web.Request, found: Volunteer, form: VolunteerForm, body: Mapping[str, object]
) -> tuple[VolunteerForm, list[Fault]] | None:
    """Change them; where volunteers refuses, the form to show again and why."""
    path = f"/v1/volunteers/{found.id}"
    try:
        await services(request).volunteers.send(None, "PATCH", path, json={**body, **form.read_at})
    except Problem as problem:
        if problem.document.type == "stale-revision":
            return form.model_copy(update={"revision": str(found.revision)}), [Fault(None, _STALE)]
        return form, said_of(problem)
    return None


def _saved(request: web.Request) -> web.Response:
    said = notice(request[LANGUAGE].gettext(_SAVED))
    return to(request, f"/volunteers/people/{volunteer_id(request)}", notice=said)


def _reach_form(
    request: web.Request, found: Volunteer, form: VolunteerForm, faults: Sequence[Fault] = ()
) -> web.Response:
    context = {**WORDS, "volunteer": found, "form": form, "faults": faults}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/volunteer_reach.html", context, status=status)


async def _work_form(
    request: web.Request, found: Volunteer, form: VolunteerForm, faults: Sequence[Fault] = ()
) -> web.Response:
    partners = await partners_of(request)
    context = {**WORDS, "volunteer": found, "form": form, "faults": faults, "partners": partners}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/volunteer_work.html", context, status=status)


async def availability(request: web.Request) -> web.Response:
    """``GET .../availability``: a form of when they can."""
    found = await found_volunteer(request)
    return _availability_form(request, found, AvailabilityForm.of(found.availability))


async def change_availability(request: web.Request) -> web.Response:
    """``POST .../availability``: change it."""
    form = AvailabilityForm.sent(await posted(request))
    faults = form.faults()
    if not faults:
        path = f"/v1/volunteers/{volunteer_id(request)}/availability"
        try:
            await services(request).volunteers.send(None, "PUT", path, json=form.body())
        except Problem as problem:
            if problem.document.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                raise
            faults = refused([None])
        else:
            return _saved(request)
    return _availability_form(request, await found_volunteer(request), form, faults)


def _availability_form(
    request: web.Request, found: Volunteer, form: AvailabilityForm, faults: Sequence[Fault] = ()
) -> web.Response:
    context = {"volunteer": found, "form": form, "faults": faults}
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/volunteer_availability.html", context, status=status)


async def certificate(request: web.Request) -> web.Response:
    """``GET .../certificate``: what they did in a span of days, as a PDF that somebody signs.

    Raises:
        web.HTTPBadRequest: it is no form of ours.
    """
    language, signer = request.query.get("lang", ""), request.query.get("signer", "").strip()[:_LONGEST_SIGNER]
    if language not in _LANGUAGES_OF_CERTIFICATES:
        raise web.HTTPBadRequest
    try:
        days = {name: date.fromisoformat(text) for name in ("from", "to") if (text := request.query.get(name, ""))}
        asked = {name: (day + (_DAY if name == "to" else timedelta())).isoformat() for name, day in days.items()}
    except (ValueError, OverflowError):
        return await _shown(request, faults=[Fault("from", _NO_DAYS)])
    path = f"/v1/volunteers/{volunteer_id(request)}/certificate.pdf"
    wanted = asked | {"lang": language, "signer": signer}
    try:
        _, body, headers = await services(request).volunteers.raw("GET", path, params=wanted)
    except Problem as problem:
        words = _NO_CERTIFICATE.get(problem.document.type)
        if words is None:
            raise
        return await _shown(request, faults=[Fault("from", words)])
    return web.Response(
        body=body,
        content_type="application/pdf",
        headers={hdrs.CONTENT_DISPOSITION: headers.get(hdrs.CONTENT_DISPOSITION, "inline")},
    )


_DAY = timedelta(days=1)
_NO_DAYS = msgid("Skriv dagarna som 2026-03-24, den första före den sista.")
_NO_CERTIFICATE = {
    "invalid": _NO_DAYS,
    "no-hours": msgid("Inga timmar är räknade mellan de dagarna."),
    "unwritable": msgid("Ett namn är skrivet med bokstäver som inte går att skriva ut här."),
}


async def ask_to_erase(request: web.Request) -> web.Response:
    """``GET .../erase``: what erasing means, before it is done."""
    return page(request, "staff/volunteer_erase.html", {"volunteer": await found_volunteer(request)})


async def erase(request: web.Request) -> web.Response:
    """``POST .../erase``: nobody knows them here any more."""
    form = await typed(request)
    await services(request).volunteers.send(None, "DELETE", f"/v1/volunteers/{volunteer_id(request)}")
    text = request[LANGUAGE].gettext(_ERASED) % {"name": form.get("name", "")[:60]}
    return to(request, "/volunteers", notice=notice(text))
