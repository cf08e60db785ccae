"""A form that was sent and could not be taken yet: kept whole, to be sent again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.web.staff.frame import CSRF_FIELD
from shared.models import Model

if TYPE_CHECKING:
    from aiohttp import web

_URLENCODED = "application/x-www-form-urlencoded"


class SentForm(Model):
    """Where a form was sent, and what was typed."""

    path: str
    fields: tuple[tuple[str, str], ...]


def can_be_kept(request: web.Request) -> bool:
    """Whether a form is one that is kept: files are not."""
    return request.content_type == _URLENCODED


async def sent(request: web.Request) -> SentForm:
    """What a request sent, without what only its own page knew."""
    given = await request.post()
    fields = tuple((name, value) for name, value in given.items() if isinstance(value, str) and name != CSRF_FIELD)
    return SentForm(path=request.rel_url.raw_path_qs, fields=fields)
