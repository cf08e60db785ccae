"""What pages link to, served under names that change with their content and are kept for a year."""

import json
from http import HTTPStatus
from pathlib import Path
from typing import NamedTuple

from aiohttp import ETag, hdrs, web

from services.web.transfer import codings, is_known

_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_COMPRESSED = {"br": ".br", "gzip": ".gz"}
"""Content codings and how their copies are called, the smallest first."""


class _File(NamedTuple):
    content: bytes
    compressed: dict[str, bytes]
    """The same by content coding, the smallest first."""
    content_type: str
    tag: ETag


class Assets:
    """The files that ``plats build`` makes, read once."""

    def __init__(self, folder: Path) -> None:
        """Read them.

        Raises:
            FileNotFoundError: they were never made; it says what to do.
        """
        manifest = folder / "manifest.json"
        if not manifest.exists():
            raise FileNotFoundError(f"{folder} lacks the pages' style sheet and fonts. Make them with: ./plats build")
        served: dict[str, str] = json.loads(manifest.read_text())
        self._paths = {name: f"/static/{file}" for name, file in served.items()}
        self._files = {file: _read(folder / file) for file in served.values()}

    def path(self, name: str) -> str:
        """Where the page finds a file as it is now.

        Raises:
            LookupError: there is none; it says what to do.
        """
        try:
            return self._paths[name]
        except KeyError:
            raise LookupError(f"{name} was not there when the pages' files were made. Run: ./plats build") from None

    async def serve(self, request: web.Request) -> web.Response:
        """``GET /static/{name}``."""
        try:
            file = self._files[request.match_info["name"]]
        except KeyError:
            raise web.HTTPNotFound from None
        response = web.Response(headers={hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable"})
        response.etag = file.tag
        if file.compressed:
            response.headers[hdrs.VARY] = hdrs.ACCEPT_ENCODING
        if is_known(request, file.tag):
            response.set_status(HTTPStatus.NOT_MODIFIED)
            return response
        response.headers[hdrs.CONTENT_TYPE] = file.content_type
        understood = codings(request)
        coding = next((coding for coding in file.compressed if coding in understood), None)
        if coding:
            response.headers[hdrs.CONTENT_ENCODING] = coding
        response.body = file.compressed[coding] if coding else file.content
        return response


def _read(file: Path) -> _File:
    copies = {coding: file.with_name(f"{file.name}{suffix}") for coding, suffix in _COMPRESSED.items()}
    return _File(
        content=file.read_bytes(),
        compressed={coding: copy.read_bytes() for coding, copy in copies.items() if copy.exists()},
        content_type=_TYPES[file.suffix],
        tag=ETag(file.stem.rpartition(".")[2], is_weak=True),
    )
