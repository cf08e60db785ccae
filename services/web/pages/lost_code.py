"""A lost code, sent again to where the booking was made from. Nobody learns here whether there is one."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web

from services.web.faults import Fault, typed
from services.web.forms import ReachForm
from services.web.keys import BOOKING, SITE
from services.web.lookup import not_sent
from services.web.rendering import LANGUAGE
from shared.problems import Problem


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    return [
        web.get(f"{home}/my-booking/code", ask),
        web.post(f"{home}/my-booking/code", send),
        web.get(f"{home}/my-booking/code/sent", sent),
    ]


async def ask(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/code``: the number or address the booking was made with."""
    return _page(request, ReachForm(), [])


async def send(request: web.Request) -> web.Response:
    """``POST /{language}/my-booking/code``: have the codes sent; the answer is the same whether there are any."""
    form = ReachForm().answered(await typed(request), ("by", "phone", "email"))
    if faults := form.reach_faults():
        return _page(request, form, faults, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    try:
        await request.app[BOOKING].send_codes(request, form.reach)
    except Problem as problem:
        page = _page(request, form, not_sent(problem), status=problem.document.status)
        page.headers.update(problem.headers)
        return page
    raise web.HTTPSeeOther(f"/{request[LANGUAGE].tag}/my-booking/code/sent")


async def sent(request: web.Request) -> web.Response:
    """``GET /{language}/my-booking/code/sent``: where to look for it; looking again sends nothing."""
    return request.app[SITE].page(request, "code_sent.html", {}, personal=False)


def _page(request: web.Request, form: ReachForm, faults: list[Fault], *, status: int = HTTPStatus.OK) -> web.Response:
    return request.app[SITE].page(request, "code.html", {"form": form, "faults": faults}, status=status)
