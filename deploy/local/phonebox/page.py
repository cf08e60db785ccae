"""The page that shows phones and mailboxes as the people they belong to would see them."""

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from deploy.local.phonebox import mails, texts
from deploy.local.phonebox.mails import Mail
from deploy.local.phonebox.state import PHONEBOX
from deploy.local.phonebox.texts import Sms

_HERE = Path(__file__).parent
_ZONE = ZoneInfo("Europe/Stockholm")
_MOST_SHOWN = 24
_MOST_MESSAGES = 12
_SECURITY = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:;"
        " form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
}


def _local(at: datetime) -> str:
    return f"{at.astimezone(_ZONE):%a %-d %b %H.%M}"


_templates = Environment(loader=FileSystemLoader(_HERE), autoescape=True, undefined=StrictUndefined)
_templates.filters["local"] = _local


@dataclass(frozen=True)
class Phone:
    """A phone with its newest messages, oldest of them first."""

    number: str
    messages: list[Sms]
    answers: bool


@dataclass(frozen=True)
class Mailbox:
    """A mailbox with its newest mails, newest first."""

    address: str
    mails: list[Mail]


def routes() -> list[web.RouteDef]:
    """The page and its two files."""
    return [web.get("/", page), web.get("/{file:page\\.(css|js)}", file)]


async def file(request: web.Request) -> web.FileResponse:
    """The style or the script."""
    return web.FileResponse(_HERE / request.match_info["file"], headers={"Cache-Control": "no-cache"})


async def page(request: web.Request) -> web.Response:
    """All phones and mailboxes, or with `to` the one of that number or address, with everything in it."""
    box = request.app[PHONEBOX]
    wanted = request.query.get("to", "").strip()
    etag = f'"{texts.newest(box.db)}-{mails.newest(box.db)}"'
    if request.headers.get("If-None-Match") == etag:
        return web.Response(status=HTTPStatus.NOT_MODIFIED)
    html = _templates.get_template("page.html").render(
        wanted=wanted,
        phones=_phones(box.db, wanted),
        mailboxes=_mailboxes(box.db, wanted),
        listens=bool(box.settings.incoming.get_secret_value()),
    )
    return web.Response(text=html, content_type="text/html", headers={**_SECURITY, "ETag": etag})


def _phones(db: sqlite3.Connection, wanted: str) -> list[Phone]:
    numbers = [wanted] if wanted else texts.phones(db, _MOST_SHOWN)
    found = [(number, texts.on_phone(db, number, -1 if wanted else _MOST_MESSAGES)) for number in numbers]
    return [
        Phone(number, newest_first[::-1], answers=texts.number_to_answer(db, number) is not None)
        for number, newest_first in found
        if newest_first
    ]


def _mailboxes(db: sqlite3.Connection, wanted: str) -> list[Mailbox]:
    addresses = [wanted] if wanted else mails.mailboxes(db, _MOST_SHOWN)
    found = [
        (address, mails.find(db, mailbox=address, limit=-1 if wanted else _MOST_MESSAGES)) for address in addresses
    ]
    return [Mailbox(address, newest_first) for address, newest_first in found if newest_first]
