"""Two processes of each service side by side, on one database and one queue."""

import pytest

from tests.faults.conftest import City
from tests.support.servers import eventually


@pytest.mark.timeout(300)  # ten processes start, and each is killed: on a busy machine that takes long
async def test_two_of_each_service_share_the_work_and_either_may_die(city: City) -> None:
    """Every booking is told once and every SMS sent once, whoever of them lives.

    A visit may begin at one web and end at another. Fails when relays do not ask for the lock, when a service
    acknowledges before its commit, or when each web has a key of its own for receipts.
    """
    await city.pair()
    load = city.load(await city.session(), booking=city.by_turns("booking"))
    pages = city.page_load(await city.session(), web=city.by_turns("web"))
    async with load.going(20), pages.going(3):
        await load.until(20)
        await _lead_one_at_a_time(city)
        for service, replica in city.first.items():
            await replica.kill()
            await load.until(10)
            await city.start(service)
        await city.ready()
        for replica in city.second.values():
            await replica.kill()
            await load.until(10)
        await pages.until(5)
    await city.keeps_its_promises(load, pages)


async def _lead_one_at_a_time(city: City) -> None:
    """In each service one relay leads and the other stands by."""
    for service in city.checked.databases:
        async with city.database(service) as conn:

            async def relays() -> bool:
                found = await conn.fetchrow(
                    """
                    SELECT count(*) AS relays, count(*) FILTER (WHERE EXISTS (
                        SELECT FROM pg_locks l WHERE l.pid = a.pid AND l.locktype = 'advisory' AND l.granted
                    )) AS leaders
                    FROM pg_stat_activity a WHERE datname = current_database() AND application_name LIKE '%-relay'
                    """
                )
                return found is not None and (found["relays"], found["leaders"]) == (2, 1)

            await eventually(relays, within=30)
