"""No number is flooded, no day costs more than was decided, and nothing that is held back is lost silently."""

import asyncio
from collections.abc import Sequence
from uuid import uuid4

import asyncpg
from structlog.testing import capture_logs

from services.notify import usecases
from services.notify.app import create_app
from services.notify.domain import Refused
from shared.events import MessageFailed, SessionState
from tests.integration.notify.conftest import Notify, Person, somebody
from tests.integration.notify.events import booking, cancelled, confirmed
from tests.support.apps import serving
from tests.support.samples import published, session_state
from tests.support.servers import eventually

FIFTEEN = 15


async def _settled(notify: Notify, people: Sequence[Person], session: SessionState) -> list[asyncpg.Record]:
    """Have a confirmation told to everybody at once, by two replicas."""
    before = len(await notify.messages())

    async def all_told() -> list[asyncpg.Record] | None:
        rows = (await notify.messages())[before:]
        ended = [row for row in rows if row["state"] in {"sent", "delivered", "failed"}]
        return rows if len(ended) == len(people) else None

    await asyncio.gather(*(notify.hear(confirmed(booking(person, session))) for person in people))
    return await eventually(all_told, within=30)


async def _age_attempts(notify: Notify) -> None:
    """Let a day pass."""
    await notify.database.pool.execute("UPDATE attempt SET started_at = started_at - interval '24 hours'")


async def test_a_number_gets_fifteen_messages_a_day(notify: Notify) -> None:
    """Fails without the cap, when what waits is not counted by all replicas, and when a day is not 24 hours."""
    session, phone, address = session_state(), somebody().phone, f"{uuid4().hex}@example.org"
    people = [notify.knows(phone=phone) for _ in range(FIFTEEN + 2)]
    await notify.hear(published(session))
    async with serving(create_app(notify.settings())):
        rows = await _settled(notify, people, session)
    assert len(await notify.phonebox.messages(phone)) == FIFTEEN
    assert [row["reason"] for row in rows if row["state"] == "failed"] == ["limit", "limit"]
    told = [event.data for event in await notify.told() if isinstance(event, MessageFailed)]
    assert [failure.reason for failure in told] == ["limit", "limit"]

    [row] = await _settled(notify, [notify.knows(phone=phone, email=address)], session)
    assert (row["state"], row["channel"], row["reason"]) == ("sent", "email", "limit")
    assert len(await notify.phonebox.messages(address)) == 1

    await _age_attempts(notify)
    [row] = await _settled(notify, [people[0]], session)
    assert row["state"] != "failed"
    assert len(await notify.phonebox.messages(phone)) == FIFTEEN + 1


async def test_a_day_has_so_many_parts(still_notify: Notify) -> None:
    """All replicas stop at the same text, say so once, and start anew with the next day.

    Fails when each replica or message has its own alarm, and when the parts of other days count.
    """
    notify, session = still_notify, session_state()
    people = [notify.knows(email=f"{uuid4().hex}@example.org" if number % 2 else None) for number in range(12)]
    await notify.hear(published(session))
    with capture_logs() as logs:
        async with notify.serving(sms_parts_a_day=5), serving(create_app(notify.settings(sms_parts_a_day=5))):
            rows = await _settled(notify, people, session)
            texts = [len(await notify.phonebox.messages(person.phone)) for person in people]
            assert sum(texts) == 5
            held_back = [row for row in rows if row["reason"] == "limit"]
            assert len(held_back) == 7
            assert {(row["state"], row["channel"]) for row in held_back} <= {("sent", "email"), ("failed", "sms")}
            await eventually(lambda: _shows(notify, "plats_notify_sms_parts_today 5.0", "plats_notify_sms_stopped 1.0"))

            await _age_attempts(notify)
            [row] = await _settled(notify, [notify.knows()], session)
            assert row["state"] != "failed"
    assert [entry["parts_a_day"] for entry in logs if entry["event"] == "sms_money_stop_closed"] == [5]


async def test_the_last_part_is_paid_once(still_notify: Notify) -> None:
    """Fails when the till is not locked while it is read and paid into: both would have the last part."""
    notify, session = still_notify, session_state()
    policy = notify.settings(sms_parts_a_day=1).policy
    await notify.hear(published(session), *(confirmed(booking(notify.knows(), session)) for _ in range(2)))
    first, second = await notify.take()
    async with notify.database.transaction() as conn:
        assert await usecases.spend(conn, first, 1, policy, needs=1) is None
        other = asyncio.create_task(
            notify.database.transact(lambda conn: usecases.spend(conn, second, 1, policy, needs=1))
        )

        async def waits_or_has_paid() -> bool:
            return other.done() or await notify.somebody_waits()

        await eventually(waits_or_has_paid)
    assert await other == Refused(why="money", reason="limit")


async def _shows(notify: Notify, *lines: str) -> bool:
    async with notify.http.get(f"{notify.url}/metrics") as answer:
        shown = (await answer.text()).splitlines()
    return all(line in shown for line in lines)


async def test_a_cancelled_session_is_told_whatever_was_spent(still_notify: Notify) -> None:
    """Fails when the money stop keeps it back."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    async with still_notify.serving(sms_parts_a_day=0):
        await still_notify.hear(published(session), confirmed(state))
        await still_notify.reached("failed")
        await still_notify.hear(cancelled(state, reason="session_cancelled", by="library"))
        await still_notify.reached("failed", "delivered")
    [sms] = await still_notify.phonebox.messages(person.phone)
    assert "ställs in" in sms["text"]
