"""What several tables have in common."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import asyncpg

from services.catalog.domain import Option, Question, Terms
from services.catalog.search import fold

if TYPE_CHECKING:
    from collections.abc import Mapping


def folded(*texts: Mapping[str, str]) -> str:
    """Texts as they are searched, in all their languages."""
    return fold(" ".join(text for told in texts for text in told.values()))


def terms_values(terms: Terms) -> tuple[object, ...]:
    """Terms in the order of their columns."""
    return (
        terms.mode,
        terms.counts,
        terms.seats,
        terms.walk_in,
        terms.queue,
        terms.party_max,
        terms.children,
        terms.late_cancel_hours,
        terms.fill_from_hours,
        terms.offer_minutes,
        terms.reminder_hours,
        terms.reconfirm,
        terms.booked_by,
        [asdict(question) for question in terms.ask],
        terms.certificate,
        terms.capacity_from,
    )


def terms_of(row: asyncpg.Record) -> Terms:
    """Read the terms of a row."""
    values = {field.name: row[field.name] for field in fields(Terms)}
    return Terms(**values | {"ask": tuple(_question(asked) for asked in values["ask"])})


def _question(asked: dict[str, Any]) -> Question:
    return Question(**asked | {"options": tuple(Option(**option) for option in asked["options"])})
