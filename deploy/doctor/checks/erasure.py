from datetime import timedelta

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit

_GRACE = timedelta(hours=3)
"""The services look once an hour."""


async def erasure(visit: Visit) -> list[Finding | Note]:
    """Nobody's details are kept for longer than was decided, and every service knows the same decision."""
    known = {}
    for service in ("booking", "notify"):
        known[service] = await visit.after(service).fetchrow(
            "SELECT reference, decided_on, days FROM erasure_decision ORDER BY id DESC LIMIT 1"
        )
    decided = known["booking"]
    if decided is None and known["notify"] is None:
        return [Note(text="nobody has decided how long people's details are kept: none are erased")]
    if decided is None or known["notify"] is None or tuple(decided) != tuple(known["notify"]):
        todo = "Record it again with `plats purge decide`, in every database."
        return [Finding(name="decision-not-known", what="Services know different erasure decisions", todo=todo)]
    people = await visit.after("booking").fetch(
        """
        SELECT b.id FROM booking b JOIN contact c ON c.ref = b.contact_ref JOIN session s ON s.id = b.session_id
        WHERE s.ends_at < now() - make_interval(days => $1) - $2::interval
        """,
        decided["days"],
        _GRACE,
    )
    told = await visit.after("notify").fetch(
        """
        SELECT m.id FROM message m JOIN session s ON s.id = m.session_id
        WHERE coalesce((s.facts ->> 'ends_at')::timestamptz, s.heard_at)
            < now() - make_interval(days => $1) - $2::interval AND m.address IS NOT NULL
        """,
        decided["days"],
        _GRACE,
    )
    todo = "Run `plats purge`, and see what the log of booking or notify says (loop_failed)."
    return [
        *Finding.about("kept-too-long", "People are known longer than was decided", [r["id"] for r in people], todo),
        *Finding.about(
            "told-too-long", "What was told to whom is kept longer than was decided", [r["id"] for r in told], todo
        ),
    ]
