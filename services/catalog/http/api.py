"""The endpoints, and what they all need."""

from __future__ import annotations

from typing import TYPE_CHECKING

from aiohttp import hdrs, web

from services.catalog.domain import UnknownBranch
from services.catalog.settings import CatalogSettings
from shared.auth import IdentityProvider, Staff
from shared.http import Api, path_id
from shared.problems import Problem

if TYPE_CHECKING:
    from uuid import UUID

    from aiohttp.typedefs import Handler


SETTINGS = web.AppKey("settings", CatalogSettings)
IDENTITY = web.AppKey("identity", IdentityProvider)
STAFF = web.RequestKey("staff", Staff)


api = Api()


@web.middleware
async def signed_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Whoever changes the programme signs in first: before their request is read, or said to be wrong."""
    changes = request.match_info.http_exception is None and request.method not in {hdrs.METH_GET, hdrs.METH_HEAD}
    if changes:
        request[STAFF] = await request.app[IDENTITY].staff(request)
    return await handler(request)


def branch_id(request: web.Request) -> str:
    """The branch a path names; what the database could not even be asked for names none."""
    named = request.match_info["id"]
    if not named.isprintable():
        raise UnknownBranch("there is no such branch")
    return named


def session_id(request: web.Request) -> UUID:
    """The session a path names; what is no id names none."""
    return path_id(request, "id", Problem("unknown-session", 404, "There is no such session"))
