"""Words as people type them: without case, and without the dots and accents their keyboard may lack."""

import unicodedata

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
