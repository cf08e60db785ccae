"""Each text of a language in a message that holds it, as it arrives."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from services.notify import render
from services.notify.domain import Answer
from services.notify.gsm7 import fits, parts
from services.notify.render import HelperTelling, Telling
from services.notify.wording.samples import Names, sample_session, tellings
from shared.i18n import Catalogs

Channel: TypeAlias = Literal["sms", "email", "phone"]
"""How somebody is told; on the phone staff say it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """A message that holds a text."""

    channel: Channel
    names: Names
    text: str
    subject: str | None = None
    parts: int = 0
    """SMS parts."""


def examples(language: str, zone: ZoneInfo, catalogs: Catalogs) -> Mapping[str, Example]:
    """A message for each key that some message holds: by SMS rather than by mail, with the longest names if it can."""
    found: dict[str, Example] = {}
    for example, keys in _messages(language, zone, catalogs):
        for key in keys:
            found.setdefault(key, example)
    return found


def example(language: str, key: str, zone: ZoneInfo, catalogs: Catalogs) -> Example | None:
    """The same for one key."""
    return next((found for found, keys in _messages(language, zone, catalogs) if key in keys), None)


def _messages(language: str, zone: ZoneInfo, catalogs: Catalogs) -> Iterator[tuple[Example, frozenset[str]]]:
    """Every example message with the keys of its texts, the best examples first."""
    asked = set[str]()
    noting = catalogs.noting(asked)
    by_sms = (_by_sms(language, names, zone, noting, asked) for names in get_args(Names))
    for found in chain(*by_sms, _in_full(language, zone, noting)):
        yield found, frozenset(asked)
        asked.clear()


def _by_sms(language: str, names: Names, zone: ZoneInfo, catalogs: Catalogs, asked: set[str]) -> Iterator[Example]:
    """Every SMS; ``asked`` holds the keys of its texts while it is looked at."""
    texts = chain(
        (_sms(telling, asked) for telling in tellings(language, names, zone, catalogs)),
        (render.answer(kind, sample_session(language, names), language, zone, catalogs) for kind in get_args(Answer)),
        (render.to_stranger(catalogs) for _ in [None]),
    )
    return (Example(channel="sms", names=names, text=text, parts=parts(text)) for text in texts)


def _in_full(language: str, zone: ZoneInfo, catalogs: Catalogs) -> Iterator[Example]:
    """Every mail, and everything that is said on the phone: their names may be as long as they are."""
    for telling in tellings(language, "usual", zone, catalogs):
        letter = render.letter(telling)
        yield Example(channel="email", names="usual", text=letter.text, subject=letter.subject)
    for telling in tellings(language, "usual", zone, catalogs):
        if isinstance(telling, Telling):
            yield Example(channel="phone", names="usual", text=render.aloud(telling))


def _sms(telling: Telling | HelperTelling, asked: set[str]) -> str:
    """The SMS, noting only what stands in it and not what would have been too long."""
    asked.clear()
    for text in render.whole_sms(telling):
        if fits(text):
            return text
        asked.clear()
    return render.sms(telling)
