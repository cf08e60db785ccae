"""Two people change the same session at once: whoever comes second sees both, and nothing of either is lost."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from services.web.staff.changing import Collision
from services.web.staff.frame import CSRF_FIELD, page
from services.web.staff.sessions import Seen

_OWN = frozenset({CSRF_FIELD, "revision", "leave", "by", "step", "confirmed"})
"""What the form that is sent again has anew, or is asked again."""


def collided(request: web.Request, one: Seen, collision: Collision, form: Mapping[str, str]) -> web.Response:
    """What was, what somebody else made of it, and what was wanted, side by side; which can be sent again."""
    kept = {name: value for name, value in form.items() if name not in _OWN}
    if by := form.get("by"):
        kept["seats"] = str(int(form["seats"]) + int(by))
    context = {
        "seen": one,
        "collision": collision,
        "path": request.path,
        "fields": kept | {"revision": str(collision.revision), "leave": " ".join(collision.leave)},
    }
    return page(request, "staff/collision.html", context, status=HTTPStatus.CONFLICT)
