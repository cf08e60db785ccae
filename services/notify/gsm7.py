"""What a text costs as SMS (3GPP TS 23.038): one part is 160 characters of a small alphabet."""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
_DOUBLE = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _DOUBLE
_PART = 160

_TYPOGRAPHIC = str.maketrans(
    {"’": "'", "‘": "'", "”": '"', "“": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " ", "\u202f": " "}
)


def plain(text: str) -> str:
    """Write typographic signs, which would more than double the cost, as a phone's keyboard does."""
    return text.translate(_TYPOGRAPHIC)


def spelled(text: str) -> str:
    """Write a text in the small alphabet: letters lose the accents it lacks, and what it lacks altogether goes."""
    parts = (letter if letter in _ALPHABET else unicodedata.normalize("NFKD", letter) for letter in plain(text))
    return "".join(part for part in "".join(parts) if part in _ALPHABET)


def fits(text: str) -> bool:
    """Whether a text is one part of GSM-7."""
    if not _ALPHABET.issuperset(text):
        return False
    return sum(2 if character in _DOUBLE else 1 for character in text) <= _PART
