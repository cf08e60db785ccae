from __future__ import annotations

from typing import TYPE_CHECKING

from services.catalog import store
from services.catalog.domain import UnknownKind
from services.catalog.kinds import KINDS
from services.catalog.views import Capacity, KindInUse, Kinds, KindSettings, KindTerms, KindView

if TYPE_CHECKING:
    from services.catalog.domain import Usual
    from shared.db import Connection


def explained() -> tuple[KindView, ...]:
    """Every kind of activity, to somebody who has never heard of it."""
    return tuple(KindView.model_validate(kind, from_attributes=True) for kind in KINDS.values())


async def kinds(conn: Connection) -> Kinds:
    """Every kind of activity, and what its new activities start from."""
    usuals = await store.usuals(conn)
    return Kinds(items=tuple(_settings(usuals[id_]) for id_ in KINDS))


async def kind(conn: Connection, kind_id: str) -> KindInUse:
    """One kind of activity, and how many activities of it there are.

    Raises:
        UnknownKind: there is none of that id.
    """
    if kind_id not in KINDS:
        raise UnknownKind("there is no such kind")
    activities = await conn.fetchval("SELECT count(*) FROM activity WHERE kind = $1", kind_id)
    return KindInUse(**dict(_settings(await store.usual(conn, kind_id))), activities=activities)


def _settings(usual: Usual) -> KindSettings:
    return KindSettings(
        **dict(KindView.model_validate(KINDS[usual.kind], from_attributes=True)),
        revision=usual.revision,
        terms=_terms(usual),
        suggested=_terms(store.suggested(usual.kind)),
    )


def _terms(usual: Usual) -> KindTerms:
    terms = usual.terms
    return KindTerms(
        minutes=usual.minutes,
        mode=terms.mode,
        counts=terms.counts,
        capacity=Capacity(seats=terms.seats, walk_in=terms.walk_in, queue=terms.queue),
        party_max=terms.party_max,
        children=terms.children,
        booked_by=terms.booked_by,
        late_cancel_hours=terms.late_cancel_hours,
        fill_from_hours=terms.fill_from_hours,
        offer_minutes=terms.offer_minutes,
        reminder_hours=terms.reminder_hours,
        reconfirm=terms.reconfirm,
        certificate=terms.certificate,
        capacity_from=terms.capacity_from,
        helpers_needed=terms.helpers_needed,
        register_note=terms.register_note,
    )
