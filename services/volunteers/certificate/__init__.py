"""A certificate of volunteering as a tagged PDF: period, hours, tasks and who signs."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from babel.dates import format_date
from babel.numbers import format_decimal

from services.volunteers.certificate.words import WORDS, Tongue
from services.volunteers.domain.refusals import Unwritable

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date, datetime

    import typst

    from services.volunteers.certificate.words import Words

__all__ = ["MEDIA", "Certificate", "Part", "Tongue", "written"]

MEDIA = "application/pdf"

_PAPER = Path(__file__).with_name("paper.typ")
_FONTS = ("fontpkg_noto_sans", "fontpkg_noto_sans_arabic")
_HOUR = 60
_NAME_FITS = ((26, 26), (40, 20), (80, 15))
"""Letters of a name, and the size in points at which as many stand on a line."""
_SMALLEST = 13
_LONG_WORD = re.compile(r"(\S{36})(?=\S)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """What was done of one task."""

    task: str
    times: int
    minutes: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificate:
    """What is certified."""

    name: str
    first: date
    last: date
    """Inclusive."""
    parts: Sequence[Part]
    libraries: Sequence[str]
    """Where, the one with the most hours first."""
    partner: str | None
    signer: str
    """Empty: whoever signs writes their name by hand."""
    issued: datetime
    """By the clock on the wall."""


def written(certificate: Certificate, tongue: Tongue) -> bytes:
    """The sheet: PDF/UA-1, in the look of the pages. Takes some milliseconds of the processor.

    Raises:
        Unwritable: a name is in a script that there is no font for here.
    """
    import typst  # noqa: PLC0415 - megabytes that only the process of whoever asks for a certificate needs

    try:
        made = typst.Compiler(_PAPER.read_bytes(), font_paths=_fonts()).compile(
            format="pdf",
            sys_inputs={"it": json.dumps(_said(certificate, tongue))},
            pdf_standards="ua-1",
            timestamp=int(certificate.issued.timestamp()),
        )
    except typst.TypstError as error:
        if "could not be displayed" not in error.message:
            raise
        raise Unwritable("there is no font here for a name on it: write it in Latin letters") from error
    if not isinstance(made, bytes):
        raise TypeError(type(made))
    return made


@cache
def _fonts() -> typst.Fonts:
    """The fonts of the lock and no others, so that a sheet looks the same wherever it is made."""
    import typst  # noqa: PLC0415 - as above

    folders = [str(files(package) / "files") for package in _FONTS]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def _said(it: Certificate, tongue: Tongue) -> dict[str, object]:
    words = WORDS[tongue]
    return {
        "lang": tongue,
        "author": it.signer or (it.libraries[0] if it.libraries else "Plats"),
        "title": words.title,
        "document": f"{words.title} – {it.name}",
        "says": words.says,
        "name": _foldable(it.name),
        "name-size": next((size for letters, size in _NAME_FITS if len(it.name) <= letters), _SMALLEST),
        "helped": words.helped,
        "partner": words.partner.format(partner=_foldable(it.partner)) if it.partner else None,
        "period-label": words.period,
        "period": f"{_day(it.first, words)} – {_day(it.last, words)}",
        "task-label": words.task,
        "times-label": words.times,
        "hours-label": words.hours,
        "total-label": words.total,
        "at-label": words.at,
        "works": [
            {
                "task": part.task,
                "name": words.works[part.task].name,
                "what": words.works[part.task].what,
                "times": _number(part.times, words),
                "hours": _time(part.minutes, words),
            }
            for part in it.parts
        ],
        "times": _number(sum(part.times for part in it.parts), words),
        "hours": _time(sum(part.minutes for part in it.parts), words),
        "libraries": [_foldable(library) for library in it.libraries],
        "issued": words.issued.format(day=_day(it.issued.date(), words)),
        "signed-label": words.signed,
        "signer": _foldable(it.signer),
        "counted": words.counted,
    }


def _day(day: date, words: Words) -> str:
    return format_date(day, "long", locale=words.locale)


def _number(number: int, words: Words) -> str:
    return format_decimal(number, locale=words.locale)


def _time(minutes: int, words: Words) -> str:
    hours, rest = divmod(minutes, _HOUR)
    whole = f"{_number(hours, words)} {words.hour}" if hours else ""
    return f"{whole} {rest} min".strip() if rest or not hours else whole


def _foldable(text: str) -> str:
    """The text with places to break a word that is longer than any line."""
    return _LONG_WORD.sub("\\1\u200b", text)
