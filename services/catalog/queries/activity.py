from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import Invalid, UnknownActivity
from services.catalog.kinds import KINDS
from services.catalog.queries.cursors import BEGINNING, Position, cursor_of, position_of
from services.catalog.views import Activities, ActivityView, Capacity
from shared.events import Question

if TYPE_CHECKING:
    from uuid import UUID

    from services.catalog.domain import Activity
    from shared.db import Connection


async def activities(conn: Connection, cursor: str | None, limit: int) -> Activities:
    """A page of activities in the order in which they were made.

    Raises:
        Invalid: the cursor is none of ours.
    """
    after = position_of(cursor) if cursor else BEGINNING
    rows = await conn.fetch(
        """
        SELECT id, kind, titles, sms_titles, summaries, languages, level, minutes, audiences, bring, led_by,
            mode, counts, seats, walk_in, queue, party_max, children, late_cancel_hours, fill_from_hours, offer_minutes,
            reminder_hours, reconfirm, booked_by, ask, certificate, capacity_from, helpers_needed, register_note,
            revision, archived, created_at
        FROM activity WHERE (created_at, id) > ($1, $2) ORDER BY created_at, id LIMIT $3
        """,
        *after,
        limit + 1,
    )
    shown = rows[:limit]
    more = len(rows) > limit
    return Activities(
        items=tuple(activity_view(store.activity_of(row)) for row in shown),
        next=cursor_of(Position(shown[-1]["created_at"], shown[-1]["id"])) if more else None,
    )


async def activity(conn: Connection, activity_id: UUID) -> ActivityView:
    """One activity.

    Raises:
        UnknownActivity: there is none of that id.
    """
    try:
        return activity_view(await store.activity(conn, activity_id))
    except Invalid as error:
        raise UnknownActivity("there is no such activity") from error


def activity_view(activity: Activity) -> ActivityView:
    """An activity as it is shown."""
    terms = activity.terms
    return ActivityView(
        id=activity.id,
        revision=activity.revision,
        archived=activity.archived,
        kind=activity.kind,
        kind_labels=dict(KINDS[activity.kind].labels),
        titles=dict(activity.titles),
        sms_titles=dict(activity.sms_titles),
        summaries=dict(activity.summaries),
        audiences=dict(activity.audiences),
        bring=dict(activity.bring),
        led_by=dict(activity.led_by),
        languages=activity.languages,
        level=activity.level,
        minutes=activity.minutes,
        mode=terms.mode,
        counts=terms.counts,
        party_max=terms.party_max,
        children=terms.children,
        booked_by=terms.booked_by,
        late_cancel_hours=terms.late_cancel_hours,
        fill_from_hours=terms.fill_from_hours,
        offer_minutes=terms.offer_minutes,
        reminder_hours=terms.reminder_hours,
        reconfirm=terms.reconfirm,
        ask=tuple(Question.model_validate(question, from_attributes=True) for question in terms.ask),
        certificate=terms.certificate,
        capacity_from=terms.capacity_from,
        helpers_needed=terms.helpers_needed,
        register_note=terms.register_note,
        capacity=Capacity(seats=terms.seats, walk_in=terms.walk_in, queue=terms.queue),
    )
