"""Codes that can be read aloud, typed on any keyboard and told apart by eye: ``K7F-4MQ``."""

import secrets
import unicodedata

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Without 0/O, 1/I/L and U (read as V)."""

LENGTH = 6
_BASE = len(ALPHABET)
_PROOF_DIGITS = 4
_PROOF_LETTERS = 2


def new_code() -> str:
    """Five random symbols and one that catches a mistyped or swapped one. Not yet known to be unused."""
    body = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH - 1))
    return body + _check(body)


def _check(body: str) -> str:
    """The Luhn sum for an alphabet of any size (ISO/IEC 7812-1, generalised)."""
    total = 0
    for place, symbol in enumerate(reversed(body)):
        value = ALPHABET.index(symbol) * (2 if place % 2 == 0 else 1)
        total += value // _BASE + value % _BASE
    return ALPHABET[-total % _BASE]


def shown(code: str) -> str:
    """The code as people see it."""
    return f"{code[:3]}-{code[3:]}"


def plain(text: str) -> str:
    """What was typed as a code, without what people vary: case, signs, spaces, the script of digits."""
    return "".join(symbol for symbol in ascii_digits(text).upper() if symbol.isalnum())


def read(text: str) -> str | None:
    """A code as a person typed it, or None when it cannot be one."""
    code = plain(text)
    if len(code) != LENGTH or any(symbol not in ALPHABET for symbol in code):
        return None
    return code if _check(code[:-1]) == code[-1] else None


def ascii_digits(text: str) -> str:
    """Digits of any script as 0-9: people type what their keyboard has."""
    return "".join(
        str(unicodedata.decimal(letter)) if letter.isdecimal() else letter
        for letter in unicodedata.normalize("NFKC", text)
    )


def fold(name: str) -> str:
    """A name without what people vary: case, width, runs of spaces."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def proves(given: str, *, name: str, phone: str | None) -> bool:
    """Whether ``given`` shows that somebody knows the booking: the phone's last digits, or the name's first letters.

    Lenient where people vary: more digits or letters than asked for are fine, spaces and signs do not count.
    """
    if phone:
        digits = "".join(letter for letter in ascii_digits(given) if letter.isdecimal())[-_PROOF_DIGITS:]
        return secrets.compare_digest(digits, phone[-_PROOF_DIGITS:])
    told, known = letters(given), letters(name)
    enough = len(told) >= min(_PROOF_LETTERS, len(known))
    return enough and secrets.compare_digest(told.encode(), known[: len(told)].encode())


def proof(*, name: str, phone: str | None) -> str:
    """The shortest thing that proves a booking."""
    return phone[-_PROOF_DIGITS:] if phone else letters(name)[:_PROOF_LETTERS]


def letters(name: str) -> str:
    """The letters of a name and nothing else: no case, accents, apostrophes, spaces or marks of direction."""
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", name).casefold())
    return "".join(letter for letter in folded if letter.isalpha())
