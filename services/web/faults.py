"""What people type into any form, and what may be wrong with it: said beside the field, in words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from aiohttp import web

from services.web.rendering import msgid

MAX_NUMBER = 6
"""Signs of a number of people; with more it is larger than any party."""
NUMBER = msgid("Skriv antalet med siffror, till exempel 2.")
OTHER = msgid("Något gick fel. Läs igenom det du har skrivit och försök igen.")

_NOT_TYPED = re.compile(r"[\x00-\x1f\x7f]")
"""Control characters, which no keyboard puts into a field. Each would take six bytes of a draft's few."""


class Fault(NamedTuple):
    """One thing to put right. ``text`` is a msgid, filled with ``values``; ``field`` is None for the whole form."""

    field: str | None
    text: str
    values: Mapping[str, object] = MappingProxyType({})
    wait: int | None = None
    """Seconds until trying again helps, where only that does; ``wait`` in the text, in words."""
    label: Mapping[str, str] | None = None
    """What the field is called by language, where the library wrote the question; ``label`` in the text."""


async def typed(request: web.Request) -> dict[str, str]:
    """The texts of a posted form, without the spaces around them.

    Raises:
        web.HTTPUnsupportedMediaType: The body is no form as our pages send it.
        web.HTTPBadRequest: It is in an unknown character encoding, or not in the one it says.
    """
    if request.content_type != "application/x-www-form-urlencoded":
        raise web.HTTPUnsupportedMediaType
    try:
        posted = await request.post()
    except (ValueError, LookupError) as error:
        raise web.HTTPBadRequest from error
    return {name: value.strip() for name, value in posted.items() if isinstance(value, str)}


def seen(text: str) -> str:
    """The letters of it that can be seen."""
    return _NOT_TYPED.sub("", text)


def is_number(text: str) -> bool:
    """Whether this is a whole number, in digits of any script."""
    return re.fullmatch(r"[+-]?\d+", text) is not None


def number(text: str) -> int:
    """The number, for a text that is one; of what is far too large as much as makes it too large."""
    return int(text[: MAX_NUMBER + 1])
