"""How many parts a text costs as SMS (3GPP TS 23.038 and 23.040)."""

from typing import Literal, NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
)
_EXTENSION = frozenset("\f^{}\\[~]|€")


class Size(NamedTuple):
    """What a text takes: its characters as a reader counts them, and the parts that are paid for."""

    characters: int
    encoding: Literal["GSM-7", "UCS-2"]
    parts: int


def measure(text: str) -> Size:
    """Choose the encoding as a phone does, and count the parts."""
    if _BASIC.union(_EXTENSION).issuperset(text):
        costs = [2 if character in _EXTENSION else 1 for character in text]
        return Size(len(text), "GSM-7", _parts(costs, alone=160, joined=153))
    costs = [len(character.encode("utf-16-be")) // 2 for character in text]
    return Size(len(text), "UCS-2", _parts(costs, alone=70, joined=67))


def _parts(costs: list[int], *, alone: int, joined: int) -> int:
    if sum(costs) <= alone:
        return 1
    parts, room = 1, joined
    for cost in costs:
        if cost > room:  # a character never straddles two parts
            parts, room = parts + 1, joined
        room -= cost
    return parts
