"""Certificates of all who were at a session, printed by its staff."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import web

from services.web.keys import CATALOG
from services.web.pages.certificates import paper
from services.web.pages.staff.about_session import session_of
from services.web.staff import page, services
from services.web.upstream import SessionCertificates
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.upstream import BranchDetail


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(home + "/sessions/{session}/certificates", certificates)]


async def certificates(request: web.Request) -> web.Response:
    """``GET .../sessions/{id}/certificates``: one sheet of A4 for each. That they were read is kept in the audit."""
    session = await session_of(request)
    path = f"/v1/sessions/{session.id}/certificates"
    found = await services(request).booking.get(SessionCertificates, path)
    branch = await _branch(request, session.branch.id)
    papers = [paper(request, written, session, branch) for written in found.items]
    return page(request, "staff/certificates.html", {"session": session, "given": found.given, "papers": papers})


async def _branch(request: web.Request, branch_id: str) -> BranchDetail | None:
    """The library that gives them, unless catalog is away."""
    try:
        return await request.app[CATALOG].branch(branch_id)
    except Problem:
        return None
