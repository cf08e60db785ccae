"""Spans of days that one asks figures of, and what each is called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from babel.dates import format_date, format_interval

from services.web.rendering import capital, msgid

if TYPE_CHECKING:
    from shared.i18n import Language

_JULY = 7
_WEEK = msgid("v. %(num)s")


class Span(NamedTuple):
    """Days from the first to the last, both of them included."""

    first: date
    last: date


class Usual(NamedTuple):
    """A span that is often asked for."""

    name: str
    """A msgid."""
    span: Span


def usual(today: date) -> list[Usual]:
    """What is often asked for, the shortest first. A term is half a year."""
    month = today.replace(day=1)
    before = (month - timedelta(days=1)).replace(day=1)
    year = today.replace(month=1, day=1)
    return [
        Usual(msgid("Den här månaden"), _month(month)),
        Usual(msgid("Förra månaden"), _month(before)),
        Usual(msgid("Den här terminen"), term(today)),
        Usual(msgid("I år"), Span(year, year.replace(month=12, day=31))),
        Usual(msgid("Förra året"), Span(year.replace(year=year.year - 1), year - timedelta(days=1))),
    ]


def term(today: date) -> Span:
    """The half of the year that a day is in."""
    if today.month < _JULY:
        return Span(today.replace(month=1, day=1), today.replace(month=6, day=30))
    return Span(today.replace(month=_JULY, day=1), today.replace(month=12, day=31))


def _month(first: date) -> Span:
    return Span(first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1))


def in_words(span: Span, language: Language) -> str:
    """``2–8 mars 2026``."""
    return str(format_interval(span.first, span.last, "yMMMd", locale=language.locale))


def month_in_words(span: Span, language: Language) -> str:
    """``Mars 2026``, or the days where it is not all of it."""
    if span != _month(span.first.replace(day=1)):
        return in_words(span, language)
    return capital(format_date(span.first, "LLLL y", language.locale))


def week_in_words(span: Span, language: Language) -> str:
    """``v. 10``."""
    return language.gettext(_WEEK) % {"num": span.first.isocalendar().week}


def month_in_short(span: Span, language: Language, *, years: bool) -> str:
    """``mars``, where there is little room; with the year where there are several."""
    return format_date(span.first, "LLL yy" if years else "LLL", language.locale).replace(".", "")


def day_in_short(day: date, language: Language) -> str:
    """``2/3`` as one writes it."""
    return format_date(day, "d/M", language.locale)
