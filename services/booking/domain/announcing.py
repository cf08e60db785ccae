"""Who of a session is told what staff announce."""

from collections.abc import Mapping
from datetime import timedelta

AGAIN_AFTER = timedelta(hours=1)
"""What was announced less long ago is a slip of the finger, unless whoever asks says otherwise."""

_SEATED = frozenset({"confirmed"})

_HEARD_BY: Mapping[str, frozenset[str]] = {
    "lift_broken": frozenset({"confirmed", "offered"}),
    "other_times": frozenset({"queued"}),
}
"""Of what is not for those alone who have a seat."""


def heard_by(announcement: str) -> frozenset[str]:
    """The states of bookings whose people an announcement is for."""
    return _HEARD_BY.get(announcement, _SEATED)


class AlreadyAnnounced(Exception):  # noqa: N818 - a refusal
    """The same was told the same people a moment ago."""

    field = "announcement"
