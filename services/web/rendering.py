"""Pages from templates, in the visitor's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from functools import cache, cached_property, partial
from http import HTTPStatus
from math import ceil, inf
from pathlib import Path
from zoneinfo import ZoneInfo

from aiohttp import hdrs, web
from babel import Locale, negotiate_locale
from babel.dates import format_timedelta
from jinja2 import BytecodeCache, Environment, FileSystemLoader, StrictUndefined
from jinja2.bccache import Bucket
from markupsafe import Markup

from services.web.assets import Assets
from services.web.phones import national
from services.web.transfer import for_everybody
from shared.i18n import SOURCE_LANGUAGE, Catalogs, Language, choose

_FOLDER = Path(__file__).parent
_CLDR_NAME = {"prs": "fa_AF", "sv-x-ll": "sv"}
_MAX_ACCEPTED = 20
_MINUTES_TOLD = 90
"""Longer times are told in hours."""

LANGUAGE = web.RequestKey("language", Language)


def msgid(text: str) -> str:
    """Mark a text for the catalogs. It is translated where it is shown, when the language is known."""
    return text


def capital(text: str) -> str:
    """The text with a capital first letter, as at the start of a heading."""
    return text[:1].upper() + text[1:]


def dialled(phone: str) -> str:
    """A phone number as a ``tel:`` address."""
    return "tel:" + "".join(letter for letter in phone if letter.isdecimal() or letter == "+")


def isolated(text: str) -> Markup:
    """A code, number or address that keeps its order in a right-to-left line."""
    return Markup('<bdi dir="ltr">{}</bdi>').format(text)


def from_now(seconds: int, locale: Locale) -> str:
    """``om 12 minuter``: rounded up, so that it holds."""
    minutes = ceil(seconds / 60)
    if minutes <= _MINUTES_TOLD:
        return format_timedelta(timedelta(minutes=minutes), "minute", inf, add_direction=True, locale=locale)
    return format_timedelta(timedelta(hours=ceil(minutes / 60)), "hour", inf, add_direction=True, locale=locale)


@cache
def _catalogs(folder: Path) -> Catalogs:
    """The languages of a folder, read once in a process: half a second of work."""
    return Catalogs(folder)


class _Compiled(BytecodeCache):
    """Templates as Python's own code, made once in a process instead of once for each language."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if code := self._kept.get(bucket.key):
            bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        self._kept[bucket.key] = bucket.bytecode_to_string()


_COMPILED = _Compiled()


class Site:
    """All that pages have in common: languages, templates, static files, local time."""

    def __init__(self, zone: ZoneInfo, locales: Path, *, example: bool) -> None:
        self.zone = zone
        self.example = example
        self.catalogs = _catalogs(locales)
        self.assets = Assets(_FOLDER / "built")

    @cached_property
    def _environments(self) -> dict[str, Environment]:
        return {tag: self._environment(self.catalogs[tag]) for tag in self.catalogs.tags}

    def _environment(self, language: Language) -> Environment:
        environment = Environment(
            loader=FileSystemLoader(_FOLDER / "templates"),
            bytecode_cache=_COMPILED,
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.i18n"],
        )
        environment.install_gettext_callables(  # type: ignore[attr-defined] # added by the extension
            language.gettext, language.ngettext, newstyle=True, pgettext=language.pgettext
        )
        environment.globals |= {
            "language": language,
            "languages": [self.catalogs[tag] for tag in self.catalogs.tags],
            "asset": self.assets.path,
            "example": self.example,
        }
        environment.filters |= {"capital": capital, "dialled": dialled, "isolated": isolated, "national": national}
        environment.filters |= self._spoken(language)
        return environment

    def _spoken(self, language: Language) -> dict[str, Callable[..., object]]:
        """The filters that depend on the language and on where the clock stands."""

        def day(at: datetime | date) -> str:
            return language.day(at, self.zone)

        def time(at: datetime) -> str:
            return language.time(at, self.zone)

        def days_ahead(at: datetime) -> int:
            """How many nights there are until then."""
            return (at.astimezone(self.zone).date() - self.now().date()).days

        def in_language(texts: Mapping[str, str]) -> str:
            """The text in the page's language, for titles and attributes."""
            return choose(texts, language.tag)

        def shown(texts: Mapping[str, str]) -> Markup:
            """The same for the page itself, marked as Swedish where there is only that."""
            mark = "{}" if texts.get(language.tag) else f'<bdi lang="{SOURCE_LANGUAGE}">{{}}</bdi>'
            return Markup(mark).format(choose(texts, language.tag))  # noqa: S704 - nothing but the text is put in

        def language_name(tag: str) -> str:
            """What a language is called; its tag when CLDR does not know it."""
            return language.locale.languages.get(_CLDR_NAME.get(tag, tag)) or tag

        return {
            "day": day,
            "time": time,
            "days_ahead": days_ahead,
            "in_language": in_language,
            "shown": shown,
            "language_name": language_name,
            "from_now": partial(from_now, locale=language.locale),
        }

    def language(self, request: web.Request) -> Language:
        """The language the address names; else the one the browser likes best that we have; else Swedish."""
        first = request.path.removeprefix("/").partition("/")[0]
        if first in self.catalogs:
            return self.catalogs[first]
        return self.catalogs[negotiate_locale(_accepted(request), self.catalogs.tags, sep="-") or ""]

    def now(self) -> datetime:
        """The local time, to show what is today and what has begun. Rules ask the services' databases instead."""
        return datetime.now(self.zone)

    def page(
        self,
        request: web.Request,
        template: str,
        context: Mapping[str, object],
        *,
        status: int = HTTPStatus.OK,
        personal: bool = True,
    ) -> web.Response:
        """A page as the answer to ``request``; only one that is the same for everybody is not ``personal``."""
        language = request[LANGUAGE]
        text = (
            self._environments[language.tag]
            .get_template(template)
            .render(
                context,
                home=f"/{language.tag}",
                below_home=self._below_home(request),
            )
        )
        if not personal:
            return for_everybody(request, text, "text/html", status=status)
        return web.Response(
            text=text, status=status, content_type="text/html", headers={hdrs.CACHE_CONTROL: _keeping(request)}
        )

    def part(self, language: Language, template: str, context: Mapping[str, object]) -> Markup:
        """A part of a page in another language than the page's: what somebody who reads that takes along."""
        text = self._environments[language.tag].get_template(template).render(context)
        return Markup(text)  # noqa: S704 - escaped by the template

    def said(self, request: web.Request, template: str, macro: str, *values: object) -> str:
        """What a macro says, without its tags: the words of a page for a script that keeps them true."""
        module = self._environments[request[LANGUAGE].tag].get_template(template).module
        return Markup(getattr(module, macro)(*values)).striptags()  # noqa: S704 - escaped by the template

    def _below_home(self, request: web.Request) -> str:
        """The address without its language, so that the language switch stays where the visitor is."""
        first, _, rest = request.rel_url.raw_path.removeprefix("/").partition("/")
        if first not in self.catalogs:
            return ""
        query = request.rel_url.raw_query_string
        return f"{rest}?{query}" if query else rest


def _keeping(request: web.Request) -> str:
    """Who may keep a personal page: of the answer to a form the visitor's browser, since Back cannot fetch it again."""
    return "private, no-cache" if request.method == hdrs.METH_POST else "no-store"


def _accepted(request: web.Request) -> list[str]:
    """The languages of ``Accept-Language``, best first."""
    weighed: list[tuple[float, str]] = []
    for part in request.headers.get(hdrs.ACCEPT_LANGUAGE, "").split(",")[:_MAX_ACCEPTED]:
        tag, _, parameter = part.strip().partition(";")
        try:
            weight = float(parameter.strip().removeprefix("q=") or 1)
        except ValueError:
            continue
        if weight > 0:
            weighed.append((-weight, tag.strip().lower()))
    return [tag for _, tag in sorted(weighed, key=lambda pair: pair[0])]
