from collections import defaultdict
from uuid import UUID

import asyncpg

from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit, missing
from shared.events import QUEUES, routing_keys, source_of


async def heard(visit: Visit) -> list[Finding | Note]:
    """Every consumer has had the effect of everything it listens to, and of nothing that nobody told.

    An event that was delivered twice cannot be seen here: the inbox holds each once, and that is what makes
    its effect happen once.
    """
    found: list[Finding | Note] = []
    for consumer in QUEUES:
        found += await _unheard(visit, consumer)
        found += await _from_nowhere(visit, consumer)
        found += await _dropped(visit, consumer)
    return found


async def _unheard(visit: Visit, consumer: str) -> list[Finding]:
    lost = [id_ for producer in producers(consumer) for id_ in await late(visit, producer, consumer)]
    return Finding.about(
        "event-not-heard",
        f"{consumer} has not heard events that the broker confirmed more than {visit.patience.seconds} seconds ago",
        lost,
        f"See whether {consumer} runs and whether the queue {consumer} empties. If it is empty, these events are lost: "
        "report it, and compare what the services show.",
    )


async def late(visit: Visit, producer: str, consumer: str) -> list[UUID]:
    """Events that are neither in a consumer's inbox nor kept as failed or dropped, though told long enough ago."""
    told = await visit.before(producer).fetch(
        """
        SELECT event_id FROM published
        WHERE routing_key = ANY($1) AND published_at > $2 AND published_at <= clock_timestamp() - $3::interval
        """,
        routing_keys(consumer),
        visit.history(producer).since,
        visit.patience,
    )
    unheard = await missing(visit.after(consumer), [row["event_id"] for row in told])
    kept = await visit.after(consumer).fetch(
        """
        SELECT event_id FROM inbox_failure WHERE event_id = ANY($1)
        UNION ALL SELECT event_id FROM inbox_dropped WHERE event_id = ANY($1)
        """,
        unheard,
    )
    return sorted(set(unheard) - {row["event_id"] for row in kept})


async def _dropped(visit: Visit, consumer: str) -> list[Note]:
    number = await visit.after(consumer).fetchval("SELECT count(*) FROM inbox_dropped")
    told = f"{number} events were dropped by somebody and have no effect at {consumer} (./plats dead list --dropped)"
    return [Note(text=told)] if number else []


def producers(consumer: str) -> list[str]:
    """Who tells what a consumer listens to."""
    return sorted({source_of(key) for key in routing_keys(consumer)})


async def _from_nowhere(visit: Visit, consumer: str) -> list[Finding]:
    history = visit.history(consumer)
    rows = await visit.before(consumer).fetch("SELECT event_id, type FROM inbox WHERE processed_at > $1", history.since)
    by_source = defaultdict[str, list[UUID]](list)
    for row in rows:
        if history.remembers(row["event_id"]):
            by_source[_source(row)].append(row["event_id"])
    strange = by_source.pop("", [])
    for producer, ids in by_source.items():
        known = visit.history(producer)
        strange += [id_ for id_ in await _untold(visit, producer, ids) if known.remembers(id_)]
    return Finding.about(
        "event-from-nowhere",
        f"{consumer} acted on events that nobody told",
        strange,
        "Find out who else may publish to the broker, and change its passwords; compare what the services show.",
    )


def _source(row: asyncpg.Record) -> str:
    """Who tells events of this type; empty for nobody."""
    try:
        return source_of(row["type"])
    except KeyError:
        return ""


async def _untold(visit: Visit, producer: str, ids: list[UUID]) -> list[UUID]:
    rows = await visit.after(producer).fetch(
        """
        SELECT heard.id FROM unnest($1::uuid[]) AS heard (id)
        WHERE NOT EXISTS (SELECT FROM published WHERE event_id = heard.id)
            AND NOT EXISTS (SELECT FROM outbox WHERE event_id = heard.id)
        """,
        ids,
    )
    return [row["id"] for row in rows]
