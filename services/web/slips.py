"""The slip: on a piece of paper what one needs at the door, for people who read another language or hardly at all."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

import segno
from babel import Locale
from babel.dates import format_date

from shared.i18n import SOURCE_LANGUAGE

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from services.web.upstream import Session
    from shared.i18n import Language

_DARK = re.compile(b"\x01+")
_QUIET_ZONE = 4
"""Modules around a QR code that have to be light (ISO/IEC 18004)."""


class QrCode(NamedTuple):
    """A QR code to draw: squares of one unit."""

    size: int
    """Units each way, with the quiet zone."""
    path: str
    """The dark squares, as SVG path data."""


class Day(NamedTuple):
    """The date of a session, in the words of the page and of those who work at the library."""

    weekday: str
    swedish_weekday: str | None
    """None where it is the same."""
    date: str


class Slip(NamedTuple):
    """What stands on a slip beside what the services tell."""

    code: str
    qr: QrCode
    day: Day | None
    """None while it is not known."""


def slip(code: str, session: Session | None, language: Language, zone: ZoneInfo) -> Slip:
    """The slip of a booking."""
    return Slip(code=code, qr=qr_code(code), day=_day(session, language, zone) if session else None)


def qr_code(text: str) -> QrCode:
    """What a reader at the desk gives back as this text and nothing more: a code, and no address to follow."""
    symbol = segno.make_qr(text, error="m", boost_error=False)
    rows = list(symbol.matrix_iter(border=_QUIET_ZONE))
    dark = ((y, *run.span()) for y, row in enumerate(rows) for run in _DARK.finditer(bytes(row)))
    return QrCode(len(rows), "".join(f"M{start} {y}h{end - start}v1h{start - end}z" for y, start, end in dark))


def _day(session: Session, language: Language, zone: ZoneInfo) -> Day:
    local = session.starts_at.astimezone(zone).date()
    weekday = format_date(local, "EEEE", locale=language.locale)
    swedish = format_date(local, "EEEE", locale=Locale.parse(SOURCE_LANGUAGE))
    return Day(
        weekday=weekday,
        swedish_weekday=None if weekday == swedish else swedish,
        date=format_date(local, "d MMMM", locale=language.locale),
    )
