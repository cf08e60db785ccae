"""What goes wrong outside, and that each person is still told once."""

import asyncio
import os
import signal
import sys
from uuid import uuid4

from aiohttp import web

from services.notify.app import create_app
from shared.events import MessageFailed
from tests.integration.notify.conftest import Notify, somebody
from tests.integration.notify.events import booking, confirmed
from tests.support.apps import serving
from tests.support.samples import published, session_state
from tests.support.servers import eventually, free_port, running


async def _confirm(notify: Notify, **changes: object) -> str:
    """Have a confirmation told to somebody; gives their number."""
    session, person = session_state(), notify.knows(**changes)
    await notify.hear(published(session), confirmed(booking(person, session)))
    return person.phone or ""


async def test_a_text_that_was_never_accepted_is_repeated_once(notify: Notify) -> None:
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
