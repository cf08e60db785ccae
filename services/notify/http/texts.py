"""What messages say, for administrators: every text with an example, and words of the library's own instead."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from http import HTTPStatus
from typing import Annotated, NamedTuple

from aiohttp import web
from pydantic import Field, JsonValue

from services.notify import store, usecases, wording
from services.notify.http.api import IDENTITY, SETTINGS, VOICE, api
from services.notify.render import CATALOGS
from services.notify.store import OwnWords
from services.notify.usecases import Text
from services.notify.wording import Channel, Example
from shared import i18n
from shared.i18n import SOURCE_LANGUAGE
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import FieldError, Problem

_ONLY = "only administrators see and change what messages say"
_MOST_FORMS = 6
"""Arabic has that many."""


class TextsQuery(Strict):
    """Of which language."""

    language: Annotated[str, Field(max_length=20)] = SOURCE_LANGUAGE


class ExampleView(Model):
    """A message that holds the text, as it arrives."""

    channel: Channel
    longest: bool
    """Whether its names are the longest there may be; else the text is only said where they are shorter."""
    text: str
    subject: str | None
    parts: int


class TextView(Model):
    """A text, and in whose words it is said."""

    language: str
    id: str
    forms: list[str]
    """What is said now: one, or one for each plural form of the language. What is in braces is filled in."""
    standard: list[str]
    """What Plats says by itself."""
    own: bool
    """Whether the words are an administrator's."""
    reviewed: bool
    """Whether somebody who speaks the language has signed them off; who writes their own has."""
    revision: int
    """Raised by each change; 0 where there never was any."""
    changed_at: datetime | None
    placeholders: list[str]
    """What is filled in, and has to stay."""
    example: ExampleView | None
    """None where it is only said with names between the usual and the longest."""


class Texts(Model):
    """Everything that messages say in a language."""

    language: str
    languages: list[str]
    """All that there are."""
    items: list[TextView]
    next: None = None


class WordsBody(Strict):
    """Words of the library's own."""

    forms: Annotated[list[Annotated[str, Field(max_length=2000)]], Field(min_length=1, max_length=_MOST_FORMS)]
    revision: Annotated[int, Field(strict=True, ge=0)] | None = None
    """The revision these words were made from; another present one is refused."""


class _Known(NamedTuple):
    """A text that there is, and what was ever said instead."""

    text: Text
    standard: i18n.Text
    own: OwnWords | None

    @property
    def forms(self) -> Sequence[str]:
        """What is said now."""
        return (self.own and self.own.forms) or self.standard.forms


@api.get("/v1/texts", problems=("unauthorized", "forbidden", "unknown-text", "invalid"))
async def texts(request: web.Request, query: TextsQuery) -> Texts:
    """Everything that messages say in a language, each text in a message as it arrives (administrators)."""
    await request.app[IDENTITY].administrator(request, _ONLY)
    if query.language not in CATALOGS:
        raise _unknown()
    own = await request.app[DATABASE].transact(store.own_words)
    said = {words.key: words for words in own if words.language == query.language}
    found = await request.app[VOICE].examples(query.language, request.app[SETTINGS].timezone)
    return Texts(
        language=query.language,
        languages=CATALOGS.tags,
        items=[
            _view(_Known(Text(query.language, key), standard, said.get(key)), found.get(key))
            for key, standard in wording.standard(query.language).items()
        ],
    )


@api.get("/v1/texts/{language}/{id}", problems=("unauthorized", "forbidden", "unknown-text"))
async def text(request: web.Request) -> TextView:
    """One text, in whose words it is said, and in a message as it arrives (administrators)."""
    await request.app[IDENTITY].administrator(request, _ONLY)
    return await _shown(request, await _known(request))


@api.put(
    "/v1/texts/{language}/{id}",
    problems=("unauthorized", "forbidden", "unknown-text", "unfit-words", "stale-revision", "invalid"),
)
async def put_text(request: web.Request, body: WordsBody) -> TextView:
    """Say a text in the library's own words (administrators); every process does within a second or two.

    What is filled in has to stay, so does how one answers, and an SMS has to be one part with the longest names:
    ``unfit-words`` says in ``objections`` what is not so.
    """
    staff = await request.app[IDENTITY].administrator(request, _ONLY)
    known = await _known(request)
    await _check(request, known.text, body.forms)
    present = await request.app[DATABASE].transact(
        lambda conn: usecases.say(conn, staff, known.text, body.forms, body.revision)
    )
    if present is not None:
        said = known.own.forms if known.own else None
        raise _stale(present, said or known.standard.forms)
    request.app[VOICE].expire()
    return await _shown(request, await _known(request))


@api.post(
    "/v1/texts/{language}/{id}/preview",
    problems=("unauthorized", "forbidden", "unknown-text", "unfit-words", "invalid"),
)
async def preview_text(request: web.Request, body: WordsBody) -> TextView:
    """How a text would be said in these words, if they can be; nothing is changed (administrators)."""
    await request.app[IDENTITY].administrator(request, _ONLY)
    known = await _known(request)
    await _check(request, known.text, body.forms)
    return await _shown(request, known, body.forms)


@api.delete("/v1/texts/{language}/{id}", problems=("unauthorized", "forbidden", "unknown-text"))
async def delete_text(request: web.Request) -> web.Response:
    """Say a text as Plats does by itself again (administrators)."""
    staff = await request.app[IDENTITY].administrator(request, _ONLY)
    known = await _known(request)
    await request.app[DATABASE].transact(lambda conn: usecases.say(conn, staff, known.text, None, None))
    request.app[VOICE].expire()
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def _known(request: web.Request) -> _Known:
    """The text that a path names, with what was ever said instead.

    Raises:
        Problem: 404 where there is none.
    """
    text = Text(request.match_info["language"], request.match_info["id"])
    standard = wording.standard(text.language).get(text.key)
    if standard is None:
        raise _unknown()
    own = await request.app[DATABASE].transact(store.own_words)
    return _Known(text, standard, next((words for words in own if (words.language, words.key) == text), None))


async def _check(request: web.Request, text: Text, forms: Sequence[str]) -> None:
    """Let only those words pass that can be said.

    Raises:
        Problem: 422 that names why.
    """
    wanted = len(wording.standard(text.language)[text.key].forms)
    if len(forms) != wanted:
        detail = f"this language has {wanted} forms for it"
        raise _refused("invalid", [FieldError(field="forms", detail=detail)])
    catalogs = await request.app[VOICE].catalogs()
    zone = request.app[SETTINGS].timezone
    found = await asyncio.to_thread(wording.objections, text.language, text.key, forms, zone, catalogs)
    if found:
        raise _refused(
            "unfit-words",
            [FieldError(field=f"forms.{one.form}", detail=f"{one.why}: {one.value}".rstrip(": ")) for one in found],
            objections=[{"form": one.form, "why": one.why, "value": one.value} for one in found],
        )


async def _shown(request: web.Request, known: _Known, forms: Sequence[str] = ()) -> TextView:
    """A text as it is said now, or as it would be in these words."""
    language, key = known.text
    catalogs = (await request.app[VOICE].catalogs()).saying({language: {key: forms or known.forms}})
    example = await asyncio.to_thread(wording.example, language, key, request.app[SETTINGS].timezone, catalogs)
    return _view(known, example, forms)


def _view(known: _Known, example: Example | None, forms: Sequence[str] = ()) -> TextView:
    own = known.own if known.own and known.own.forms is not None else None
    return TextView(
        language=known.text.language,
        id=known.text.key,
        forms=list(forms or known.forms),
        standard=list(known.standard.forms),
        own=own is not None or bool(forms),
        reviewed=own is not None or known.standard.reviewed,
        revision=known.own.revision if known.own else 0,
        changed_at=known.own.changed_at if known.own else None,
        placeholders=list(wording.placeholders(*known.standard.forms)),
        example=example
        and ExampleView(
            channel=example.channel,
            longest=example.names == "longest",
            text=example.text,
            subject=example.subject,
            parts=example.parts,
        ),
    )


def _unknown() -> Problem:
    return Problem("unknown-text", 404, "There is no such text")


def _stale(revision: int, forms: Sequence[str]) -> Problem:
    return Problem(
        "stale-revision",
        409,
        "Somebody else changed the text meanwhile",
        field="revision",
        members={"revision": revision, "forms": list(forms)},
    )


def _refused(type_: str, errors: Sequence[FieldError], **members: JsonValue) -> Problem:
    return Problem(
        type_,
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "These words cannot be said",
        errors=tuple(errors),
        detail=errors[0].detail,
        members=members,
    )
