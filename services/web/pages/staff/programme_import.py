"""A programme read in from Excel: looked at line by line first, and then added, all of it or nothing."""

from __future__ import annotations

from base64 import b64decode, b64encode
from http import HTTPStatus

from aiohttp import BodyPartReader, web

from services.web.faults import Fault
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import notice, page, posted, services, to
from services.web.staff.planning.answers import Imported
from services.web.staff.planning.faults import COLUMNS, NOT_RIGHT
from services.web.staff.planning.place import choose_library, library_of, library_said
from shared.problems import Problem

_LARGEST = 40_000
"""Bytes: as much as goes along in a form of ours, some hundred lines, more than a library plans in a half-year."""
_CSV = "text/csv"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_ZIP = b"PK"
"""What every workbook begins with."""

_NO_FILE = msgid("Välj en fil först.")
_TOO_LARGE = msgid("Filen är för stor. Dela upp den, till exempel månad för månad.")
_UNREADABLE = msgid("Filen går inte att läsa. Spara den som CSV (UTF-8) eller som Excel-arbetsbok (.xlsx).")
_COLUMNS = msgid("Första raden ska säga vad kolumnerna är: aktivitet, datum och börjar måste finnas.")
_FAULTS = {
    "unreadable-file": _UNREADABLE,
    "wrong-columns": _COLUMNS,
    "too-many-lines": _TOO_LARGE,
    "too-large": _TOO_LARGE,
}


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    path = f"{home}/programme/import"
    return [web.get(path, ask), web.post(path, look), web.post(f"{path}/save", save)]


async def ask(request: web.Request) -> web.Response:
    """``GET programme/import``: which file."""
    branch = library_of(request)
    return choose_library(request) if branch is None else _form(request, branch)


async def look(request: web.Request) -> web.Response:
    """``POST programme/import?branch=``: what a file would add, line by line; nothing is added yet."""
    branch = library_said(request, request.query.get("branch", ""))
    file = await _file(request)
    if not file:
        return _form(request, branch, _NO_FILE)
    if len(file) > _LARGEST:
        return _form(request, branch, _TOO_LARGE)
    try:
        found = await _send(request, branch, file, preview=True)
    except Problem as problem:
        return _form(request, branch, _said(problem))
    context = {
        "branch": branch,
        "found": found,
        "file": b64encode(file).decode(),
        "columns": COLUMNS,
        "unknown": NOT_RIGHT,
    }
    return page(request, "staff/programme_import_plan.html", context)


async def save(request: web.Request) -> web.Response:
    """``POST programme/import/save``: the file that was looked at, added."""
    typed = await posted(request)
    branch = library_said(request, typed.get("branch", ""))
    try:
        file = b64decode(typed.get("file", ""), validate=True)
    except ValueError:
        return _form(request, branch, _UNREADABLE)
    try:
        found = await _send(request, branch, file, preview=False)
    except Problem as problem:
        return _form(request, branch, _said(problem))
    said = request[LANGUAGE].ngettext(
        "%(number)s nytt tillfälle är inläst.", "%(number)s nya tillfällen är inlästa.", found.to_create
    ) % {"number": found.to_create}
    return to(request, f"/programme?branch={branch}", notice=notice(said))


def _said(problem: Problem) -> str:
    """What is wrong with a file.

    Raises:
        Problem: it is not about the file.
    """
    if problem.document.type not in _FAULTS and problem.document.type != "unfit-lines":
        raise problem
    return _FAULTS.get(problem.document.type, _UNREADABLE)


async def _send(request: web.Request, branch: str, file: bytes, *, preview: bool) -> Imported:
    media = _XLSX if file.startswith(_ZIP) else _CSV
    _, body, _ = await services(request).catalog.raw(
        "POST",
        f"/v1/branches/{branch}/programme",
        headers={"Content-Type": media},
        params={"preview": "true"} if preview else {},
        data=file,
    )
    return Imported.model_validate_json(body)


async def _file(request: web.Request) -> bytes:
    """The file of the form, or a little more than what fits of one that is too large."""
    if request.content_type != "multipart/form-data":
        raise web.HTTPUnsupportedMediaType
    read = bytearray()
    try:
        async for part in await request.multipart():
            if isinstance(part, BodyPartReader) and part.name == "file":
                while len(read) <= _LARGEST and (chunk := await part.read_chunk()):
                    read += chunk
                break
    except ValueError as error:
        raise web.HTTPBadRequest from error
    return bytes(read)


def _form(request: web.Request, branch: str, fault: str | None = None) -> web.Response:
    faults = [Fault(field="file", text=fault)] if fault else []
    status = HTTPStatus.UNPROCESSABLE_ENTITY if fault else HTTPStatus.OK
    return page(request, "staff/programme_import.html", {"branch": branch, "faults": faults}, status=status)
