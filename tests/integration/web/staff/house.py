"""The whole house as staff work in it: web before all other services, each on a database of its own."""

from __future__ import annotations

import html
import re
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from yarl import URL

from services.notify.events import HANDLERS
from services.web.staff import Vouched
from services.web.staff.boundary import SIGNED_IN
from services.web.staff.provider import Tokens
from shared.auth import Staff
from shared.events import QUEUES
from tests.integration.web.house import House
from tests.support.pages import Browser, Form, Shown
from tests.support.servers import eventually

if TYPE_CHECKING:
    import aiohttp

    from shared.claims import Role
    from shared.inbox import Consumer
    from tests.integration.booking.conftest import Booking
    from tests.integration.catalog.conftest import Catalog
    from tests.integration.volunteers.conftest import Volunteers
    from tests.support.identity import Issuer


class Colleague(Browser):
    """The browser of somebody who is signed in."""

    csrf = ""

    async def send(self, path: str, form: Form) -> Shown:
        """Send a form as its page would, with what only our pages know."""
        return await self.post(path, {"csrf": self.csrf} | form)

    async def fill(self, page: Shown, action: str, form: Form) -> Shown:
        """Fill in the form of a page that goes to ``action``, with all that it has hidden, and send it."""
        pattern = rf'<form[^>]*method="post"[^>]*action="{re.escape(action)}"[^>]*>(.*?)</form>'
        found = re.search(pattern, page.source, re.DOTALL)
        assert found, f"no form goes to {action}"
        fields = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', found[1])
        hidden = {name: html.unescape(value) for name, value in fields}
        return await self.post(action, hidden | form)


class StaffHouse(House):
    """Web with all other services behind it, and people who work there."""

    def __init__(
        self, catalog: Catalog, booking: Booking, notify: Consumer, volunteers: Volunteers, app: web.Application
    ) -> None:
        super().__init__(catalog, booking)
        self._notify = notify
        self.volunteers = volunteers
        self.app = app

    async def settle(self) -> None:
        """Hand over what each has told, to notify too."""
        await super().settle()
        for event in (*await self.catalog.told(), *await self.booking.told()):
            if type(event) in HANDLERS:
                await self._notify.handle(event)

    async def settle_helping(self) -> None:
        """Hand over what each has told, to volunteers too, and what these told to booking."""
        await self.settle()
        for event in (*await self.catalog.told(), *await self.booking.told()):
            if type(event) in QUEUES["volunteers"]:
                await self.volunteers.hear(event)
        for event in await self.volunteers.told():
            if type(event) in QUEUES["booking"]:
                await self.booking.hear(event)

    async def colleague(
        self, http: aiohttp.ClientSession, role: Role | None = "staff", *branches: str, **who: str
    ) -> Colleague:
        """Somebody who has signed in just now."""
        return await colleague(self.app, self.url, http, self.catalog.issuer, role, *branches, **who)


async def colleague(  # noqa: PLR0913 - each is named at the call
    app: web.Application,
    url: str,
    http: aiohttp.ClientSession,
    issuer: Issuer,
    role: Role | None,
    *branches: str,
    subject: str = "sara",
    name: str = "Sara Lindqvist",
) -> Colleague:
    """Somebody who has signed in just now, at web's address."""
    staff = Staff(subject=subject, role=role, branches=frozenset(branches)) if role else None
    access = issuer.token(role, *branches, sub=subject)
    tokens = Tokens(access=access, refresh=None, good_for=600)
    vouched = Vouched(subject=subject, name=name, staff=staff, tokens=tokens)
    request = make_mocked_request("GET", "/", headers={"Host": URL(url).authority}, app=app)
    response = web.Response()

    async def begun() -> bool:
        """Five services have just opened their databases in this process: the first connection may take its time."""
        try:
            await app[SIGNED_IN].begin(request, response, vouched)
        except TimeoutError:
            return False
        return True

    await eventually(begun, within=30)
    made = Colleague(http, lambda: url)
    made.cookies |= {name: morsel.value for name, morsel in SimpleCookie(response.cookies).items()}
    made.csrf = app[SIGNED_IN].csrf(next(iter(made.cookies.values())))
    return made
