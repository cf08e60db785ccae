"""Whether somebody's own words can be said instead of a catalog's: what is filled in stays, an SMS stays one part."""

import re
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain
from string import Formatter
from typing import Literal, TypeAlias, get_args
from zoneinfo import ZoneInfo

from services.notify import render
from services.notify.domain import Answer, understand
from services.notify.gsm7 import fits, plain, spelled
from services.notify.render import CATALOGS
from services.notify.wording.samples import CASES, Case, sample_session, telling
from shared.i18n import Catalogs, Text

LONGEST = 400
"""Characters of one text: more is a letter, and nobody reads it on a phone."""

WhyNot: TypeAlias = Literal[
    "empty",
    "too-long",
    "one-line",
    "braces",
    "placeholder-missing",
    "placeholder-unknown",
    "answer-missing",
    "link",
    "letters",
    "sms-too-long",
]

_IN_SMS = ("sms.", "answer.", "announcement.", "series.", "next.", "soon.", "where.", "day.", "why.", "thanks")
"""What may stand in an SMS."""
_LINK = re.compile(r"https?:|www\.|\w\.(?:se|org|com|net|nu|eu)\b", re.IGNORECASE)
_SHOUTED = re.compile(r"\b[^\W\d_]{2,}\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Objection:
    """Why some words cannot be said."""

    form: int
    """In which of the forms, from 0."""
    why: WhyNot
    value: str = ""
    """What is missing or too much; of an SMS that is too long its shortest text."""


@cache
def standard(language: str) -> dict[str, Text]:
    """What a language's catalogs say, by key."""
    return {text.key: text for text in CATALOGS.texts(language)} if language in CATALOGS else {}


def placeholders(*texts: str) -> tuple[str, ...]:
    """What is filled in, in the order in which it stands there.

    Raises:
        ValueError: the braces do not fit, or hold more than a name.
    """
    found: dict[str, None] = {}
    for _, name, form, conversion in chain(*(Formatter().parse(text) for text in texts)):
        if name is None:
            continue
        if not name.isidentifier() or form or conversion:
            raise ValueError(name)
        found[name] = None
    return tuple(found)


def still_fits(language: str, key: str, forms: Sequence[str]) -> bool:
    """Whether words that were once taken can be said in this version: its texts may be filled in differently."""
    text = standard(language).get(key)
    return text is not None and len(forms) == len(text.forms) and not list(_filled_in(text, forms))


def objections(language: str, key: str, forms: Sequence[str], zone: ZoneInfo, catalogs: Catalogs) -> list[Objection]:
    """Why these words cannot be said instead of the catalog's; none where they can.

    Args:
        language: One of ours.
        key: One of its texts.
        forms: As many as the language has for it.
        zone: In which times are written.
        catalogs: What is said else.
    """
    text = standard(language)[key]
    found = list(chain(_written(key, forms), _filled_in(text, forms), _answers(text, forms)))
    if found or not key.startswith(_IN_SMS):
        return found
    return list(_too_long(language, key, forms, zone, catalogs))


def _written(key: str, forms: Sequence[str]) -> Iterator[Objection]:
    for number, form in enumerate(forms):
        if not form.strip():
            yield Objection(form=number, why="empty")
        if len(form) > LONGEST:
            yield Objection(form=number, why="too-long", value=str(LONGEST))
        if not form.isprintable():
            yield Objection(form=number, why="one-line")
        elif key.startswith(_IN_SMS) and (link := _LINK.search(form)):
            yield Objection(form=number, why="link", value=link[0])


def _filled_in(text: Text, forms: Sequence[str]) -> Iterator[Objection]:
    """What of the facts is missing or unknown. One form of a plural may do without the number that others name."""
    known = set(placeholders(*text.forms))
    for number, (usual, form) in enumerate(zip(text.forms, forms, strict=True)):
        try:
            there = set(placeholders(form))
        except ValueError:
            yield Objection(form=number, why="braces")
            continue
        for name in [name for name in placeholders(usual) if name not in there]:
            yield Objection(form=number, why="placeholder-missing", value=f"{{{name}}}")
        for name in sorted(there - known):
            yield Objection(form=number, why="placeholder-unknown", value=f"{{{name}}}")


def _answers(text: Text, forms: Sequence[str]) -> Iterator[Objection]:
    """What people are told to answer, in capitals, and we would understand: without it nobody knows how."""
    for number, (usual, form) in enumerate(zip(text.forms, forms, strict=True)):
        for word in dict.fromkeys(_shouted(usual)):
            if word not in _shouted(form):
                yield Objection(form=number, why="answer-missing", value=word)


def _shouted(text: str) -> list[str]:
    words = (word for word in _SHOUTED.findall(text) if word.isupper())
    return [word for word in words if understand(word).says != "unclear"]


def _too_long(language: str, key: str, forms: Sequence[str], zone: ZoneInfo, catalogs: Catalogs) -> Iterator[Objection]:
    """Whether every SMS that may hold these words still has a form that is one part, nothing cut, with long names."""
    for number, form in enumerate(forms):
        strange = dict.fromkeys(sign for sign in plain(form) if not spelled(sign) and sign.strip())
        if strange:
            yield Objection(form=number, why="letters", value=" ".join(strange))
            return
    said = catalogs.saying({language: {key: forms}})
    for written in _sms(language, key, zone, said):
        if not any(fits(text) for text in written):
            yield Objection(form=0, why="sms-too-long", value=min(written, key=len))
            return


def _sms(language: str, key: str, zone: ZoneInfo, catalogs: Catalogs) -> Iterator[list[str]]:
    """Every SMS that may hold a text, each in all its forms."""
    for case in _holding(language, zone).get(key, ()):
        yield list(render.whole_sms(telling(case, language, "longest", zone, catalogs)))
    asked = set[str]()
    noting = catalogs.noting(asked)
    for kind in get_args(Answer):
        asked.clear()
        text = render.whole_answer(kind, sample_session(language, "longest"), language, zone, noting)
        if key in asked:
            yield [text]
    if key == render.STRANGER:
        yield [render.to_stranger(catalogs)]


@cache
def _holding(language: str, zone: ZoneInfo) -> Mapping[str, Sequence[Case]]:
    """In which cases a text may stand in the SMS, by its key."""
    found = defaultdict[str, list[Case]](list)
    asked = set[str]()
    noting = CATALOGS.noting(asked)
    for case in CASES:
        asked.clear()
        deque(render.whole_sms(telling(case, language, "longest", zone, noting)), maxlen=0)
        for key in asked:
            found[key].append(case)
    return found
