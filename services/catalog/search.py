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
_AFTER_Z = str.maketrans("åäö", "{|}")


def fold(text: str) -> str:
    """``Läxhjälp`` and ``laxhjalp`` are the same word."""
    apart = unicodedata.normalize("NFKD", text).casefold()
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def words(text: str) -> list[str]:
    """The folded words of a query; a text that holds all of them is found."""
    return fold(text).split()


def swedish_order(text: str) -> str:
    """A sort key that puts å, ä and ö after z, where Swedish readers look for them."""
    return text.casefold().translate(_AFTER_Z)


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
