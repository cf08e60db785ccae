"""What goes wrong outside, and that each person is still told once."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
from aiohttp import web
from structlog.testing import capture_logs

from services.notify import store, usecases
from services.notify.app import create_app
from services.notify.domain import Again, NotFound, Sent
from shared.db import Connection
from shared.events import MessageFailed
from tests.integration.notify.conftest import Notify, somebody
from tests.integration.notify.events import booking, confirmed
from tests.integration.notify.mailserver import MailServer
from tests.support.apps import serving
from tests.support.samples import published, session_state
from tests.support.servers import eventually, free_port, running


async def _confirm(notify: Notify, **changes: object) -> str:
    """Have a confirmation told to somebody; gives their number."""
    session, person = session_state(), notify.knows(**changes)
    await notify.hear(published(session), confirmed(booking(person, session)))
    return person.phone or ""


async def test_a_text_that_was_never_accepted_is_repeated_once(notify: Notify) -> None:
    """Fails when it is not repeated at all, and when it is repeated again and again."""
    session, person = session_state(), notify.knows()
    await notify.phonebox.script("sms", "500-before", to=person.phone, times=2)
    await notify.hear(published(session), confirmed(booking(person, session)))
    [row] = await notify.reached("failed")
    assert (row["attempts"], row["repeated"], row["reason"]) == (2, True, "unknown")
    [failed] = await notify.told()
    assert isinstance(failed, MessageFailed)
    assert failed.data.reason == "unknown"
    assert await notify.phonebox.messages(person.phone) == []


async def test_a_provider_that_is_away_is_waited_for(still_notify: Notify) -> None:
    """Fails when a refused connection is taken for a refused text, and when only an answer's first piece is read."""
    port, taken = free_port(), list[str]()

    async def send(request: web.Request) -> web.StreamResponse:
        form = await request.post()
        assert form["dontlog"] == "message"
        taken.append(str(form["to"]))
        answer = web.StreamResponse()
        await answer.prepare(request)
        for piece in (b'{"id": "', uuid4().hex.encode(), b'"}'):
            await answer.write(piece)
            await asyncio.sleep(0.05)  # a provider that drips its answer
        return answer

    provider = web.Application()
    provider.router.add_post("/a1/sms", send)
    async with still_notify.serving(sms_url=f"http://127.0.0.1:{port}/a1"):
        phone = await _confirm(still_notify)

        async def tried() -> bool:
            [row] = await still_notify.messages()
            return bool(row["state"] == "pending" and row["attempts"])

        await eventually(tried)
        async with serving(provider, port):
            await still_notify.reached("sent")
    assert taken == [phone]


async def test_an_owner_of_contacts_that_is_away_is_waited_for(notify: Notify) -> None:
    notify.owner.away = True
    phone = await _confirm(notify)
    assert await notify.phonebox.messages(phone) == []
    notify.owner.away = False
    await notify.phonebox.got(phone)


async def test_a_refused_text_goes_by_mail(notify: Notify) -> None:
    address = f"{uuid4().hex}@example.org"
    await _confirm(notify, phone="+4601", email=address)
    [mail] = await notify.phonebox.got(address)
    assert "Din kod: K7F-4MQ" in mail["text"]
    [row] = await notify.reached("sent")
    assert (row["channel"], row["reason"]) == ("email", "refused")


async def test_a_refused_text_without_another_way_is_failed(notify: Notify) -> None:
    await _confirm(notify, phone="+4601")
    await notify.reached("failed")
    [failed] = await notify.told()
    assert isinstance(failed, MessageFailed)
    assert (failed.data.reason, failed.data.channel) == ("refused", "sms")


async def test_a_sender_killed_during_the_call_does_not_tell_twice(still_notify: Notify) -> None:
    """Fails when a text whose lease ended is sent again without a look-up."""
    session, person = session_state(), still_notify.knows()
    await still_notify.phonebox.script("sms", "accept-then-hang", to=person.phone)
    command = [sys.executable, "-W", "error", "-m", "services.notify"]
    ready = f"{still_notify.url}/health/live"
    async with running(command, still_notify.environment(port=still_notify.port, lease=20), ready=ready) as process:
        await still_notify.hear(published(session), confirmed(booking(person, session)))
        await still_notify.phonebox.got(person.phone)
        os.kill(process.pid, signal.SIGKILL)
        await process.wait()
    await still_notify.reached("sending")
    await still_notify.database.pool.execute("UPDATE message SET lease_until = now()")
    async with still_notify.serving():
        await still_notify.reached("delivered")
    assert len(await still_notify.phonebox.messages(person.phone)) == 1


async def test_stopping_finishes_what_is_in_hand(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    await still_notify.phonebox.script("sms", "accept-then-hang", to=person.phone, seconds=0.5)
    async with still_notify.serving():
        await still_notify.hear(published(session), confirmed(booking(person, session)))
        await still_notify.phonebox.got(person.phone)
    [row] = await still_notify.messages()
    assert row["state"] in {"unknown", "delivered"}


async def test_what_cannot_be_written_is_failed_at_once(notify: Notify) -> None:
    await _confirm(notify, by="email", phone=None, email="two\nlines@example.org")
    [row] = await notify.reached("failed")
    assert (row["reason"], row["attempts"]) == ("refused", 1)


async def test_two_texts_to_one_number_are_told_apart(notify: Notify) -> None:
    """A family shares a phone: the history shows one text, and it is the other one's."""
    session = session_state()
    one = notify.knows()
    other = notify.knows(phone=one.phone, code="M3R-9WX")
    await notify.hear(published(session), confirmed(booking(one, session)))
    await notify.reached("delivered")
    await notify.phonebox.script("sms", "500-before", to=one.phone)
    await notify.hear(confirmed(booking(other, session)))
    await notify.reached("delivered", "delivered")
    codes = [sms["text"].partition("Kod: ")[2][:7] for sms in await notify.phonebox.messages(one.phone)]
    assert sorted(codes) == ["K7F-4MQ", "M3R-9WX"]


async def test_siblings_with_one_phone_are_each_told_once(notify: Notify) -> None:
    """The first text is lost and the second one's answer: neither may take the other's for its own."""
    session = session_state()
    one = notify.knows()
    other = notify.knows(phone=one.phone, code="M3R-9WX")
    await notify.phonebox.script("sms", "500-before", to=one.phone)
    await notify.phonebox.script("sms", "500-after", to=one.phone)
    await notify.hear(published(session), confirmed(booking(one, session)), confirmed(booking(other, session)))
    await notify.reached("delivered", "delivered")
    codes = [sms["text"].partition("Kod: ")[2][:7] for sms in await notify.phonebox.messages(one.phone)]
    assert sorted(codes) == ["K7F-4MQ", "M3R-9WX"]


async def test_replicas_send_one_text_at_a_time_to_a_number(notify: Notify) -> None:
    """Fails when only the contact is looked at, not the number, and nothing in the database forbids it."""
    session, phone = session_state(), somebody().phone
    people = [notify.knows(phone=phone) for _ in range(6)]
    await notify.phonebox.script("sms", "accept-then-hang", to=phone, seconds=0.2, times=6)
    await notify.hear(published(session))
    most = 0

    async def all_delivered() -> bool:
        nonlocal most
        states = [row["state"] for row in await notify.messages()]
        most = max(most, states.count("sending") + states.count("unknown"))
        return states == ["delivered"] * len(people)

    async with serving(create_app(notify.settings(lookup_delay=0.1))):
        await asyncio.gather(*(notify.hear(confirmed(booking(person, session))) for person in people))
        await eventually(all_delivered, within=40)
    assert most == 1


async def test_a_text_goes_to_the_number_that_is_known_now(notify: Notify) -> None:
    """While it waited for its turn at the old number, the person gave a new one."""
    session = session_state()
    one = notify.knows()
    other = notify.knows(phone=one.phone)
    await notify.phonebox.script("sms", "timeout-before", to=one.phone)
    await notify.hear(published(session), confirmed(booking(one, session)), confirmed(booking(other, session)))
    await notify.reached("unknown", "pending")
    other.phone = somebody().phone
    await notify.reached("delivered", "delivered")
    assert len(await notify.phonebox.messages(one.phone)) == 1
    assert len(await notify.phonebox.messages(other.phone)) == 1
    addresses = await notify.database.pool.fetch("SELECT DISTINCT address FROM message")
    assert len(addresses) == 2  # each is kept with where it went, which is what serialises


async def test_what_cannot_be_looked_up_is_told_another_way(still_notify: Notify) -> None:
    """Of a number that is not the person's any more, the history must not be asked."""
    session, address = session_state(), f"{uuid4().hex}@example.org"
    person = still_notify.knows(email=address)
    old = person.phone
    async with still_notify.serving(lookup_delay=2):
        await still_notify.phonebox.script("sms", "500-after", to=old)
        await still_notify.hear(published(session), confirmed(booking(person, session)))
        await still_notify.reached("unknown")
        person.phone = somebody().phone
        await still_notify.phonebox.got(address)
        [row] = await still_notify.reached("sent")
    assert (row["channel"], row["reason"]) == ("email", "unknown")
    assert await still_notify.phonebox.messages(person.phone) == []


async def test_what_is_stuck_can_be_seen(notify: Notify) -> None:
    await notify.phonebox.script("sms", "500-before", times=2)
    notify.owner.away = True
    await _confirm(notify)

    async def seen() -> bool:
        async with notify.http.get(f"{notify.url}/metrics") as answer:
            return 'plats_notify_open{state="pending"} 1.0' in await answer.text()

    await eventually(seen)


async def test_many_at_once_are_each_told_once(notify: Notify) -> None:
    """Fails when a message is claimed without its row being locked."""
    session = session_state()
    people = [notify.knows() for _ in range(15)]
    await notify.hear(published(session))
    async with serving(create_app(notify.settings())):  # a second replica
        await asyncio.gather(*(notify.hear(confirmed(booking(person, session))) for person in people))
        await notify.reached(*["delivered"] * len(people), within=20)
    for person in people:
        assert len(await notify.phonebox.messages(person.phone)) == 1


async def test_a_contact_that_cannot_be_understood_holds_up_nobody_else(notify: Notify) -> None:
    """A newer owner reaches somebody in a way that this version does not know.

    Fails when an answer is understood as a whole or not at all, when who is not understood counts as erased, and
    when it is asked for again without a pause.
    """
    session, strange, person = session_state(), notify.knows(by="pigeon"), notify.knows()
    with capture_logs() as logs:
        await notify.hear(published(session), confirmed(booking(strange, session)), confirmed(booking(person, session)))
        await notify.reached("pending", "delivered")
    told = [entry for entry in logs if entry["event"] == "contact_not_understood"]
    assert [(entry["contact_ref"], entry["fields"]) for entry in told] == [(str(strange.ref), ["by"])]
    assert await notify.database.pool.fetchval("SELECT next_at > now() FROM message WHERE state = 'pending'")
    strange.by = "sms"
    await notify.database.pool.execute("UPDATE message SET next_at = now() WHERE state = 'pending'")
    await notify.reached("delivered", "delivered")


async def test_a_look_up_that_comes_too_late_unsays_nothing(still_notify: Notify) -> None:
    """Fails when the log of an attempt that was concluded already is written anew."""
    session, person, policy = session_state(), still_notify.knows(), still_notify.settings().policy
    await still_notify.hear(published(session), confirmed(booking(person, session)))
    [message] = await still_notify.take()
    async with still_notify.database.transaction() as conn:
        assert await usecases.spend(conn, message, 1, policy, needs=1) is None
    for outcome in (Sent(provider_id="s1"), NotFound()):
        async with still_notify.database.transaction() as conn:
            await usecases.conclude(conn, message, outcome, policy)
    attempt = await still_notify.database.pool.fetchrow("SELECT outcome, provider_id, parts FROM attempt")
    assert tuple(attempt or ()) == ("sent", "s1", 1)


@asynccontextmanager
async def _till_held(notify: Notify) -> AsyncIterator[Connection]:
    """Nobody else can pay for a text until the block ends."""
    async with notify.database.transaction() as conn:
        await store.lock_till(conn)
        yield conn


async def _attempted(notify: Notify, number: int = 1) -> str | None:
    """What became of an attempt."""
    outcome: str | None = await notify.database.pool.fetchval("SELECT outcome FROM attempt WHERE number = $1", number)
    return outcome


async def test_who_waits_until_the_lease_has_ended_sends_nothing(notify: Notify) -> None:
    """Somebody else has taken the message back, and may be sending it.

    Fails when a sender looks at its lease neither in the database nor by its own clock.
    """
    session, person = session_state(), notify.knows()
    async with _till_held(notify):
        await notify.hear(published(session), confirmed(booking(person, session)))
        await eventually(lambda: _attempted(notify))
    await notify.reached("delivered")
    assert len(await notify.phonebox.messages(person.phone)) == 1
    assert await _attempted(notify) != "sent"


async def test_an_attempt_that_somebody_else_has_concluded_is_not_made(still_notify: Notify) -> None:
    """Fails when only the time is looked at, not whose attempt it is, and when too little time is enough."""
    session, policy = session_state(), still_notify.settings().policy
    await still_notify.hear(published(session), confirmed(booking(still_notify.knows(), session)))
    [old] = await still_notify.take()
    async with still_notify.database.transaction() as conn:
        assert await usecases.spend(conn, old, 1, policy, needs=61) == Again(why="late")
        await usecases.conclude(conn, old, Again(why="somebody else"), policy)
    await still_notify.database.pool.execute("UPDATE message SET next_at = now()")
    [new] = await still_notify.take()
    async with still_notify.database.transaction() as conn:
        assert await usecases.spend(conn, old, 1, policy, needs=1) == Again(why="late")
        assert await usecases.spend(conn, new, 1, policy, needs=1) is None


async def test_who_stood_still_after_the_look_at_the_lease_sends_nothing(still_notify: Notify) -> None:
    """A frozen process was told in time that it may send, and wakes up when its lease is about to end.

    Fails when only the database is asked whether there is time.
    """
    session, person = session_state(), still_notify.knows()
    holder = await asyncpg.connect(still_notify.dsn)
    async with still_notify.serving(lease=8):
        async with _till_held(still_notify):
            await still_notify.hear(published(session), confirmed(booking(person, session)))
            await eventually(still_notify.somebody_waits)
            await holder.execute("BEGIN; SELECT FROM attempt FOR UPDATE")
        await eventually(lambda: _row_waited_for(still_notify))
        await holder.execute("SET idle_in_transaction_session_timeout = '0.2s'")  # it lets go while we stand still
        time.sleep(3.2)  # noqa: ASYNC251 - the fault itself: all of the process stands still
        holder.terminate()
        await still_notify.reached("delivered")
    assert await _attempted(still_notify) == "again late"
    assert len(await still_notify.phonebox.messages(person.phone)) == 1


async def _row_waited_for(notify: Notify) -> bool:
    """Whether a transaction on this database waits for a row that another has changed."""
    waits: bool = await notify.database.pool.fetchval(
        "SELECT EXISTS (SELECT FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event <> 'advisory')"
    )
    return waits


async def test_who_stands_still_holds_up_no_other_lease(still_notify: Notify) -> None:
    """Fails when leases are taken back one after the other."""
    session = session_state()
    people = [still_notify.knows() for _ in range(2)]
    await still_notify.hear(published(session), *(confirmed(booking(person, session)) for person in people))
    first, _ = await still_notify.take()
    await still_notify.database.pool.execute("UPDATE message SET lease_until = now()")
    async with still_notify.database.transaction() as conn:
        assert await store.lock_attempt(conn, first)
        assert await still_notify.database.transact(lambda conn: store.expire_leases(conn, 0)) == 1


async def test_a_database_that_goes_away_at_the_till_costs_a_moment(still_notify: Notify) -> None:
    """Fails when an attempt that certainly sent nothing waits for its lease to end."""
    session, person = session_state(), still_notify.knows()
    async with still_notify.serving(lease=60):
        async with _till_held(still_notify) as conn:
            await still_notify.hear(published(session), confirmed(booking(person, session)))
            await eventually(still_notify.somebody_waits)
            await conn.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            )
            assert (await eventually(lambda: _attempted(still_notify))).startswith("again database ")
        await still_notify.reached("delivered")
    assert len(await still_notify.phonebox.messages(person.phone)) == 1


async def test_an_outcome_is_kept_until_the_database_takes_it(still_notify: Notify) -> None:
    """The mail server has the mail, and just then the database takes no writes.

    Fails when an outcome is offered to the database once: the mail would go again when the lease ends.
    """
    session, server = session_state(), MailServer(silent_at=b"QUIT")
    person = still_notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    with capture_logs() as logs:
        async with server.serving() as address, still_notify.serving(smtp=address, lease=60):
            await still_notify.hear(published(session), confirmed(booking(person, session)))
            await eventually(lambda: _true(server.mails))
            async with _read_only(still_notify):
                await eventually(lambda: _true(any(entry["event"] in _UNWRITTEN for entry in logs)))
            [row] = await still_notify.reached("sent")
    assert (server.mails, row["attempts"]) == (1, 1)


_UNWRITTEN = {"outcome_not_written", "delivery_failed"}


async def _true(value: object) -> bool:
    return bool(value)


@asynccontextmanager
async def _read_only(notify: Notify) -> AsyncIterator[None]:
    """The database takes no writes, as one that has handed over to another server."""
    conn = await asyncpg.connect(notify.dsn)
    name = await conn.fetchval("SELECT quote_ident(current_database())")
    try:
        await conn.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
        await conn.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        yield
    finally:
        await conn.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = off")
        await conn.close()
