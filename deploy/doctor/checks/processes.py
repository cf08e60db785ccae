import asyncio
from datetime import timedelta

import aiohttp

from deploy.doctor.report import Finding, Note, Unseen
from deploy.doctor.visit import LATE, NAME, Visit
from shared.db import Connection

_TAKEOVER = timedelta(seconds=25)
"""Until a standby leads, whatever became of the leader; a frozen one loses its lock after 20."""

_AT_REST = timedelta(seconds=2)
"""The same, and how long anything in a database may take, where nothing is to be done any more."""

_TIMEOUT = aiohttp.ClientTimeout(total=5)


async def relays(visit: Visit) -> list[Finding | Note]:
    """In each service one relay leads, and no transaction or query goes on for long."""
    found: list[Finding | Note] = []
    named = {service: visit.after(service) for service in visit.site.databases}
    patience = _AT_REST if visit.at_rest else _TAKEOVER
    led = await asyncio.gather(*(_leads(conn, service, patience) for service, conn in named.items()))
    found += Finding.about(
        "relay-missing",
        "No relay tells what these services have to tell",
        [service for service, leads in zip(named, led, strict=True) if not leads],
        "See whether these services run and reach RabbitMQ; their logs say more (loop_failed). Nothing is lost.",
    )
    for service in visit.site.databases:
        found += await _sessions(visit, service)
    return found


async def _leads(conn: Connection, service: str, patience: timedelta) -> bool:
    """Whether somebody holds the lock of the active relay; a change of leader takes a moment."""
    for _ in range(patience.seconds):
        await conn.execute("SELECT pg_stat_clear_snapshot()")
        leaders = await conn.fetchval(
            """
            SELECT count(*) FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE l.locktype = 'advisory' AND l.granted AND a.datname = current_database()
                AND l.database = a.datid AND a.application_name = $1
            """,
            f"plats-{service}-relay",
        )
        if leaders:
            return True
        await asyncio.sleep(1)
    return False


async def _sessions(visit: Visit, service: str) -> list[Finding]:
    rows = await visit.after(service).fetch(
        """
        SELECT pid || ' (' || application_name || ')' AS what, state FROM pg_stat_activity
        WHERE datname = current_database() AND backend_type = 'client backend' AND application_name <> $1
            AND ((state LIKE 'idle in transaction%' AND state_change < clock_timestamp() - $2::interval)
                OR (state = 'active' AND query_start < clock_timestamp() - $2::interval))
        """,
        NAME,
        _AT_REST if visit.at_rest else LATE,
    )
    end = "Find out who that is. SELECT pg_terminate_backend(pid) in psql ends it; its transaction is undone."
    return [
        *Finding.about(
            "transaction-idle",
            f"In the database of {service} a transaction does nothing and does not end, by process and application",
            [row["what"] for row in rows if row["state"] != "active"],
            end,
        ),
        *Finding.about(
            "query-long",
            f"In the database of {service} a query does not end, by process and application",
            [row["what"] for row in rows if row["state"] == "active"],
            end,
        ),
    ]


async def services(visit: Visit) -> list[Finding | Note]:
    """Every service answers and calls itself ready."""
    if not visit.site.services:
        raise Unseen("no addresses of services are named")
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as http:
        states = await asyncio.gather(*(_state(http, url) for url in visit.site.services.values()))
    return [
        Finding(
            name="service-away",
            what=f"{name} {state}",
            todo=f"See what the log of {name} says; ./plats up starts it again by itself when it died.",
        )
        for name, state in zip(visit.site.services, states, strict=True)
        if state
    ]


async def _state(http: aiohttp.ClientSession, url: str) -> str:
    """What is wrong with a service; empty when it is ready."""
    try:
        async with http.get(f"{url}/health/ready") as answer:
            if answer.ok:
                return ""
            checks: dict[str, bool] = (await answer.json()).get("checks", {})
    except (aiohttp.ClientError, TimeoutError, ValueError) as error:
        return f"does not answer ({type(error).__name__})"
    lacking = ", ".join(sorted(name for name, well in checks.items() if not well))
    return f"is not ready: {lacking or 'it does not say why'}"
