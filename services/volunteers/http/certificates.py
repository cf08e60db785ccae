"""A volunteer's certificate as a file."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated

from aiohttp import hdrs, web
from pydantic import Field, StringConstraints

from services.volunteers import certificate as paper
from services.volunteers.certificate import Certificate, Part, Tongue
from services.volunteers.domain.refusals import NoHours
from services.volunteers.http import helper
from services.volunteers.http.api import IDENTITY, api
from services.volunteers.http.days import LocalDate, midnight
from services.volunteers.http.hours import file_name, of_ours, volunteer_id
from services.volunteers.queries import hours as queries
from shared import audit
from shared.keys import DATABASE, ZONE
from shared.models import Strict

if TYPE_CHECKING:
    from uuid import UUID

    from services.volunteers.queries.hours import Certified
    from shared.db import Connection

_DAY = timedelta(days=1)

Signer = Annotated[str, StringConstraints(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]


class CertificateQuery(Strict):
    """What a certificate is to tell of: local days, ``to`` exclusive; left out, everything until today."""

    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    to: LocalDate | None = None
    lang: Tongue = "sv"


class SignedQuery(CertificateQuery):
    """The same, and who signs it."""

    signer: Signer = ""
    """Left out: written by hand."""


@api.get(
    "/v1/me/certificate.pdf",
    media=paper.MEDIA,
    problems=("unauthorized", "forbidden", "no-hours", "unwritable", "invalid"),
)
async def my_certificate(request: web.Request, query: CertificateQuery) -> web.Response:
    """Give one's own certificate; who signs it does so by hand."""
    id_ = await helper.volunteer(request)
    async with request.app[DATABASE].pool.acquire(timeout=2) as conn:
        found = await _certified(request, conn, id_, query)
    return await _sheet(request, found, query, "")


@api.get(
    "/v1/volunteers/{id}/certificate.pdf",
    media=paper.MEDIA,
    problems=("unauthorized", "forbidden", "unknown-volunteer", "no-hours", "unwritable", "invalid"),
)
async def certificate(request: web.Request, query: SignedQuery) -> web.Response:
    """Give a volunteer's certificate (staff of one of their libraries). The audit keeps it."""
    staff = await request.app[IDENTITY].staff(request)
    id_ = volunteer_id(request)

    async def work(conn: Connection) -> Certified:
        found = await _certified(request, conn, id_, query)
        of_ours(staff, found.branches)
        await audit.note(conn, staff, "certificate-read", "volunteer", id_, branch=None)
        return found

    return await _sheet(request, await request.app[DATABASE].transact(work), query, query.signer)


async def _certified(request: web.Request, conn: Connection, id_: UUID, query: CertificateQuery) -> Certified:
    zone = request.app[ZONE]
    now: datetime = await conn.fetchval("SELECT clock_timestamp()")
    until = midnight(query.to or now.astimezone(zone).date() + _DAY, zone)
    return await queries.certified(conn, id_, midnight(query.from_, zone) if query.from_ else None, until)


async def _sheet(request: web.Request, found: Certified, query: CertificateQuery, signer: str) -> web.Response:
    """The certificate as a file.

    Raises:
        NoHours: nothing was counted in its time, or of somebody whose name is not known any more.
        Unwritable: a name is in a script that there is no font for here.
    """
    if not found.tasks or found.first is None or found.name is None:
        raise NoHours("no hours were counted in that time")
    zone = request.app[ZONE]
    issued = found.now.astimezone(zone)
    made = Certificate(
        name=found.name,
        first=query.from_ or found.first.astimezone(zone).date(),
        last=min(query.to - _DAY, issued.date()) if query.to else issued.date(),
        parts=[Part(task=each.task, times=each.times, minutes=each.minutes) for each in found.tasks],
        libraries=found.libraries,
        partner=found.partner,
        signer=signer,
        issued=issued,
    )
    body = await asyncio.to_thread(paper.written, made, query.lang)
    headers = {hdrs.CONTENT_DISPOSITION: file_name("intyg", "pdf", issued.date()), hdrs.CACHE_CONTROL: "no-store"}
    return web.Response(body=body, content_type=paper.MEDIA, headers=headers)
