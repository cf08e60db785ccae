"""A half-year made like an earlier one: looked at series by series before it is planned."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Literal
from uuid import uuid4

from aiohttp import web

from services.web.faults import Fault
from services.web.keys import SITE
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, posted, services, to
from services.web.staff.planning import HalfYear, asking, half_year_called, half_year_of
from services.web.staff.planning.answers import CopiedTerm
from services.web.staff.planning.faults import faults_of
from services.web.staff.planning.place import choose_library, library_of, library_said
from services.web.staff.planning.typing_in import day, text
from services.web.staff.planning.words import AROUND
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from multidict import MultiDictProxy

_DAY = msgid("Välj en dag.")
_NONE = msgid("Kryssa i minst en serie.")


class TermForm(Model):
    """Which half-year goes on, and from when until when, as it was typed."""

    source: str
    first: str
    last: str
    status: Literal["draft", "published"] = "draft"
    series: tuple[str, ...] | None = None
    key: str

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> TermForm:
        """What was typed."""
        return cls(
            source=text(form, "source"),
            first=text(form, "first"),
            last=text(form, "last"),
            status="published" if form.get("status") == "published" else "draft",
            series=tuple(form.getall("series", [])) if "chosen" in form else None,
            key=text(form, "key") or str(uuid4()),
        )

    def faults(self) -> list[Fault]:
        """What has to be put right before catalog can be asked."""
        missing = [Fault(field=name, text=_DAY) for name in ("first", "last") if day(getattr(self, name)) is None]
        return missing + ([Fault(field="series", text=_NONE)] if self.series == () else [])


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/programme/copy", ask), web.post(f"{home}/programme/copy", answer)]


async def ask(request: web.Request) -> web.Response:
    """``GET programme/copy?half=``: which half-year shall be like which."""
    branch = library_of(request)
    if branch is None:
        return choose_library(request)
    today = request.app[SITE].now().date()
    wanted = half_year_called(request.query.get("half", half_year_of(today).following.id), today)
    form = TermForm(
        source=wanted.before.id,
        first=max(wanted.begins, today).isoformat(),
        last=wanted.ends.isoformat(),
        key=str(uuid4()),
    )
    return _form(request, branch, form)


async def answer(request: web.Request) -> web.Response:
    """``POST programme/copy``: what it would be (``do=preview``), the form again (``edit``), or the plan (``save``)."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    form = TermForm.sent(typed)
    do = typed.get("do", "preview")
    faults = form.faults()
    try:
        if do == "edit" or any(fault.field != "series" for fault in faults):
            return _form(request, branch, form, faults if do != "edit" else ())
        if do == "save" and not faults:
            return await _plan(request, branch, form)
        return await _preview(request, branch, form, faults)
    except Problem as problem:
        return _form(request, branch, form, faults_of(problem, {"series": "source", "to": "source"}))


def _half(request: web.Request, form: TermForm) -> HalfYear:
    return half_year_called(form.source, request.app[SITE].now().date())


def _wish(request: web.Request, form: TermForm) -> dict[str, object]:
    half = _half(request, form)
    return {
        "from": half.first.isoformat(),
        "to": half.last.isoformat(),
        "first": form.first,
        "last": form.last,
        "status": form.status,
    }


async def _preview(request: web.Request, branch: str, form: TermForm, faults: Sequence[Fault]) -> web.Response:
    wish = _wish(request, form) | {"preview": True}
    path = f"/v1/branches/{branch}/terms"
    term = await services(request).catalog.send(CopiedTerm, "POST", path, json=wish)
    context = {
        "branch": branch,
        "form": form,
        "term": term,
        "half": _half(request, form),
        "faults": faults,
        "new": sum(one.state == "new" for one in term.series),
        **AROUND,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/programme_copy_plan.html", context, status=status)


async def _plan(request: web.Request, branch: str, form: TermForm) -> web.Response:
    wish = _wish(request, form) | {"series": list(form.series or ())}
    path = f"/v1/branches/{branch}/terms"
    term = await services(request).catalog.send(
        CopiedTerm, "POST", path, json=wish, idempotency_key=asking.once(form.key, wish)
    )
    made = sum(len(one.sessions) for one in term.series if one.state == "new")
    said = request[LANGUAGE].ngettext(
        "Klart: %(number)s tillfälle är planerat.", "Klart: %(number)s tillfällen är planerade.", made
    ) % {"number": made}
    half = half_year_of(day(form.first) or request.app[SITE].now().date())
    return to(request, f"/programme?branch={branch}&half={half.id}", notice=notice(said))


def _form(request: web.Request, branch: str, form: TermForm, faults: Sequence[Fault] = ()) -> web.Response:
    now = half_year_of(request.app[SITE].now().date())
    context = {
        "branch": branch,
        "form": form,
        "sources": [now.before.before, now.before, now, now.following],
        "faults": faults,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/programme_copy.html", context, status=status)
