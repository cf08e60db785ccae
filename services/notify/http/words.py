"""What staff say on the phone to somebody whom no message reaches."""

from uuid import UUID
from zoneinfo import ZoneInfo

from aiohttp import web

from services.notify import contacts, queries, render
from services.notify.http.api import IDENTITY, SETTINGS, VOICE, api, require_staff
from services.notify.queries import Said
from shared.http import path_id
from shared.i18n import SOURCE_LANGUAGE, Catalogs
from shared.keys import DATABASE
from shared.models import Model
from shared.problems import Problem


class Words(Model):
    """What to say, without the person's name, which the call list has."""

    message_id: UUID
    template: str
    speaks: str
    """The language they asked for."""
    language: str
    """The language of ``text``: the same, or Swedish where we have no words in it."""
    text: str
    swedish: str | None
    """The same in Swedish, for whoever rings, where ``text`` is in another language."""
    still_so: bool
    """Whether it is still true: else something newer is to be said."""


@api.get("/v1/messages/{id}/words", problems=("unauthorized", "forbidden", "unknown-message"))
async def words(request: web.Request) -> Words:
    """What to say to the person whom this message was meant for; for staff of the branch that holds the session."""
    await request.app[IDENTITY].staff(request)
    unknown = Problem("unknown-message", 404, "There is no such message")
    message_id = path_id(request, "id", unknown)
    said = await request.app[DATABASE].transact(lambda conn: queries.said(conn, message_id))
    if said is None:
        raise unknown
    await require_staff(request, said.message.session.branch.id)
    zone = request.app[SETTINGS].timezone
    catalogs = await request.app[VOICE].catalogs()
    language = catalogs[said.language].tag
    return Words(
        message_id=said.message.id,
        template=said.message.template,
        speaks=said.language,
        language=language,
        text=_spoken(said, language, zone, catalogs),
        swedish=_spoken(said, SOURCE_LANGUAGE, zone, catalogs) if language != SOURCE_LANGUAGE else None,
        still_so=said.still_so,
    )


def _spoken(said: Said, language: str, zone: ZoneInfo, catalogs: Catalogs) -> str:
    about = said.message.to_visitor(contacts.nobody(language), zone, catalogs)
    return render.aloud(about)
