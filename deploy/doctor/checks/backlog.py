from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit


async def backlog(visit: Visit) -> list[Finding | Note]:
    """Nothing waits to be told for long, nothing was given up, nothing fails again and again."""
    found: list[Finding | Note] = []
    for service in visit.site.databases:
        found += await _outbox(visit, service)
        found += await _failures(visit, service)
    return found


async def _outbox(visit: Visit, service: str) -> list[Finding]:
    rows = await visit.after(service).fetch(
        """
        SELECT aggregate || ' revision ' || revision AS what, parked_at IS NOT NULL AS parked
        FROM outbox WHERE parked_at IS NOT NULL OR created_at <= clock_timestamp() - $1::interval
        """,
        visit.patience,
    )
    return Finding.about(
        "outbox-parked",
        f"{service} could not tell changes, because the broker refuses them",
        [row["what"] for row in rows if row["parked"]],
        f"Run ./plats topology apply. {service} tries them again by itself, within an hour.",
    ) + Finding.about(
        "outbox-waiting",
        f"{service} has changes that it could not tell for more than {visit.patience.seconds} seconds",
        [row["what"] for row in rows if not row["parked"]],
        f"See whether {service} and RabbitMQ run, and what the log of {service} says of its relay. Nothing is lost.",
    )


async def _failures(visit: Visit, service: str) -> list[Finding]:
    rows = await visit.after(service).fetch(
        """
        SELECT id, state FROM inbox_failure
        WHERE state = 'dead' OR created_at <= clock_timestamp() - $1::interval
        """,
        visit.patience,
    )
    ids = {state: [row["id"] for row in rows if row["state"] == state] for state in ("dead", "retry", "waiting")}
    look = f"Look at them with ./plats dead list --service {service}"
    return [
        *Finding.about(
            "event-dead",
            f"{service} gave up on events that it cannot handle",
            ids["dead"],
            f"{look}; when the cause is gone, ./plats dead replay --all --service {service} --why CAUSE "
            "gives them their effect.",
        ),
        *Finding.about(
            "event-retried",
            f"{service} fails again and again on events",
            ids["retry"],
            f"The log of {service} says why (event_failed); it goes on trying.",
        ),
        *Finding.about(
            "event-waiting",
            f"{service} waits for another event before it can handle these",
            ids["waiting"],
            "See whether catalog runs and its outbox empties: these wait for its word on a session.",
        ),
    ]
