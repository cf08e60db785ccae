from datetime import timedelta

import asyncpg

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit
from services.volunteers.domain.people import FILE_KEPT_MONTHS

_GRACE = timedelta(hours=3)
"""The services look once an hour."""


_KNOW_PEOPLE = ("booking", "notify", "volunteers")


async def erasure(visit: Visit) -> list[Finding | Note]:
    """Nobody's details are kept for longer than was decided, and every service knows the same decision."""
    known = {}
    for service in _KNOW_PEOPLE:
        row = await visit.after(service).fetchrow(
            "SELECT reference, decided_on, days FROM erasure_decision ORDER BY id DESC LIMIT 1"
        )
        known[service] = row and tuple(row)
    decided = known["booking"]
    if set(known.values()) == {None}:
        return [Note(text="nobody has decided how long people's details are kept: none are erased")]
    if decided is None or len(set(known.values())) > 1:
        todo = "Record it again with `plats purge decide`, in every database."
        return [Finding(name="decision-not-known", what="Services know different erasure decisions", todo=todo)]
    _, _, days = decided
    people = await visit.after("booking").fetch(
        """
        SELECT b.id FROM booking b JOIN contact c ON c.ref = b.contact_ref JOIN session s ON s.id = b.session_id
        WHERE s.ends_at < now() - make_interval(days => $1) - $2::interval
        """,
        days,
        _GRACE,
    )
    told = await visit.after("notify").fetch(
        """
        SELECT m.id FROM message m JOIN session s ON s.id = m.session_id
        WHERE coalesce((s.facts ->> 'ends_at')::timestamptz, s.heard_at)
            < now() - make_interval(days => $1) - $2::interval AND m.address IS NOT NULL
        """,
        days,
        _GRACE,
    )
    helped = await _helped(visit)
    todo = "Run `plats purge`, and see what the log of booking, notify or volunteers says (loop_failed)."
    return [
        *Finding.about("kept-too-long", "People are known longer than was decided", [r["id"] for r in people], todo),
        *Finding.about(
            "helpers-kept-too-long", "Who helped is known long after they left", [r["id"] for r in helped], todo
        ),
        *Finding.about(
            "told-too-long", "What was told to whom is kept longer than was decided", [r["id"] for r in told], todo
        ),
    ]


async def _helped(visit: Visit) -> list[asyncpg.Record]:
    """Those who left so long ago that nobody has to know any more who they were."""
    return await visit.after("volunteers").fetch(
        """
        SELECT v.id FROM volunteer v JOIN contact c ON c.ref = v.contact_ref
        WHERE v.state NOT IN ('active', 'paused') AND greatest(
            v.state_since, (SELECT max(upper(s.during)) FROM shift s WHERE s.volunteer_id = v.id),
            (SELECT max(upper(a.during)) FROM assignment a WHERE a.volunteer_id = v.id)
        ) < now() - make_interval(months => $1) - $2::interval
        """,
        FILE_KEPT_MONTHS,
        _GRACE,
    )
