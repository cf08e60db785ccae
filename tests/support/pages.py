"""A visitor's browser without a window: it keeps cookies, sends forms and goes where it is sent."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import aiohttp
    from multidict import CIMultiDictProxy

_ISOLATING = re.compile(r"</?bdi\b[^>]*>")
_TAGS = re.compile(r"<[^>]+>")

DRAFT = "plats_draft"
RECEIPT = "plats_receipt"

Form = dict[str, str]
Fields = list[tuple[str, str]]
"""A form of which a field is there several times."""


def words(markup: str) -> str:
    """What stands there for a person to read; a name that is isolated keeps the sign that follows it."""
    return " ".join(html.unescape(_TAGS.sub(" ", _ISOLATING.sub("", markup))).split())


class Shown(NamedTuple):
    """An answer, as a person sees it and as it came."""

    status: int
    source: str
    headers: CIMultiDictProxy[str]

    @property
    def text(self) -> str:
        """What stands on the page, without header and footer."""
        main = self.source.split("<main", 1)[-1].split("</main>")[0]
        return words(main)

    @property
    def title(self) -> str:
        """What the browser's tab says."""
        return html.unescape(self.source.split("<title>")[1].split("</title>")[0])

    @property
    def location(self) -> str:
        """Where it sends the browser."""
        return self.headers.get("Location", "")

    def value(self, field: str) -> str | None:
        """What stands in a field."""
        found = re.search(rf'id="{field}" name="{field}" value="([^"]*)"', self.source)
        return html.unescape(found[1]) if found else None

    def links(self, text: str) -> list[str]:
        """Where the links go that say so."""
        links = re.findall(r'<a [^>]*?href="([^"]*)"[^>]*>(.*?)</a>', self.source, re.DOTALL)
        return [address for address, inside in links if text in words(inside)]


class Browser:
    """One visitor's browser.

    Args:
        http: What it sends with; its own cookies are left alone.
        url: Where web listens, asked before every request.
        headers: What it sends along with every request.
    """

    def __init__(
        self, http: aiohttp.ClientSession, url: Callable[[], str], headers: Mapping[str, str] | None = None
    ) -> None:
        self.cookies: dict[str, str] = {}
        self.http = http
        self._url = url
        self._headers = dict(headers or {})
        self._answered: set[object] = set()

    async def get(self, path: str) -> Shown:
        """Open an address, without going where it sends."""
        return await self._ask("GET", path, None)

    async def post(self, path: str, form: Form | Fields) -> Shown:
        """Send a form, without going where the answer sends."""
        return await self._ask("POST", path, form)

    async def follow(self, shown: Shown) -> Shown:
        """Go where an answer sends, to the end."""
        while shown.location:
            shown = await self.get(shown.location)
        return shown

    async def answer(self, session: object, form: Form, language: str = "sv") -> Shown:
        """Answer the questions before the last one; gives the first answer that is no success, or the last one."""
        page = f"/{language}/sessions/{session}/book"
        if party := {name: answer for name, answer in form.items() if name in {"adults", "children"}}:
            shown = await self.post(page, party)
            if shown.status != 303:
                return shown
        shown = await self.post(f"{page}/name", {"name": form["name"]})
        if shown.status == 303:
            self._answered.add(session)
        return shown

    async def book(self, session: object, form: Form, language: str = "sv") -> Shown:
        """Answer the last question, and those before it while they are open; asked again it is the same booking."""
        if session not in self._answered:
            shown = await self.answer(session, form, language)
            if shown.status != 303:
                return shown
        reach = {name: answer for name, answer in form.items() if name in {"by", "phone", "email"}}
        shown = await self.post(f"/{language}/sessions/{session}/book/reach", reach)
        if shown.status == 303:
            self._answered.remove(session)
        return shown

    async def _ask(self, method: str, path: str, form: Form | Fields | None) -> Shown:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        async with self.http.request(
            method,
            f"{self._url()}{path}",
            data=form,
            headers=self._headers | ({"Cookie": cookies} if cookies else {}),
            allow_redirects=False,
        ) as answer:
            shown = Shown(answer.status, await answer.text(), answer.headers)
            for name, morsel in answer.cookies.items():
                if morsel.value:
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
            return shown
