"""What other programs read: calendars of the programme, and what search engines ask for."""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from itertools import product
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from aiohttp import hdrs, web

from services.web.keys import CATALOG, SETTINGS, SITE
from services.web.rendering import LANGUAGE
from services.web.transfer import codings, for_everybody

if TYPE_CHECKING:
    from collections.abc import Iterable

    from services.web.upstream import Feed

_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"
_OWN = ("my-booking", "booked", "sessions/*/book", "sessions/*/queue")
"""What is for one visitor at a time. A question to book keeps seats for who opens it."""
_FIXED = ("", "branches", "volunteer/interest", "about/privacy", "about/accessibility")

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
    asked = _asked(request, "branch", "kind", "language")
    feed = await request.app[CATALOG].calendar(asked, request.headers.get(hdrs.IF_NONE_MATCH))
    return _answer(request, feed)


async def branch_calendar(request: web.Request) -> web.Response:
    """``GET /{language}/branches/{id}/calendar.ics?kind``: what happens at a library."""
    known = request.headers.get(hdrs.IF_NONE_MATCH)
    feed = await request.app[CATALOG].branch_calendar(request.match_info["branch"], _asked(request, "kind"), known)
    return _answer(request, feed)


def _asked(request: web.Request, *wishes: str) -> dict[str, str]:
    """What somebody wishes, and in which language."""
    wanted = {name: request.query[name] for name in wishes if request.query.get(name)}
    return wanted | {"lang": request[LANGUAGE].tag}


def _answer(request: web.Request, feed: Feed) -> web.Response:
    headers = {hdrs.ETAG: feed.etag, hdrs.CACHE_CONTROL: "no-cache", hdrs.VARY: hdrs.ACCEPT_ENCODING}
    if feed.body is None:
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    response = web.Response(body=feed.body, headers=headers | {hdrs.CONTENT_TYPE: "text/calendar; charset=utf-8"})
    if "gzip" in codings(request):
        response.enable_compression(web.ContentCoding.gzip)
    return response


async def sitemap(request: web.Request) -> web.Response:
    """``GET /sitemap.xml``: every page that is for everybody, with its other languages (sitemaps.org).

    Raises:
        web.HTTPNotFound: the installation does not know its own public address.
    """
    public_url = request.app[SETTINGS].public_url
    if not public_url:
        raise web.HTTPNotFound
    catalog = request.app[CATALOG]
    branches = [f"branches/{branch.id}" for branch in (await catalog.branches()).items]
    sessions = [f"sessions/{session.id}" for session in await catalog.every_session({"audience": "everyone"})]
    tags = request.app[SITE].catalogs.tags
    document = await asyncio.to_thread(_document, public_url, tags, [*_FIXED, *branches, *sessions])
    response = for_everybody(request, document, "application/xml")
    response.headers[hdrs.CACHE_CONTROL] = "public, max-age=3600"
    return response


def _document(public_url: str, tags: list[str], paths: Iterable[str]) -> str:
    root = ET.Element(f"{{{_SITEMAP}}}urlset")
    for path, tag in product(paths, tags):
        url = ET.SubElement(root, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = f"{public_url}/{tag}/{path}"
        for other in tags:
            href = f"{public_url}/{other}/{path}"
            ET.SubElement(url, f"{{{_XHTML}}}link", rel="alternate", hreflang=other, href=href)
    document: str = ET.tostring(root, encoding="unicode", xml_declaration=True)
    return document


async def robots(request: web.Request) -> web.Response:
    """``GET /robots.txt``: the programme is for everybody, what belongs to one visitor is not."""
    lines = ["User-agent: *"]
    lines += [f"Disallow: /{tag}/{own}" for tag in request.app[SITE].catalogs.tags for own in _OWN]
    if public_url := request.app[SETTINGS].public_url:
        lines.append(f"Sitemap: {public_url}/sitemap.xml")
    return web.Response(text="\n".join(lines) + "\n", headers={hdrs.CACHE_CONTROL: "max-age=86400"})
