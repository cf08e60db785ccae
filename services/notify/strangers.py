"""Numbers that no booking was told to: answered once a day, and kept nowhere but in this process's memory."""

from collections import OrderedDict

_DAY = 86_400.0

MOST_A_DAY = 100
"""Answers to such numbers within 24 hours: whoever sends from many of them does not burn the library's money."""


class Strangers:
    """Whom this process answered lately, by keyed hashes of their numbers."""

    def __init__(self) -> None:
        self._answered = OrderedDict[bytes, tuple[float, str]]()

    def turn(self, address: bytes, sms_id: str, now: float) -> bool:
        """Whether a number is answered: for the first time in a day, or the same SMS again. ``now`` only grows."""
        while self._answered and next(iter(self._answered.values()))[0] <= now - _DAY:
            self._answered.popitem(last=False)
        if address not in self._answered and len(self._answered) < MOST_A_DAY:
            self._answered[address] = (now, sms_id)
        return address in self._answered and self._answered[address][1] == sms_id

    @property
    def parts(self) -> int:
        """What the answers of the last 24 hours cost, in SMS parts: the text is one."""
        return len(self._answered)
