"""Messages between our services that are stuck: seen, tried again, put aside and brought back by administrators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING, Literal, TypeAlias, get_args
from uuid import UUID

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import Fault
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Notice, Undo, admins_only, notice, page, posted, services, to
from services.web.staff.everywhere import HEARING, NAMES, everywhere
from shared.models import Model

if TYPE_CHECKING:
    from multidict import MultiDictProxy

    from services.web.staff import StaffService

Deed: TypeAlias = Literal["replay", "drop", "restore"]

_NOTHING_CHOSEN = msgid("Kryssa i minst ett meddelande.")
_NO_REASON = msgid("Skriv varför, så att den som läser det senare förstår.")
_LONGEST_REASON = 300
_AT_ONCE = 200
_UNDONE_AT_ONCE = 20
"""More do not fit into what a browser keeps of a notice; they are brought back from the list."""


class DeadMessage(Model):
    """A message that has no effect, and why."""

    id: UUID
    event_id: UUID | None
    type: str | None
    state: Literal["waiting", "retry", "dead", "dropped"]
    attempts: int
    error: str
    since: AwareDatetime
    changed_at: AwareDatetime


class DeadMessages(Model):
    """Those of one service, the newest first."""

    items: list[DeadMessage]


class WhatWasDone(Model):
    """What somebody did about one."""

    action: Deed
    who: str
    why: str
    at: AwareDatetime


class WholeDeadMessage(DeadMessage):
    """One with what is in it."""

    body: str
    history: list[WhatWasDone]


class Done(Model):
    """Those about which something was done."""

    ids: list[UUID]


class Wish(Model):
    """What somebody wants done about some, as they sent it."""

    do: str = ""
    why: str = ""
    chosen: tuple[str, ...] = ()
    """Each as ``service:id``."""

    @classmethod
    def of(cls, form: MultiDictProxy[str]) -> Wish:
        """What a form asks for; a notice's form has all in one field."""
        chosen = " ".join(form.getall("message", [])).split()[:_AT_ONCE]
        return cls(do=form.get("do", ""), why=form.get("why", "").strip()[:_LONGEST_REASON], chosen=tuple(chosen))

    def faults(self) -> list[Fault]:
        """What keeps it from being done."""
        found = [] if self.chosen else [Fault("messages", _NOTHING_CHOSEN)]
        return found if self.why else [*found, Fault("why", _NO_REASON)]

    def by_service(self, known: Mapping[str, StaffService]) -> Mapping[str, list[str]]:
        """The ids, by the service whose they are.

        Raises:
            web.HTTPBadRequest: our pages send nothing like it.
        """
        sorted_: dict[str, list[str]] = {}
        for one in self.chosen:
            service, _, id_ = one.partition(":")
            if service not in known:
                raise web.HTTPBadRequest
            sorted_.setdefault(service, []).append(_id(id_))
        return sorted_


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/dead", show),
        web.post(f"{home}/dead", act),
        web.get(f"{home}/dead/{{service}}/{{id}}", show_one),
    ]


@admins_only
async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/dead``: what is stuck in all services; with ``?dropped=1`` what was put aside."""
    return await _list(request, Wish())


@admins_only
async def show_one(request: web.Request) -> web.Response:
    """``GET /{language}/staff/dead/{service}/{id}``: one with what is in it and what was done about it.

    Raises:
        Problem: 404 when it is gone: it had its effect.
    """
    service = _hearing(request).get(request.match_info["service"])
    if service is None:
        raise web.HTTPNotFound
    id_ = _id(request.match_info["id"])
    message = await service.get(WholeDeadMessage, f"/v1/dead/{id_}")
    return page(
        request,
        "staff/dead_one.html",
        {"service": request.match_info["service"], "names": NAMES, "message": message, "faults": ()},
    )


@admins_only
async def act(request: web.Request) -> web.Response:
    """``POST /{language}/staff/dead``: try them again, put them aside or bring them back.

    Raises:
        web.HTTPBadRequest: our pages send nothing like it.
    """
    wish = Wish.of(await posted(request))
    if wish.do not in get_args(Deed):
        raise web.HTTPBadRequest
    known = _hearing(request)
    by_service = wish.by_service(known)
    if faults := wish.faults():
        return await _list(request, wish, faults)
    done: list[str] = []
    for service, ids in by_service.items():
        found = await known[service].send(Done, "POST", f"/v1/dead/{wish.do}", json={"ids": ids, "why": wish.why})
        done += [f"{service}:{id_}" for id_ in found.ids]
    return to(request, "/dead", notice=_said(request, wish.do, done))


def _hearing(request: web.Request) -> Mapping[str, StaffService]:
    return {name: service for name, service in services(request).all().items() if name in HEARING}


def _said(request: web.Request, deed: str, done: Sequence[str]) -> Notice:
    """What was done, and how it is taken back where it can be."""
    language, number = request[LANGUAGE], len(done)
    if not done:
        return notice(language.gettext(_OVER))
    if deed == "replay":
        text = language.ngettext(
            "%(num)s meddelande prövas igen nu. Går det inte kommer det tillbaka hit.",
            "%(num)s meddelanden prövas igen nu. De som inte går kommer tillbaka hit.",
            number,
        )
        return notice(text % {"num": number})
    if deed == "drop":
        text = language.ngettext("%(num)s meddelande är undanlagt.", "%(num)s meddelanden är undanlagda.", number)
        fields = {"do": "restore", "message": " ".join(done), "why": language.gettext(_UNDONE)}
        return notice(text % {"num": number}, Undo(path="/dead", fields=fields) if number <= _UNDONE_AT_ONCE else None)
    text = language.ngettext("%(num)s meddelande är tillbaka.", "%(num)s meddelanden är tillbaka.", number)
    return notice(text % {"num": number})


_OVER = msgid("Det finns inget kvar att göra: någon annan hann före, eller så har det ordnat sig.")
_UNDONE = msgid("Ångrat.")


async def _list(request: web.Request, wish: Wish, faults: Sequence[Fault] = ()) -> web.Response:
    """The list, with what was chosen and typed."""
    dropped = "dropped" in request.query or wish.do == "restore"

    async def ask(_: str, service: StaffService) -> DeadMessages:
        return await service.get(DeadMessages, "/v1/dead", params={"dropped": str(dropped).lower()})

    found = await everywhere(request, ask, HEARING)
    listed = [(service, message) for service, messages in found.said.items() for message in messages.items]
    context = {
        "dropped": dropped,
        "messages": sorted(listed, key=lambda one: one[1].since, reverse=True),
        "away": found.away,
        "names": NAMES,
        "wish": wish,
        "faults": faults,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else HTTPStatus.OK
    return page(request, "staff/dead.html", context, status=status)


def _id(text: str) -> str:
    """An id from an address or a form.

    Raises:
        web.HTTPNotFound: it is none.
    """
    try:
        return str(UUID(text))
    except ValueError as error:
        raise web.HTTPNotFound from error
