"""What a change would tell, to whom and at what cost, before it is made; and what may be announced."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Literal, get_args
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime, Field

from services.notify import domain, previewing, queries, store
from services.notify.http.api import IDENTITY, SETTINGS, VOICE, api, require_staff
from services.notify.messages import Change, Parameters
from services.notify.previewing import By, Circumstances, Group, News, Stands
from services.notify.queries import Known
from shared.db import Connection
from shared.events import Announcement, SessionState
from shared.keys import DATABASE
from shared.models import Model, Strict
from shared.problems import FieldError, Problem

_MOST_GROUPS = 200
_MOST_PEOPLE = 100_000

Told = Literal["rescheduled", "session_cancelled", "announced"]


class Changes(Strict):
    """What would be different from now."""

    starts_at: AwareDatetime | None = None
    ends_at: AwareDatetime | None = None
    room: Annotated[str, Field(max_length=60)] | None = None
    branch_id: Annotated[str, Field(max_length=40)] | None = None
    next_session_id: UUID | None = None
    """Of a session that would be cancelled: where people could come instead."""
    announcement: Announcement | None = None


class People(Strict):
    """So many people with the same language, who are reached the same way."""

    language: Annotated[str, Field(max_length=20)]
    channel: By
    count: Annotated[int, Field(ge=0, le=_MOST_PEOPLE)]
    state: Stands = "confirmed"


class PreviewRequest(Strict):
    """A change that somebody thinks of."""

    template: Told
    session_id: UUID
    changes: Changes = Changes()
    people: Annotated[list[People], Field(max_length=_MOST_GROUPS)]


class Text(Model):
    """What some of them would get."""

    language: str
    """Which they asked for."""
    text_language: str
    """The same, or Swedish where we have no words in it."""
    channel: By
    state: Stands
    people: int
    subject: str | None
    """Of a mail."""
    text: str
    """The SMS with a code as an example, the mail, or what is said to those who are rung up."""
    parts_each: int
    """SMS parts for one person."""
    parts: int


class Preview(Model):
    """What would leave, and when."""

    sends_at: AwareDatetime
    """When it would leave at the earliest, if it were told now: people are written to in permitted hours only."""
    texts: list[Text]
    parts: int
    """SMS parts for all."""
    cost: Decimal
    """In kronor, by the installation's price for a part; an estimate."""
    to_call: int
    """People who get no message: somebody has to ring them."""
    at_door: int
    """People whom nobody can reach before they come."""


class AnnouncementText(Model):
    """One of the things that may be announced, with its words in each of our languages."""

    id: Announcement
    texts: Mapping[str, str]
    """The sentence by language; title, day, time and place stand before it. What is in braces is filled in."""


class Announcements(Model):
    """All of them."""

    items: list[AnnouncementText]
    next: None = None


@api.get("/v1/announcements", problems=("unauthorized", "forbidden"))
async def announcements(request: web.Request) -> Announcements:
    """What staff may tell everybody of a session; nothing else is announced."""
    await request.app[IDENTITY].staff(request)
    catalogs = await request.app[VOICE].catalogs()
    return Announcements(
        items=[
            AnnouncementText(id=key, texts={tag: catalogs[tag].gettext(f"announcement.{key}") for tag in catalogs.tags})
            for key in get_args(Announcement)
        ]
    )


@api.post("/v1/previews", problems=("unauthorized", "forbidden", "unknown-session", "invalid"))
async def preview(request: web.Request, body: PreviewRequest) -> Preview:
    """What people would get if a session changed so; nothing is told. For staff of the branch that holds it."""
    await request.app[IDENTITY].staff(request)
    settings = request.app[SETTINGS]
    async with request.app[DATABASE].transaction() as conn:
        known = await queries.session(conn, body.session_id)
        if known is None:
            raise Problem("unknown-session", 404, "There is no such session", field="session_id")
        await require_staff(request, known.facts.branch.id)
        now = await queries.clock(conn)
        if body.changes.starts_at and body.changes.starts_at <= now:
            raise _invalid("changes.starts_at", "that is over already")
        news = await _news(conn, body, known)
        policy = await store.decided(conn, settings.policy)
    groups = [
        Group(language=some.language, by=some.channel, standing=some.state, people=some.count) for some in body.people
    ]
    catalogs = await request.app[VOICE].catalogs()
    told = Circumstances(now=now, zone=settings.timezone, catalogs=catalogs, public_url=settings.public_url)
    found = previewing.samples(news, groups, told)
    texts = [_text(sample) for sample in found]
    parts = sum(text.parts for text in texts)
    return Preview(
        sends_at=domain.permitted_from(now, news.template, news.session.starts_at, policy),
        texts=texts,
        parts=parts,
        cost=parts * settings.sms_part_price,
        to_call=_people(texts, "call"),
        at_door=_people(texts, "door"),
    )


def _people(texts: list[Text], channel: By) -> int:
    return sum(text.people for text in texts if text.channel == channel)


def _text(sample: previewing.Sample) -> Text:
    return Text(
        language=sample.group.language,
        text_language=sample.language,
        channel=sample.group.by,
        state=sample.group.standing,
        people=sample.group.people,
        subject=sample.subject,
        text=sample.text,
        parts_each=sample.parts,
        parts=sample.parts * sample.group.people,
    )


async def _news(conn: Connection, body: PreviewRequest, known: Known) -> News:
    """What would be told.

    Raises:
        Problem: 422 where the change is none, or cannot be.
    """
    match body.template:
        case "rescheduled":
            after = await _after(conn, body.changes, known.facts)
            changed = _changed(known.facts, after)
            if not changed:
                raise _invalid("changes", "nothing that people are told of would change")
            return News(template="rescheduled", parameters=Parameters(persons=1, changed=changed), session=after)
        case "session_cancelled":
            following = await _following(conn, body.changes.next_session_id)
            parameters = Parameters(persons=1)
            return News(
                template="session_cancelled", parameters=parameters, session=known.facts, next_session=following
            )
        case "announced":
            if body.changes.announcement is None:
                raise _invalid("changes.announcement", "say which announcement")
            parameters = Parameters(persons=1, announcement=body.changes.announcement)
            return News(template="announced", parameters=parameters, session=known.facts)


async def _after(conn: Connection, changes: Changes, facts: SessionState) -> SessionState:
    """The session as it would be. Without a new end it lasts as long as before."""
    starts_at = changes.starts_at or facts.starts_at
    ends_at = changes.ends_at or starts_at + (facts.ends_at - facts.starts_at)
    if ends_at <= starts_at:
        raise _invalid("changes.ends_at", "the end is not after the start")
    branch = facts.branch
    if changes.branch_id is not None:
        found = await queries.branch(conn, changes.branch_id)
        if found is None:
            raise _invalid("changes.branch_id", "no session of this branch is known")
        branch = found
    room = facts.room if changes.room is None else changes.room
    return facts.model_copy(update={"starts_at": starts_at, "ends_at": ends_at, "room": room, "branch": branch})


def _changed(before: SessionState, after: SessionState) -> tuple[Change, ...]:
    """What booking would tell of: the start or the end, the library or the room."""
    time = _when(before) != _when(after)
    place = (before.branch.id, before.room) != (after.branch.id, after.room)
    changes: Mapping[Change, bool] = {"place": place, "time": time}
    return tuple(change for change, differs in changes.items() if differs)


def _when(session: SessionState) -> tuple[datetime, datetime]:
    return session.starts_at, session.ends_at


async def _following(conn: Connection, session_id: UUID | None) -> SessionState | None:
    if session_id is None:
        return None
    found = await queries.session(conn, session_id)
    if found is None or found.status != "published":
        raise _invalid("changes.next_session_id", "there is no such session on offer")
    return found.facts


def _invalid(field: str, detail: str) -> Problem:
    return Problem(
        "invalid",
        422,
        "Something in the request is not right",
        errors=(FieldError(field=field, detail=detail),),
        detail=detail,
    )
