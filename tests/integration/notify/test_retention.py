"""What nobody needs any more is forgotten, and nothing else."""

from uuid import UUID

from shared.events import SessionState
from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import booking, confirmed, session_cancelled
from tests.support.samples import published, session_state
from tests.support.servers import eventually


async def _end(notify: Notify, session: SessionState, days: int) -> None:
    """Let a session have ended so many days ago."""
    await notify.database.pool.execute(
        """
        UPDATE session SET facts = facts || jsonb_build_object('ends_at', now() - make_interval(days => $2))
        WHERE id = $1
        """,
        session.session_id,
        days,
    )


async def _sessions(notify: Notify) -> set[UUID]:
    return {row["id"] for row in await notify.database.pool.fetch("SELECT id FROM session")}


async def test_messages_are_forgotten_a_month_after_their_session(still_notify: Notify) -> None:
    """Fails when nothing is forgotten, when the newer session goes too, and when an unsent message is lost.

    What people answered goes with what they were told.
    """
    notify = still_notify
    long_ago, lately, stuck = (session_state() for _ in range(3))
    async with notify.serving():
        people = {session.session_id: notify.knows() for session in (long_ago, lately)}
        for session in (long_ago, lately):
            await notify.hear(published(session), confirmed(booking(people[session.session_id], session)))
        await notify.reached("delivered", "delivered")
        for person in people.values():
            assert await notify.reply(person.phone, "JA")
        assert await notify.receipt("nobodys", "delivered") == 204
        assert await notify.receipt("strangers", "delivered") == 204
    notify.owner.away = True
    await notify.hear(published(stuck), confirmed(booking(notify.knows(), stuck)))
    await notify.hear(session_cancelled(session_state()))
    for session, days in ((long_ago, 31), (lately, 29), (stuck, 31)):
        await _end(notify, session, days)
    await notify.database.pool.execute("UPDATE session SET heard_at = heard_at - interval '31 days'")
    await notify.database.pool.execute(
        "UPDATE receipt SET received_at = received_at - interval '8 days' WHERE provider_id <> 'strangers'"
    )

    async with notify.serving():

        async def forgotten() -> bool:
            return await _sessions(notify) == {lately.session_id, stuck.session_id}

        await eventually(forgotten)
        await eventually(lambda: _receipts_are(notify, 2))
    await notify.reached("delivered", "pending")
    counts = "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM attempt), (SELECT count(*) FROM reply)"
    assert tuple(await notify.database.pool.fetchrow(counts) or ()) == (2, 1, 1)


async def _receipts_are(notify: Notify, number: int) -> bool:
    """The one of the message that is kept, and the young one of nobody."""
    return bool(await notify.database.pool.fetchval("SELECT count(*) FROM receipt") == number)


async def test_who_wants_no_reminders_has_a_year(still_notify: Notify) -> None:
    """Fails when a number is remembered for ever, and when it is forgotten while somebody may think that it counts."""
    notify = still_notify
    await notify.database.pool.execute(
        """
        INSERT INTO reminder_stop (address, said_at)
        SELECT days::text::bytea, now() - make_interval(days => days) FROM unnest(ARRAY[364, 366]) AS days
        """
    )

    async def forgotten() -> bool:
        left: int = await notify.database.pool.fetchval("SELECT count(*) FROM reminder_stop")
        return left == 1

    async with notify.serving():
        await eventually(forgotten)
    assert await notify.database.pool.fetchval("SELECT said_at > now() - interval '365 days' FROM reminder_stop")
