"""What several tables have in common."""

from __future__ import annotations

from dataclasses import fields
from typing import TYPE_CHECKING

import asyncpg

from services.catalog.domain import Terms
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
    )


def terms_of(row: asyncpg.Record) -> Terms:
    """Read the terms of a row."""
    return Terms(**{field.name: row[field.name] for field in fields(Terms)})
