"""What somebody means who answers by SMS: yes or no as people write them, or nothing that can be told for sure.

Whoever is not understood is asked again; whoever is misunderstood loses a chair. So every word has to be known, and
none may speak against another.
"""

import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, TypeAlias

from services.notify.domain.vocabulary import PHRASES, WORDS, Part

Says: TypeAlias = Literal["yes", "no", "thanks", "stop", "start", "unclear"]

_LONGEST, _MOST_WORDS = 300, 12
"""Characters and words; what is longer is a story."""

_READ = 1000
"""Characters in which a code is looked for."""

_MOST_IN_PHRASE = 3
_MOST_NAMES = 4
_TURNING: set[Part] = {"not", "unable"}
_SAYS_NOTHING: frozenset[Part] = frozenset({"filler", "greeting", "thanks", "who", "break"})
_QUESTIONS = frozenset("?؟፧¿❓❔⁉🤷🤔")
_BREAK = ","
_BREAKS = frozenset(".,!;:\n،።፣")
_APOSTROPHES = frozenset("'’‘`´ʼ")
_MARKS = {"Mn", "Me", "Cf"}
_SAME = str.maketrans("ıøłیىکةەێڵۆ", "iolييكههيلو")
_SIGNED = re.compile(r"\s/\s*\w+\s*$")
_CODE_SHAPED = re.compile(r"(?<!\w)(?=(\w{3})([-–—. ]?)(\w{3})(?!\w))")


@dataclass(frozen=True, kw_only=True, slots=True)
class Understood:
    """What an answer says, and of which booking."""

    says: Says
    codes: frozenset[str] = frozenset()
    """Those of the codes that were to be looked for that stand in it."""
    like_a_code: bool = False
    """Whether something in it looks like a code, and is none of those."""
    strange: bool = False
    """Whether it has words that are in no list, one of which may be a code."""
    bare: bool = False
    """Whether beside a code it says nothing at all."""


def understand(text: str, codes: Collection[str] = ()) -> Understood:
    """Read an answer, which may name a booking by one of these codes, however it is typed."""
    folded = _fold(text[:_READ])
    named = frozenset(code for code in codes if _place(folded, code))
    for code in named:
        if place := _place(folded, code):
            folded = f"{folded[: place.start]} {folded[place.stop :]}"
    words = _words(folded)
    parts = _parts(words)
    unclear = len(named) > 1 or _QUESTIONS.intersection(text) or _is_story(text) or _counts(words)
    return Understood(
        says="unclear" if parts is None or unclear else _meaning(parts),
        codes=named,
        like_a_code=any(_is_like_a_code(*found) for found in _CODE_SHAPED.findall(folded)),
        strange=parts is None,
        bare=parts is not None and _SAYS_NOTHING.issuperset(parts),
    )


def _is_story(text: str) -> bool:
    return len(text) > _LONGEST or len(text.split()) > _MOST_WORDS


def _counts(words: Collection[str]) -> bool:
    """Whether a 1 or 2 may be a number of something: it stands among words."""
    other = {_PARTS.get((word,)) for word in words} - {"yes", "no", "fine", "thanks", "greeting", "break"}
    return bool(other) and not {"1", "2"}.isdisjoint(words)


def _fold(text: str) -> str:
    """A text without what people vary: case, accents, and the script of digits."""
    letters = unicodedata.normalize("NFKD", text.casefold()).casefold()
    return "".join(_digit(letter) for letter in letters if not _is_mark(letter)).translate(_SAME)


def _is_mark(letter: str) -> bool:
    return unicodedata.category(letter) in _MARKS or letter in _APOSTROPHES


def _digit(letter: str) -> str:
    value = unicodedata.digit(letter, None)
    return letter if value is None else str(value)


def _place(folded: str, code: str) -> range | None:
    """Where a code stands in a text, whatever stands between its symbols."""
    places = [place for place, letter in enumerate(folded) if letter.isalnum()]
    symbols = [symbol for symbol in _fold(code) if symbol.isalnum()]
    at = "".join(folded[place] for place in places).find("".join(symbols))
    return range(places[at], places[at + len(symbols) - 1] + 1) if at >= 0 else None


def _words(folded: str) -> list[str]:
    """The words and signs of a text, without the name somebody signs with."""
    words = list(_split(_SIGNED.sub("", folded)))
    for place, word in enumerate(words):
        if place and _PARTS.get((word,)) == "regards" and len(words) - place - 1 <= _MOST_NAMES:
            return words[:place]
    return words


def _split(folded: str) -> Iterator[str]:
    word = ""
    for letter in folded:
        if letter.isalnum():
            word += letter
            continue
        if word:
            yield word
        word = ""
        if letter in _BREAKS:
            yield _BREAK
        elif (letter,) in _PARTS:
            yield letter
    if word:
        yield word


def _parts(words: Sequence[str]) -> list[Part] | None:
    """What each word or phrase does; None when one of them is in no list."""
    found = list[Part]()
    at = 0
    while at < len(words):
        taken = next((size for size in range(_MOST_IN_PHRASE, 0, -1) if tuple(words[at : at + size]) in _PARTS), 0)
        part = _PARTS[tuple(words[at : at + taken])] if taken else _drawn_out(words[at])
        if part is None:
            return None
        found.append(part)
        at += taken or 1
    return found


def _drawn_out(word: str) -> Part | None:
    """What a word does that somebody draws out: jaaa, neeej, kommmer. A number is not drawn out: 22 are not 2."""
    if not word.isalpha():
        return None
    doubled = re.sub(r"(.)\1{2,}", r"\1\1", word)
    return _PARTS.get((doubled,)) or _PARTS.get((re.sub(r"(.)\1+", r"\1", word),))


def _meaning(parts: Sequence[Part]) -> Says:
    seen = set(parts)
    if seen & {"stop", "start", "about reminders"}:
        return _about_reminders(seen)
    if "question" in seen or _asks(parts) or _keeps(parts):
        return "unclear"
    return _said(seen) if seen & {"yes", "no", "undo"} else _implied(seen)


def _said(seen: set[Part]) -> Says:
    """What an answer means that has a yes or a no."""
    turned = seen & _TURNING
    if "yes" in seen:
        return "unclear" if turned or seen & {"no", "undo", "reason"} else "yes"
    against = seen & {"come", "infinitive"} or ("able" in seen and "no" in seen)
    return "unclear" if against and not turned else "no"


def _implied(seen: set[Part]) -> Says:
    """What an answer means that has neither."""
    if seen & _TURNING:
        return "no" if seen & {"unable", "come", "able", "infinitive", "time"} else "unclear"
    if "reason" in seen:
        return "unclear"
    if seen & {"come", "able", "fine"}:
        return "yes"
    return "thanks" if "thanks" in seen else "unclear"


def _about_reminders(seen: set[Part]) -> Says:
    others = seen - {"about reminders", "thanks", "greeting", "who", "you", "filler", "break"}
    if others == {"stop"}:
        return "stop"
    return "start" if others == {"start"} else "unclear"


def _asks(parts: Sequence[Part]) -> bool:
    """Whether something is put as a question: kan jag komma, will you come. Not, whether we can cancel."""
    said = ["break", *(part for part in parts if part != "greeting")]
    asked = {"who"} if "undo" in parts else {"who", "you"}
    starts = zip(said, said[1:], said[2:], strict=False)
    return any(first == "break" and verb in {"able", "come"} and who in asked for first, verb, who in starts)


def _keeps(parts: Sequence[Part]) -> bool:
    """Whether it asks not to cancel: avboka inte, do not cancel."""
    return not {("not", "undo"), ("undo", "not"), ("unable", "undo")}.isdisjoint(pairwise(parts))


def _is_like_a_code(first: str, between: str, second: str) -> bool:
    """Whether two groups of three are typed as a code is: with a hyphen, or of letters and digits."""
    if (first,) in _PARTS or (second,) in _PARTS:
        return False
    both = first + second
    return between in {"-", "–", "—"} or (any(map(str.isdigit, both)) and any(map(str.isalpha, both)))


_PARTS: dict[tuple[str, ...], Part] = {
    **{(_fold(word),): part for part, words in WORDS.items() for word in words.split()},
    **{tuple(_fold(phrase).split()): part for phrase, part in PHRASES.items()},
}
"""What a word or a phrase does, by its folded words."""
