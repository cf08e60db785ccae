"""Words as people type them: without case, and without the dots and accents their keyboard may lack."""

import unicodedata
from functools import cache

from babel import Locale

_CLDR_NAME = {"prs": "fa_AF"}
"""Dari, which CLDR knows as the Persian of Afghanistan."""
_NAME_THEMSELVES = (
    *("am", "ar", "bs", "ckb", "de", "en", "es", "fa", "fi", "fr", "ku", "nb", "nn", "pl"),
    *("ro", "ru", "se", "so", "sq", "sv", "th", "ti", "tr", "uk", "ur", "vi", "yi", "zh"),
)
"""Languages that people look for in their own words. Reading them all would take a second."""
_LITTLE = frozenset(
    (
        *("i", "pa", "med", "for", "och", "att", "om", "av", "till", "en", "ett", "jag", "vill", "min", "mitt", "mina"),
        *("the", "a", "an", "with", "my", "to", "in", "at", "on", "of", "and"),
    )
)
"""Folded words that say nothing of what somebody looks for."""
_ENDINGS = (
    *("arna", "erna", "orna", "ing", "an", "ar", "ed", "en", "er", "es", "et", "na", "or"),
    *("n", "s", "t"),
)
"""Of Swedish and English nouns and verbs, the longest first."""
_INFLECTED = 5
"""Letters from which on a word may have an ending: ``läxor``, but not ``barn``."""


_MOST_WORDS = 8


def fold(text: str) -> str:
    """``Läxhjälp`` and ``laxhjalp`` are the same word."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a text."""
    return fold(text).split()


def sought(text: str) -> list[str]:
    """The folded words of a query that a text has to hold: without little ones, unless there are no others.

    Each once, and no more than people type: every word is looked for in every session.
    """
    typed = list(dict.fromkeys(words(text)))
    return ([word for word in typed if word not in _LITTLE] or typed)[:_MOST_WORDS]


def stem(word: str) -> str:
    """A folded word without its ending: what begins so is the same word, ``mobil`` and ``mobiler`` for ``mobilen``."""
    if len(word) < _INFLECTED:
        return word
    return next((word.removesuffix(ending) for ending in _ENDINGS if word.endswith(ending)), word)


@cache
def language_words() -> dict[str, str]:
    """What each language is called, folded, by its tag: in Swedish and in English, and many in themselves."""
    swedish, english = Locale("sv").languages, Locale("en").languages
    names = {tag: f"{name} {english.get(tag, '')}" for tag, name in swedish.items() if "_" not in tag}
    names |= {tag: f"{swedish[known]} {english[known]}" for tag, known in _CLDR_NAME.items()}
    names |= {tag: f"{names[tag]} {Locale(tag).get_language_name()}" for tag in _NAME_THEMSELVES}
    return {tag: fold(called) for tag, called in names.items()}


def is_language(tag: str) -> bool:
    """Whether a tag is of a language that has a name. Only its first part is looked at: ``zh-Hant`` is ``zh``."""
    return tag.partition("-")[0] in language_words()
