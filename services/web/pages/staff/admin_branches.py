"""Libraries: all of them, and each with what a change of it would mean before it is made."""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from aiohttp import web

from services.web.keys import CATALOG
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, notice, page, posted, services, to
from services.web.staff.administration import differences
from services.web.staff.administration.differences import Change, Changes
from services.web.staff.administration.libraries import STOPS, Library, LibraryForm, refused
from services.web.upstream import Session
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.faults import Fault
    from services.web.staff.administration.differences import Row


class SmsText(Model):
    """A confirmation as it would read."""

    language: str
    text: str
    whole: bool


class SmsTexts(Model):
    """One in each language; none where there is no session to try it with."""

    items: tuple[SmsText, ...]


class Preview(Model):
    """What catalog says that a change would mean."""

    changes: tuple[Change, ...]
    sessions: int
    outside_hours: int
    outside: tuple[Session, ...]


class Changed(Model):
    """A library after a change."""

    name: str
    revision: int
    sessions: int


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    at = f"{home}/admin/branches"
    return [
        web.get(at, admins_only(branches)),
        web.get(f"{at}/new", admins_only(new)),
        web.post(f"{at}/new", admins_only(add)),
        web.get(f"{at}/{{branch}}", admins_only(branch)),
        web.post(f"{at}/{{branch}}", admins_only(change)),
    ]


async def branches(request: web.Request) -> web.Response:
    """``GET .../admin/branches``: every library."""
    found = await request.app[CATALOG].branches()
    return page(request, "staff/admin_branches.html", {"branches": found.items})


async def branch(request: web.Request) -> web.Response:
    """``GET .../admin/branches/{id}``: a library to change."""
    library = await _library(request)
    return _form(request, LibraryForm.of(library), library)


async def new(request: web.Request) -> web.Response:
    """``GET .../admin/branches/new``: a library to add."""
    return _form(request, LibraryForm(), None)


async def change(request: web.Request) -> web.Response:
    """``POST .../admin/branches/{id}``: first seen with what it would mean, then made."""
    library = await _library(request)
    form, step = await _sent(request)
    if step == "back":
        return _form(request, form, library)
    if faults := form.faults():
        return _form(request, form, library, faults)
    try:
        if step == "save":
            return await _change(request, form, library)
        return await _look(request, form, library)
    except Problem as problem:
        return _refused(request, form, library, problem)


async def add(request: web.Request) -> web.Response:
    """``POST .../admin/branches/new``: first seen as its SMS would read, then added."""
    form, step = await _sent(request)
    if step == "back":
        return _form(request, form, None)
    if faults := form.faults():
        return _form(request, form, None, faults)
    if step != "save":
        texts = await _texts(request, form, form.id or "new")
        return _preview(request, {"form": form, "library": None, "texts": texts})
    body = form.body() | ({"id": form.id} if form.id else {})
    catalog = services(request).catalog
    try:
        made = await catalog.send(Library, "POST", "/v1/branches", json=body, idempotency_key=str(form.key))
    except Problem as problem:
        return _refused(request, form, None, problem)
    said = request[LANGUAGE].gettext(_ADDED) % {"name": made.name}
    return to(request, f"/admin/branches/{made.id}", notice=notice(said))


async def _sent(request: web.Request) -> tuple[LibraryForm, str]:
    """What was typed, and whether to look, save or go back."""
    given = await posted(request)
    return LibraryForm.sent(given), given.get("step", "look")


async def _library(request: web.Request) -> Library:
    return await services(request).catalog.get(Library, f"/v1/branches/{_id(request)}")


def _id(request: web.Request) -> str:
    id_ = request.match_info["branch"]
    if not id_.replace("-", "").isalnum():
        raise web.HTTPNotFound
    return id_


async def _look(request: web.Request, form: LibraryForm, library: Library) -> web.Response:
    catalog = services(request).catalog
    preview = await catalog.send(Preview, "POST", f"/v1/branches/{library.id}/preview", json=form.body())
    if not preview.changes:
        return to(request, "/admin/branches", notice=notice(request[LANGUAGE].gettext(_SAME)))
    named = any(change.field in {"name", "sms_name", "phone", "address"} for change in preview.changes)
    texts = await _texts(request, form, library.id) if named else ()
    rows = differences.of_library(preview.changes)
    return _preview(
        request, {"form": form, "library": library, "preview": preview, "rows": rows, "texts": texts, "named": named}
    )


async def _texts(request: web.Request, form: LibraryForm, id_: str) -> tuple[SmsText, ...]:
    """How confirmations would read."""
    body = {"id": id_} | {name: getattr(form, name) for name in ("name", "sms_name", "phone", "address")}
    found = await services(request).notify.send(SmsTexts, "POST", "/v1/previews/library", json=body)
    return found.items


async def _change(request: web.Request, form: LibraryForm, before: Library) -> web.Response:
    revision = int(form.revision) if form.revision.isdecimal() else before.revision
    made = await services(request).catalog.send(
        Changed, "PATCH", f"/v1/branches/{before.id}", json=form.body() | {"revision": revision}
    )
    words = request[LANGUAGE]
    said = words.gettext(_CHANGED) % {"name": made.name}
    if made.sessions:
        reached = words.ngettext(
            "%(num)s kommande tillfälle visar det nya.",
            "%(num)s kommande tillfällen visar det nya.",
            made.sessions,
        )
        said += " " + reached % {"num": made.sessions}
    was = LibraryForm.of(before).model_copy(update={"revision": str(made.revision)})
    undo = Undo(path=f"/admin/branches/{before.id}", fields=was.fields | {"step": "save"})
    return to(request, "/admin/branches", notice=notice(said, undo=undo))


def _refused(request: web.Request, form: LibraryForm, library: Library | None, problem: Problem) -> web.Response:
    """The form again, with what catalog said of it.

    Raises:
        Problem: it is about something else.
    """
    told = problem.document
    if told.type == "stale-revision":
        since = Changes.model_validate(told.model_dump())
        again = form.since(library, since.was, since.revision) if library else form
        rows = differences.of_library(since.changes)
        return _form(request, again, library, rows=rows, status=HTTPStatus.CONFLICT)
    if told.type not in {"invalid", "name-taken", "branch-exists"}:
        raise problem
    faults = refused(told.type, [error.field for error in told.errors] or [told.field])
    return _form(request, form, library, faults)


def _form(
    request: web.Request,
    form: LibraryForm,
    library: Library | None,
    faults: list[Fault] | None = None,
    *,
    rows: list[Row] | None = None,
    status: HTTPStatus | None = None,
) -> web.Response:
    context = {"form": form, "library": library, "faults": faults or [], "rows": rows or [], "stops": STOPS}
    usual = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/admin_branch.html", context, status=status or usual)


def _preview(request: web.Request, context: dict[str, Any]) -> web.Response:
    nothing: dict[str, Any] = {"preview": None, "rows": [], "named": True}
    return page(request, "staff/admin_branch_preview.html", nothing | context)


_ADDED = msgid("%(name)s finns nu bland biblioteken.")
_SAME = msgid("Ingenting är ändrat.")
_CHANGED = msgid("%(name)s är ändrat.")
