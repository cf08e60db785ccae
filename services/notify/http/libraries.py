"""How messages would name a library, before it is called so."""

from typing import Annotated

from aiohttp import web
from pydantic import Field

from services.notify import previewing, queries
from services.notify.http.api import IDENTITY, SETTINGS, VOICE, api
from services.notify.previewing import Circumstances
from shared.events import Branch
from shared.keys import DATABASE
from shared.models import Model, Strict


class LibraryPreviewRequest(Strict):
    """A library as somebody thinks of calling it."""

    id: Annotated[str, Field(max_length=60)]
    name: Annotated[str, Field(min_length=1, max_length=80)]
    sms_name: Annotated[str, Field(min_length=1, max_length=16)]
    phone: Annotated[str, Field(max_length=20)]
    address: Annotated[str, Field(max_length=100)] = ""


class LibraryText(Model):
    """The confirmation by SMS of one of its sessions, in one language."""

    language: str
    text: str
    """With a code as an example."""
    parts: int
    whole: bool
    """Whether the session and the library are named in full; else a name is cut, so that it is one part."""


class LibraryPreview(Model):
    """The longest confirmation in each of our languages; none where no session is known to try it with."""

    items: list[LibraryText]
    next: None = None


@api.post("/v1/previews/library", problems=("unauthorized", "forbidden", "invalid"))
async def library_preview(request: web.Request, body: LibraryPreviewRequest) -> LibraryPreview:
    """How the longest confirmation by SMS would read if a library were called so (administrators); nothing is told."""
    await request.app[IDENTITY].administrator(request, "only administrators change libraries")
    library = Branch(**body.model_dump())
    async with request.app[DATABASE].transaction() as conn:
        sessions = await queries.called_differently(conn, library.id)
        now = await queries.clock(conn)
    catalogs = await request.app[VOICE].catalogs()
    told = Circumstances(now=now, zone=request.app[SETTINGS].timezone, catalogs=catalogs)
    found = previewing.at_library(library, sessions, told)
    return LibraryPreview(
        items=[LibraryText(language=one.language, text=one.text, parts=one.parts, whole=one.whole) for one in found]
    )
