"""What a text costs as SMS (3GPP TS 23.038 and 23.040): one part is 160 characters of a small alphabet.

Other writing takes two octets a character: 70 of them are one part. Joined parts hold a little less each.
"""

import unicodedata

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
_DOUBLE = frozenset("\f^{}\\[~]|€")
_ALPHABET = _BASIC | _DOUBLE
_ALONE, _JOINED = 160, 153
_WIDE_ALONE, _WIDE_JOINED = 70, 67

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
    return _ALPHABET.issuperset(text) and parts(text) == 1


def parts(text: str) -> int:
    """How many parts are paid for; no character straddles two of them."""
    if _ALPHABET.issuperset(text):
        sizes, alone, joined = [2 if sign in _DOUBLE else 1 for sign in text], _ALONE, _JOINED
    else:
        sizes, alone, joined = [len(sign.encode("utf-16-be")) // 2 for sign in text], _WIDE_ALONE, _WIDE_JOINED
    if sum(sizes) <= alone:
        return 1
    begun, used = 1, 0
    for size in sizes:
        if used + size > joined:
            begun, used = begun + 1, 0
        used += size
    return begun
