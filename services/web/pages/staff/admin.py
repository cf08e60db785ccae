"""What administrators look after, from one page."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from aiohttp import web

from services.web.rendering import msgid
from services.web.staff import admins_only, page

if TYPE_CHECKING:
    from collections.abc import Sequence


class Room(NamedTuple):
    """One page of administration; its words are msgids."""

    path: str
    """Below the staff's pages."""
    name: str
    about: str


ROOMS: Sequence[Room] = (
    Room("admin/branches", msgid("Biblioteken"), msgid("Namn, adress, telefon, öppettider och meröppet.")),
    Room("admin/closures", msgid("När alla har stängt"), msgid("Dagar då inget bibliotek har öppet.")),
    Room(
        "admin/kinds",
        msgid("Olika sorters aktiviteter"),
        msgid("Vad nya språkcaféer, sagostunder och andra börjar med."),
    ),
    Room(
        "admin/partners", msgid("Våra partner"), msgid("Organisationer vars folk hjälper till, och hur många timmar.")
    ),
    Room("admin/hours", msgid("Tider och gränser"), msgid("När vi skriver till folk, och hur mycket som får skickas.")),
    Room("admin/texts", msgid("Det vi skriver och säger"), msgid("Alla sms och all e-post, och era egna ord.")),
    Room(
        "admin/erasure",
        msgid("Hur länge vi sparar uppgifter om folk"),
        msgid("Kommunens beslut, och hur många det gäller."),
    ),
    Room("audit", msgid("Vem gjorde vad"), msgid("Vad personalen har ändrat och läst.")),
    Room("dead", msgid("Fastnat"), msgid("Händelser mellan tjänsterna som ingen kunde ta emot.")),
)
"""In the order in which one looks for them."""


def routes(home: str) -> list[web.RouteDef]:
    """Where this page is."""
    return [web.get(f"{home}/admin", admins_only(admin))]


async def admin(request: web.Request) -> web.Response:
    """``GET /{language}/staff/admin``."""
    return page(request, "staff/admin.html", {"parts": ROOMS})
