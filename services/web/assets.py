"""Style sheet and images, served under names that change with their content and are kept for a year."""

import hashlib
import mimetypes
from pathlib import Path

from aiohttp import hdrs, web


class Assets:
    """The files below ``static``, read once."""

    def __init__(self, folder: Path) -> None:
        self._paths: dict[str, str] = {}
        self._files: dict[str, tuple[bytes, str]] = {}
        for file in sorted(folder.iterdir()):
            content = file.read_bytes()
            name = f"{file.stem}.{hashlib.sha256(content).hexdigest()[:12]}{file.suffix}"
            self._paths[file.name] = f"/static/{name}"
            self._files[name] = (content, mimetypes.types_map[file.suffix])

    def path(self, name: str) -> str:
        """Where the page finds a file as it is now."""
        return self._paths[name]

    async def serve(self, request: web.Request) -> web.Response:
        """``GET /static/{name}``."""
        try:
            content, content_type = self._files[request.match_info["name"]]
        except KeyError:
            raise web.HTTPNotFound from None
        return web.Response(
            body=content,
            content_type=content_type,
            charset="utf-8",
            headers={hdrs.CACHE_CONTROL: "public, max-age=31536000, immutable"},
        )
