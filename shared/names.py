"""The names people give for themselves: said back to them in messages, so nothing but a name may stand in one."""

import re
import unicodedata

MAX_LENGTH = 60
MAX_DIGITS = 4
"""Enough for "Sara 2" or a class; no phone number has so few."""

_JOINERS = "\u200c\u200d"
"""Persian and Indic names are spelled with them."""
_SIGNS = frozenset(" .-\u2010\u2011\u05be'\u2019\u2018\u0060\u00b4\u05f3") | frozenset(_JOINERS)
"""Spaces and full stops, hyphens, and what keyboards have for an apostrophe."""


def display_name(text: str) -> str:
    """A name as it was meant: composed, on one line, without marks that nobody sees.

    Letters of any script, with few signs between them, so that nobody can have us send a stranger an address, a phone
    number or markup: a full stop only ends a word, and a few digits tell two people apart.

    Raises:
        ValueError: It is no name; the message says why.
    """
    seen = "".join(sign for sign in text if unicodedata.category(sign) != "Cf" or sign in _JOINERS)
    name = re.sub(r"\s+", " ", unicodedata.normalize("NFC", seen)).strip()
    if not any(sign.isalpha() for sign in name):
        raise ValueError("a name has at least one letter")
    if len(name) > MAX_LENGTH:  # composing can lengthen: some letters are two in their composed form
        raise ValueError(f"a name has at most {MAX_LENGTH} characters")
    if not all(sign in _SIGNS or unicodedata.category(sign)[0] in "LM" or sign.isdecimal() for sign in name):
        raise ValueError("a name has letters, spaces, hyphens, apostrophes and full stops")
    if re.search(r"\.[^ ]", name):
        raise ValueError("a full stop is followed by a space, or ends the name")
    if sum(map(str.isdecimal, name)) > MAX_DIGITS:
        raise ValueError(f"a name has at most {MAX_DIGITS} digits")
    return name
