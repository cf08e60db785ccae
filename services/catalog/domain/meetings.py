"""How one gets into an online session."""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

from services.catalog.domain.refusals import Invalid

LONGEST_LINK = 500
LONGEST_NUMBER = 24
"""Characters: room for any meeting program's number, and short enough for one SMS."""

_TYPED = re.compile(r"[0-9]+( [0-9]+)*")


@dataclass(frozen=True, kw_only=True, slots=True)
class Meeting:
    """How one gets into an online session. Only those who have a seat learn it."""

    link: str
    """An https address, for mails and pages."""
    number: str = ""
    """What one types into the meeting program instead of following the link."""


def check_meeting(meeting: Meeting) -> None:
    """Refuse what nobody could follow or type.

    Raises:
        Invalid: the link is no plain https address, or the number is not digits.
    """
    if not _is_https(meeting.link):
        raise Invalid(
            f"an address that begins with https:// fits, of at most {LONGEST_LINK} characters", "meeting.link"
        )
    if meeting.number and not _TYPED.fullmatch(meeting.number):
        raise Invalid("digits fit, in groups with one space between", "meeting.number")
    if len(meeting.number) > LONGEST_NUMBER:
        raise Invalid(f"at most {LONGEST_NUMBER} characters fit", "meeting.number")


def _is_https(link: str) -> bool:
    """Whether it is an address of the kind browsers show as secure, that leads where it seems to lead."""
    if len(link) > LONGEST_LINK or not link.isascii() or not link.isprintable() or " " in link:
        return False
    try:
        parts = urlsplit(link)
        return link.startswith("https://") and bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:  # brackets or a port that are none
        return False
