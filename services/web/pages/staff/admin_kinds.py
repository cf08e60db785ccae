"""Kinds of activity, and what their new activities start from."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, notice, page, posted, services, to
from services.web.staff.administration import differences
from services.web.staff.administration.differences import Changes
from services.web.staff.administration.kinds import CHOICE_LABELS, KIND_LABELS, KindForm, KindInUse, Kinds, refused
from shared.i18n import choose
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.faults import Fault
    from services.web.staff.administration.differences import Row


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/admin/kinds"
    return [
        web.get(at, admins_only(kinds)),
        web.get(f"{at}/{{kind}}", admins_only(kind)),
        web.post(f"{at}/{{kind}}", admins_only(change)),
    ]


async def kinds(request: web.Request) -> web.Response:
    """``GET .../admin/kinds``: every kind, and where it is otherwise than Plats suggests."""
    found = await services(request).catalog.get(Kinds, "/v1/kinds")
    return page(request, "staff/admin_kinds.html", {"kinds": found.items, "choices": CHOICE_LABELS})


async def kind(request: web.Request) -> web.Response:
    """``GET .../admin/kinds/{id}``: what new activities of a kind start from."""
    found = await _kind(request)
    return _form(request, KindForm.of(found.terms, found.revision), found)


async def change(request: web.Request) -> web.Response:
    """``POST .../admin/kinds/{id}``: set it otherwise; nobody is told, and what is there stays."""
    before = await _kind(request)
    form = KindForm.sent(await posted(request))
    if faults := form.faults():
        return _form(request, form, before, faults)
    catalog = services(request).catalog
    try:
        made = await catalog.send(KindInUse, "PATCH", f"/v1/kinds/{before.id}", json=form.body())
    except Problem as problem:
        return _refused(request, form, before, problem)
    words = request[LANGUAGE]
    if made.revision == before.revision:
        return to(request, "/admin/kinds", notice=notice(words.gettext(_SAME)))
    undo = Undo(path=f"/admin/kinds/{before.id}", fields=KindForm.of(before.terms, made.revision).fields)
    said = words.gettext(_CHANGED) % {"kind": choose(before.labels, words.tag)}
    return to(request, "/admin/kinds", notice=notice(said, undo=undo))


async def _kind(request: web.Request) -> KindInUse:
    id_ = request.match_info["kind"]
    if not id_.replace("_", "").isalnum():
        raise web.HTTPNotFound
    return await services(request).catalog.get(KindInUse, f"/v1/kinds/{id_}")


def _refused(request: web.Request, form: KindForm, found: KindInUse, problem: Problem) -> web.Response:
    """The form again, with what catalog said of it.

    Raises:
        Problem: it is about something else.
    """
    told = problem.document
    if told.type == "stale-revision":
        since = Changes.model_validate(told.model_dump())
        again = form.since(found.terms, since.was, since.revision)
        return _form(request, again, found, rows=differences.of_kind(since.changes), status=HTTPStatus.CONFLICT)
    if told.type != "invalid":
        raise problem
    return _form(request, form, found, refused([error.field for error in told.errors] or [told.field]))


def _form(
    request: web.Request,
    form: KindForm,
    found: KindInUse,
    faults: list[Fault] | None = None,
    *,
    rows: list[Row] | None = None,
    status: HTTPStatus | None = None,
) -> web.Response:
    context = {
        "form": form,
        "kind": found,
        "suggested": KindForm.of(found.suggested, found.revision),
        "faults": faults or [],
        "rows": rows or [],
        "labels": KIND_LABELS,
        "choices": CHOICE_LABELS,
    }
    usual = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/admin_kind.html", context, status=status or usual)


_SAME = msgid("Ingenting är ändrat.")
_CHANGED = msgid("Nya aktiviteter av sorten %(kind)s börjar med det du satte. De som finns är som de var.")
