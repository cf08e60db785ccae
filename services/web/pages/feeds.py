"""What other programs read: calendars of the programme, and what search engines ask for."""

from __future__ import annotations

from http import HTTPStatus
from itertools import product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from aiohttp import hdrs, web

from services.web.keys import CATALOG, SETTINGS, SITE
from services.web.rendering import LANGUAGE
from services.web.upstream import Session

if TYPE_CHECKING:
    from collections.abc import Iterable

_WISHES = ("branch", "kind", "language")
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_A_CATALOG_PAGE = 100
_FIXED = ("", "branches", "about/privacy", "about/accessibility")

ET.register_namespace("", _SITEMAP)
ET.register_namespace("xhtml", _XHTML)


def routes(home: str) -> list[web.RouteDef]:
    """Where these are."""
    return [
        web.get(f"{home}/calendar.ics", calendar),
        web.get(home + "/branches/{branch}/calendar.ics", branch_calendar),
        web.get("/sitemap.xml", sitemap),
        web.get("/robots.txt", robots),
    ]


async def calendar(request: web.Request) -> web.Response:
    """``GET /{language}/calendar.ics?branch&kind&language``: what fits these wishes, as a calendar to subscribe to."""
    wanted = {name: request.query[name] for name in _WISHES if request.query.get(name)}
    return await _calendar(request, "/v1/calendar.ics", wanted)


async def branch_calendar(request: web.Request) -> web.Response:
    """``GET /{language}/branches/{id}/calendar.ics?kind``: what happens at a library."""
    kind = request.query.get("kind")
    path = f"/v1/branches/{request.match_info['branch']}/calendar.ics"
    return await _calendar(request, path, {"kind": kind} if kind else {})


async def _calendar(request: web.Request, path: str, wanted: dict[str, str]) -> web.Response:
    asked = wanted | {"lang": request[LANGUAGE].tag}
    feed = await request.app[CATALOG].calendar(path, asked, request.headers.get(hdrs.IF_NONE_MATCH))
    headers = {hdrs.ETAG: feed.etag, hdrs.CACHE_CONTROL: "no-cache"}
    if feed.body is None:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    return web.Response(body=feed.body, headers=headers | {hdrs.CONTENT_TYPE: "text/calendar; charset=utf-8"})


async def sitemap(request: web.Request) -> web.Response:
    """``GET /sitemap.xml``: every page that is the same for everybody, with its other languages (sitemaps.org).

    Raises:
        web.HTTPNotFound: the installation does not know its own public address.
    """
    public_url = request.app[SETTINGS].public_url
    if not public_url:
        raise web.HTTPNotFound
    catalog = request.app[CATALOG]
    branches = [f"branches/{branch.id}" for branch in (await catalog.branches()).items]
    sessions = [f"sessions/{session.id}" for session in await _all_sessions(request)]
    tags = request.app[SITE].catalogs.tags
    document = _document(public_url, tags, [*_FIXED, *branches, *sessions])
    return web.Response(body=document, content_type="application/xml", charset="utf-8")


async def _all_sessions(request: web.Request) -> list[Session]:
    found: list[Session] = []
    cursor: str | None = ""
    while cursor is not None:
        asked = {"limit": str(_A_CATALOG_PAGE)} | ({"cursor": cursor} if cursor else {})
        page = await request.app[CATALOG].sessions(asked)
        found += page.items
        cursor = page.next
    return found


def _document(public_url: str, tags: list[str], paths: Iterable[str]) -> bytes:
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for path, tag in product(paths, tags):
        url = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = f"{public_url}/{tag}/{path}"
        for other in tags:
            href = f"{public_url}/{other}/{path}"
            ET.SubElement(url, f"{{{_XHTML}}}link", rel="alternate", hreflang=other, href=href)
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


async def robots(request: web.Request) -> web.Response:
    """``GET /robots.txt``: the programme is for everybody, what belongs to one visitor is not."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{tag}/{own}" for tag in request.app[SITE].catalogs.tags for own in ("my-booking", "booked")]
    if public_url := request.app[SETTINGS].public_url:
        lines.append(f"Sitemap: {public_url}/sitemap.xml")
    return web.Response(text="\n".join(lines) + "\n", headers={hdrs.CACHE_CONTROL: "max-age=86400"})
