"""How an answer travels: compressed where that is safe, and not again when the browser has it already."""

import hashlib
from http import HTTPStatus

from aiohttp import ETag, hdrs, web

_NEVER = {"q=0", "q=0.0", "q=0.00", "q=0.000"}


def over_tls(request: web.Request) -> bool:
    """Whether the visitor's own connection is encrypted, as the proxy that ends TLS says."""
    return request.headers.get("X-Forwarded-Proto", request.scheme) == "https"


def codings(request: web.Request) -> set[str]:
    """The content codings that the browser understands."""
    parts = (part.partition(";") for part in request.headers.get(hdrs.ACCEPT_ENCODING, "").lower().split(","))
    return {coding.strip() for coding, _, weight in parts if weight.replace(" ", "") not in _NEVER}


def is_known(request: web.Request, tag: ETag) -> bool:
    """Whether the browser says that it has this version already."""
    return any(known.value in {tag.value, "*"} for known in request.if_none_match or ())


def for_everybody(request: web.Request, text: str, content_type: str, *, status: int = HTTPStatus.OK) -> web.Response:
    """An answer that is the same for everybody: asked about each time, sent when it has changed, and compressed.

    Never for one that holds something of somebody's: next to words that another chose, say in an address that they
    made somebody open, its compressed length betrays the secret letter by letter (the attack called BREACH).
    """
    response = web.Response(
        text=text,
        status=status,
        content_type=content_type,
        headers={hdrs.CACHE_CONTROL: "no-cache", hdrs.VARY: hdrs.ACCEPT_ENCODING},
    )
    if status == HTTPStatus.OK:
        response.etag = ETag(hashlib.sha256(text.encode()).hexdigest()[:16], is_weak=True)
        if is_known(request, response.etag):
            response.set_status(HTTPStatus.NOT_MODIFIED)
            response.body = None
            return response
    if "gzip" in codings(request):
        response.enable_compression(web.ContentCoding.gzip)
    return response
