"""A private calendar to follow: whoever has its address reads it, until it is revoked."""

from __future__ import annotations

import asyncio
import hashlib
import secrets
from datetime import timedelta
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import hdrs, web
from pydantic import AwareDatetime

from services.volunteers.http import helper
from services.volunteers.http.api import api
from services.volunteers.queries import calendar as queries
from services.volunteers.store import calendars as store
from shared import calendars
from shared.calendars import Occasion
from shared.keys import DATABASE, ZONE
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from services.volunteers.queries.calendar import Diary
    from shared.db import Connection
    from shared.events import SessionState, Titles

_BYTES = 24
_ASK_AGAIN = timedelta(hours=1)
_NAMES = {"sv": "Mina pass", "en": "My shifts"}


class CalendarGiven(Model):
    """A private calendar that was made now: its address is shown this once."""

    secret: str
    url: str
    """On this service."""
    made_at: AwareDatetime


class CalendarKnown(Model):
    """Whether there is a private calendar; its address is not known here any more."""

    made_at: AwareDatetime | None


@api.get("/v1/me/calendar", problems=("unauthorized", "forbidden"))
async def my_calendar(request: web.Request) -> CalendarKnown:
    """Tell whether one has a private calendar, and since when."""
    id_ = await helper.volunteer(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        return CalendarKnown(made_at=await store.since(conn, id_))


@api.post("/v1/me/calendar", status=HTTPStatus.CREATED, problems=("unauthorized", "forbidden"))
async def make_calendar(request: web.Request) -> CalendarGiven:
    """Make a private calendar; one that there was before is revoked."""
    id_ = await helper.volunteer(request)
    secret = secrets.token_urlsafe(_BYTES)

    async def work(conn: Connection) -> CalendarGiven:
        made_at = await store.give(conn, id_, _hash(secret))
        return CalendarGiven(secret=secret, url=f"/v1/calendar/{secret}.ics", made_at=made_at)

    return await request.app[DATABASE].transact(work)


@api.delete("/v1/me/calendar", problems=("unauthorized", "forbidden"))
async def revoke_calendar(request: web.Request) -> web.Response:
    """Revoke the private calendar; without one that is so already."""
    id_ = await helper.volunteer(request)

    async def work(conn: Connection) -> None:
        await store.revoke(conn, id_)

    await request.app[DATABASE].transact(work)
    return web.Response(status=HTTPStatus.NO_CONTENT)


@api.get("/v1/calendar/{secret}.ics", media=calendars.MEDIA, problems=("unknown-calendar",))
async def calendar(request: web.Request) -> web.Response:
    """Follow what one said yes to. Nothing in it is of any visitor: calendars are kept by many."""
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        diary = await queries.diary(conn, _hash(request.match_info["secret"]))
    if diary is None:
        raise Problem("unknown-calendar", 404, "There is no such calendar", detail="it was revoked, or never was")
    body = await asyncio.to_thread(_written, diary, request.app[ZONE])
    etag = hashlib.sha256(body).hexdigest()
    headers = {hdrs.CACHE_CONTROL: "private, max-age=300", "X-Robots-Tag": "noindex"}
    if any(known.value in {etag, "*"} for known in request.if_none_match or ()):
        response = web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    else:
        response = web.Response(body=body, content_type=calendars.MEDIA, charset="utf-8", headers=headers)
    response.etag = etag
    return response


def _written(diary: Diary, zone: ZoneInfo) -> bytes:
    events = [
        calendars.event(
            Occasion(
                uid=f"{turn.id}@helping.plats",
                sequence=turn.revision,
                stamp=turn.changed_at,
                starts_at=turn.starts_at,
                ends_at=turn.ends_at,
                zone=zone,
                title=_in(diary.language, turn.session.titles),
                location=_place(turn.session),
                description=turn.session.branch.phone,
            )
        )
        for turn in diary.turns
    ]
    name = _NAMES.get(diary.language, _NAMES["sv"])
    return calendars.calendar(events, name=name, method="PUBLISH", refresh=_ASK_AGAIN)


def _in(language: str, titles: Titles) -> str:
    return titles.get(language) or titles["sv"]


def _place(session: SessionState) -> str:
    parts = (session.branch.name, session.room, session.branch.address)
    return ", ".join(part for part in parts if part)


def _hash(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
