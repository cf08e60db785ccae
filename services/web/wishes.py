"""What somebody looks for in the programme: read from the address, asked of catalog, written into addresses again."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from http import HTTPStatus
from urllib.parse import urlencode

from services.web.faults import Fault
from services.web.rendering import msgid
from shared.problems import Problem

ONLINE = "online"
"""The place that is no library."""
MAX_TEXT = 100
"""Letters in what is typed; catalog takes no more."""

_PAGE_SIZE = 24
_MAX_PAGE = 9999
_WHENS = frozenset({"today", "tomorrow", "week", "weekend", "date"})
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_YEARS = range(2000, 2199)
"""Those catalog knows; the day after the last must be among them too."""
_SATURDAY, _WEEK = 5, 7


def local_day(text: str) -> dt.date | None:
    """The day that is written ``2026-11-24``; None when there is no such day."""
    if not _DAY.fullmatch(text):
        return None
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.year in _YEARS else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Wishes:
    """What somebody looks for, as it was typed; an empty text is no wish. In the order in which addresses have it."""

    kind: str = ""
    when: str = ""
    """``today``, ``tomorrow``, ``week``, ``weekend``, or ``date`` and then ``date`` says which."""
    date: str = ""
    where: str = ""
    """A library's id, or ``online``."""
    near: str = ""
    """The name of a place."""
    language: str = ""
    q: str = ""
    """Words."""
    free: str = ""
    """``1`` for only what has a free place."""
    page: str = ""

    @classmethod
    def asked(cls, query: Mapping[str, str]) -> Wishes:
        """Those of an address; of a wish that says nothing is left. A day may stand as ``when`` itself."""
        texts = {field.name: query.get(field.name, "").strip() for field in fields(cls)}
        if _DAY.fullmatch(texts["when"]):
            texts |= {"when": "date", "date": texts["when"]}
        elif texts["date"] and not texts["when"]:
            texts["when"] = "date"
        if texts["when"] != "date":
            texts["date"] = ""
        elif not texts["date"]:
            texts["when"] = ""
        if texts["free"] != "1":
            texts["free"] = ""
        if texts["page"] == "1":
            texts["page"] = ""
        return cls(**texts)

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """What the address that everybody shares holds."""
        return [(field.name, text) for field in fields(self) if (text := getattr(self, field.name))]

    @property
    def address(self) -> str:
        """The same as the end of an address: empty, or from the question mark on."""
        return f"?{urlencode(self.pairs)}" if self.pairs else ""

    @property
    def active(self) -> list[str]:
        """The names of the wishes there are; which page is none, and a date belongs to its ``when``."""
        return [name for name, _ in self.pairs if name not in {"date", "page"}]

    @property
    def number(self) -> int | None:
        """Which page of what is found; None when no list has such a page."""
        if not self.page:
            return 1
        if not (self.page.isascii() and self.page.isdecimal() and len(self.page) <= len(str(_MAX_PAGE))):
            return None
        return int(self.page) or None

    def but(self, **wishes: str) -> Wishes:
        """The same with some wishes changed, from the first page."""
        return replace(self, page="", **wishes)

    def without(self, name: str) -> Wishes:
        """The same with one wish less, from the first page."""
        gone = ("when", "date") if name == "when" else (name,)
        return self.but(**dict.fromkeys(gone, ""))

    def at(self, page: int) -> Wishes:
        """Another page of the same."""
        return replace(self, page="" if page == 1 else str(page))

    def span(self, today: dt.date) -> tuple[dt.date | None, dt.date | None]:
        """The first local day that is wanted and the first that is not any more; None where there is no end.

        A week and a weekend are over on Sunday; until then it is this one that is meant.
        """
        monday = today + dt.timedelta(days=_WEEK - today.weekday())
        match self.when:
            case "today":
                return today, today + dt.timedelta(days=1)
            case "tomorrow":
                return today + dt.timedelta(days=1), today + dt.timedelta(days=2)
            case "week":
                return today, monday
            case "weekend":
                return max(today, monday - dt.timedelta(days=_WEEK - _SATURDAY)), monday
            case "date":
                day = dt.date.fromisoformat(self.date)
                return day, day + dt.timedelta(days=1)
            case _:
                return None, None

    def wanted(self, today: dt.date) -> dict[str, str]:
        """The wishes in catalog's words. Who wants no certain kind gets those that are for everybody."""
        first, after = self.span(today)
        asked = {
            "kind": self.kind,
            "audience": "" if self.kind else "everyone",
            "from": first.isoformat() if first else "",
            "to": after.isoformat() if after else "",
            "place": ONLINE if self.where == ONLINE else "",
            "branch": "" if self.where == ONLINE else self.where,
            "near": self.near,
            "language": self.language,
            "q": self.q,
            "free": "true" if self.free else "",
        }
        return {name: text for name, text in asked.items() if text}

    def paged(self, today: dt.date) -> dict[str, str]:
        """The same, and which page of it."""
        return self.wanted(today) | {"page": str(self.number or 1), "limit": str(_PAGE_SIZE)}

    def faults(self) -> list[Fault]:
        """What cannot be asked of anybody. Which kinds and libraries there are is catalog's to say."""
        found = []
        if self.when not in _WHENS | {""}:
            found.append(Fault(field="when", text=_WHEN))
        if self.date and not local_day(self.date):
            found.append(Fault(field="when", text=_NO_SUCH_DAY, values={"day": self.date[:MAX_TEXT]}))
        found += [
            Fault(field=name, text=_INVALID[name]) for name in ("near", "q") if len(getattr(self, name)) > MAX_TEXT
        ]
        return found


def pages(total: int) -> int:
    """How many pages hold ``total`` sessions."""
    return -(-total // _PAGE_SIZE)


def refused(problem: Problem) -> list[Fault]:
    """What catalog does not understand, beside the field it stands in.

    Raises:
        Problem: It is about nothing that anybody typed.
    """
    document = problem.document
    named = [error.field for error in document.errors] or [document.field or ""]
    known = [_FIELDS[name] for name in named if name in _FIELDS]
    if document.status != HTTPStatus.UNPROCESSABLE_ENTITY or not known:
        raise problem
    return [Fault(field=name, text=_INVALID[name]) for name in dict.fromkeys(known)]


_WHEN = msgid("Välj i listan när du vill komma.")
_NO_SUCH_DAY = msgid("Dagen %(day)s finns inte. Välj en dag i listan.")
_FIELDS = {
    "kind": "kind",
    "from": "when",
    "to": "when",
    "branch": "where",
    "place": "where",
    "near": "near",
    "language": "language",
    "q": "q",
}
_INVALID = {
    "kind": msgid("Det du valde finns inte. Välj i listan vad du vill göra."),
    "when": _WHEN,
    "where": msgid("Det biblioteket finns inte. Välj ett i listan."),
    "near": msgid("Vi känner inte till den platsen. Skriv en del av staden, en station eller ett bibliotek."),
    "language": msgid("Det språket finns inte här. Välj ett i listan."),
    "q": msgid("Skriv ett eller några ord, högst 100 tecken."),
}
