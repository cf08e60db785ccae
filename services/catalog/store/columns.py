"""What several tables or statements have in common."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any

import asyncpg

from services.catalog.domain import Meeting, Option, Question, Session, Terms
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
        terms.helpers_needed,
        terms.register_note,
    )


def terms_of(row: asyncpg.Record) -> Terms:
    """Read the terms of a row."""
    values = {field.name: row[field.name] for field in fields(Terms)}
    return Terms(**values | {"ask": tuple(_question(asked) for asked in values["ask"])})


def session_of(row: asyncpg.Record) -> Session:
    """Read a row of the table ``session``."""
    return Session(
        id=row["id"],
        revision=row["revision"],
        status=row["status"],
        activity_id=row["activity_id"],
        branch_id=row["branch_id"],
        place=row["place"],
        room=row["room"],
        host=row["host"],
        starts_at=row["starts_at"],
        ends_at=row["ends_at"],
        terms=terms_of(row),
        theme=row["theme"],
        meeting=meeting_of(row),
        cancel_reason=row["cancel_reason"],
        struck_out=row["struck_out"],
        helpers=row["helpers"],
        opens_at=row["opens_at"],
        closes_at=row["closes_at"],
        closed=row["closed"],
        series_id=row["series_id"],
        series_date=row["series_date"],
        sitting_id=row["sitting_id"],
    )


def meeting_of(row: asyncpg.Record) -> Meeting | None:
    """Read how one gets into a session from its row."""
    if row["meeting_link"] is None:
        return None
    return Meeting(link=row["meeting_link"], number=row["meeting_number"] or "")


def _question(asked: dict[str, Any]) -> Question:
    return Question(**asked | {"options": tuple(Option(**option) for option in asked["options"])})
