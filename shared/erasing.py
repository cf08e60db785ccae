"""What was decided about erasing people's details, over HTTP: the endpoints that every service with a database has.

Each service keeps the decision for itself (decision 0020), so whoever records one does so in each of them: the same
again changes nothing, and `plats purge` and the doctor say where one is missing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date
from typing import Annotated, TypeAlias

from aiohttp import web
from pydantic import AfterValidator, AwareDatetime, Field

from shared import audit, erasure
from shared.auth import IdentityProvider
from shared.db import Connection
from shared.erasure import LONGEST, Decision, Old
from shared.events import INSTALLATION
from shared.http import Api
from shared.keys import DATABASE, ZONE
from shared.models import Model, Strict
from shared.problems import FieldError, Problem

_ONLY = "only administrators see and record what was decided about erasure"


Count: TypeAlias = Callable[[Connection, int], Awaitable[Old]]
"""Counts what ended more than so many days ago."""


async def nobody(_conn: Connection, _days: int) -> Old:
    """What a service counts that keeps nobody's details."""
    return Old()


def _printable(text: str) -> str:
    if not text.isprintable():
        raise ValueError("write it on one line")
    return text


class DecisionView(Model):
    """Somebody who may decided for how long details are kept."""

    reference: str
    """Under which it is found among the municipality's papers."""
    decided_on: date
    days: int
    """After the end of a session."""
    recorded_by: str
    """Who recorded it here, as the identity provider calls them."""
    recorded_at: AwareDatetime


class ErasureDecision(Model):
    """What counts."""

    decision: DecisionView | None
    """None while nobody has decided: then nothing about people is erased by its age."""


class DecisionBody(Strict):
    """What was decided."""

    reference: Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_printable)]
    decided_on: date
    days: Annotated[int, Field(strict=True, ge=1, le=LONGEST)]


class PreviewQuery(Strict):
    """A decision that somebody thinks of."""

    days: Annotated[int, Field(ge=1, le=LONGEST)]


class ErasurePreview(Model):
    """What would be erased within the hour if details were kept for so many days."""

    days: int
    people: int
    sessions: int


def serve(api: Api, identity: web.AppKey[IdentityProvider], count: Count) -> None:
    """Let a service's API show and record the decision, and count what it would erase."""

    @api.get("/v1/erasure-decision", problems=("unauthorized", "forbidden"))
    async def erasure_decision(request: web.Request) -> ErasureDecision:
        """What was decided about erasing people's details, as this service knows it (administrators)."""
        await request.app[identity].administrator(request, _ONLY)
        async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
            return await _shown(conn)

    @api.post("/v1/erasure-decision", problems=("unauthorized", "forbidden", "invalid"))
    async def decide_erasure(request: web.Request, body: DecisionBody) -> ErasureDecision:
        """Record what was decided (administrators). What is older is erased within the hour, and cannot come back.

        The same again changes nothing; something else is a new decision, and the older ones stay on record.
        """
        staff = await request.app[identity].administrator(request, _ONLY)
        zone = request.app[ZONE]

        async def work(conn: Connection) -> ErasureDecision:
            today: date = await conn.fetchval("SELECT (clock_timestamp() AT TIME ZONE $1)::date", zone.key)
            if body.decided_on > today:
                raise _too_early()
            new = Decision(
                reference=body.reference, decided_on=body.decided_on, days=body.days, recorded_by=staff.subject
            )
            if await erasure.record(conn, new):
                await audit.note(
                    conn,
                    staff,
                    "erasure-decided",
                    "installation",
                    INSTALLATION,
                    branch=None,
                    fields=list(type(body).model_fields),
                )
            return await _shown(conn)

        return await request.app[DATABASE].transact(work)

    @api.get("/v1/erasure-preview", problems=("unauthorized", "forbidden", "invalid"))
    async def preview_erasure(request: web.Request, query: PreviewQuery) -> ErasurePreview:
        """Count what would be erased if details were kept for so many days; nothing is erased (administrators)."""
        await request.app[identity].administrator(request, _ONLY)
        async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
            old = await count(conn, query.days)
        return ErasurePreview(days=query.days, people=old.people, sessions=old.sessions)


async def _shown(conn: Connection) -> ErasureDecision:
    found = await erasure.recorded(conn)
    if found is None:
        return ErasureDecision(decision=None)
    known, at = found
    view = DecisionView(
        reference=known.reference,
        decided_on=known.decided_on,
        days=known.days,
        recorded_by=known.recorded_by,
        recorded_at=at,
    )
    return ErasureDecision(decision=view)


def _too_early() -> Problem:
    detail = "a decision of a day to come is none yet"
    return Problem(
        "invalid",
        422,
        "Something in the request is not right",
        errors=(FieldError(field="decided_on", detail=detail),),
        detail=detail,
    )
