"""Booking codes that can be read aloud, typed on any keyboard and told apart by eye: ``K7F-4MQ``."""

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


def read(text: str) -> str | None:
    """A code as a person typed it, or None when it cannot be one."""
    code = "".join(symbol for symbol in ascii_digits(text).upper() if symbol.isalnum())
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


def proves(proof: str, *, name: str, phone: str | None) -> bool:
    """Whether ``proof`` shows that somebody knows the booking: four last digits, or two first letters."""
    if phone:
        given = "".join(letter for letter in ascii_digits(proof) if letter.isdigit())
        return secrets.compare_digest(given.encode(), phone[-_PROOF_DIGITS:].encode())
    return secrets.compare_digest(_letters(proof).encode(), _letters(name)[:_PROOF_LETTERS].encode())


def _letters(name: str) -> str:
    """A name without case and spaces: of "A Karlsson" the first letters are "ak"."""
    return fold(name).replace(" ", "")
