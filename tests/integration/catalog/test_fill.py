from tests.integration.catalog.conftest import Catalog
from tests.support.programme import fill


async def test_a_large_programme_is_everywhere_and_of_every_kind(catalog: Catalog) -> None:
    """Fails when the programme that speed is measured on leaves out branches, kinds, full ones or whole weeks."""
    async with catalog.database.transaction() as conn:
        await fill(conn, 1600)

    row = await catalog.database.pool.fetchrow(
        """
        SELECT count(*) AS sessions, count(DISTINCT branch_id) AS branches, count(DISTINCT activity_id) AS activities,
            count(DISTINCT place) AS places, count(DISTINCT starts_at::date) AS days,
            count(*) FILTER (WHERE mode <> 'drop_in') = count(seats_left) AS told,
            count(*) FILTER (WHERE seats_left = 0) AS full, bool_and(seats_left <= seats) AS true
        FROM session LEFT JOIN availability ON session_id = id
        """
    )
    assert row is not None
    assert dict(row) == {
        "sessions": 1600,
        "branches": 39,
        "activities": 40,
        "places": 3,
        "days": 42,
        "told": True,
        "full": 280,
        "true": True,
    }
    assert len(await catalog.listed(limit=100)) == 100
