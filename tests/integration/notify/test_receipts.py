"""Delivery receipts: from the provider only, twice, late, early or out of order."""

import asyncio
from uuid import uuid4

import pytest
from aiohttp import encode_basic_auth
from structlog.testing import capture_logs

from services.notify import usecases
from services.notify.domain import Sent
from shared.events import MessageDelivered, MessageFailed, MessageSent
from tests.integration.notify.conftest import WEBHOOK_PASSWORD, Notify
from tests.integration.notify.events import booking, confirmed
from tests.support.samples import published, session_state
from tests.support.servers import eventually

FORGED = [
    encode_basic_auth("46elks", ""),
    encode_basic_auth("46elks", WEBHOOK_PASSWORD[:-1]),
    encode_basic_auth("46elks", WEBHOOK_PASSWORD + "x"),
    encode_basic_auth("somebody", WEBHOOK_PASSWORD),
    f"Bearer {WEBHOOK_PASSWORD}",
]


async def _sent(notify: Notify, **changes: object) -> str:
    """A text whose receipt has not come; gives the provider's id."""
    session, person = session_state(), notify.knows(**changes)
    await notify.phonebox.script("sms", "no-receipt", to=person.phone)
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("sent")
    provider_id: str = await notify.database.pool.fetchval("SELECT provider_id FROM attempt")
    return provider_id


async def test_a_receipt_twice_is_one_delivery(notify: Notify) -> None:
    """Fails when the same receipt cannot be kept twice, and when each one is applied."""
    provider_id = await _sent(notify)
    assert [await notify.receipt(provider_id, "delivered") for _ in range(2)] == [204, 204]
    await notify.reached("delivered")
    assert [type(event) for event in await notify.told()] == [MessageSent, MessageDelivered]


async def test_final_states_win(notify: Notify) -> None:
    """Fails when the newest receipt decides."""
    provider_id = await _sent(notify)
    for status in ("delivered", "sent", "created", "failed"):
        assert await notify.receipt(provider_id, status) == 204
    await notify.reached("delivered")
    assert [type(event) for event in await notify.told()] == [MessageSent, MessageDelivered]


async def test_a_text_that_does_not_arrive_is_failed(notify: Notify) -> None:
    provider_id = await _sent(notify)
    await notify.receipt(provider_id, "failed")
    await notify.reached("failed")
    _, failed = await notify.told()
    assert isinstance(failed, MessageFailed)
    assert (failed.data.reason, failed.data.revision) == ("unreachable", 2)


async def test_a_text_that_does_not_arrive_goes_by_mail(notify: Notify) -> None:
    address = f"{uuid4().hex}@example.org"
    provider_id = await _sent(notify, email=address)
    await notify.receipt(provider_id, "failed")
    await notify.phonebox.got(address)
    await notify.reached("sent")
    await notify.receipt(provider_id, "delivered")
    await notify.reached("sent")  # the late receipt speaks of the text, not of the mail


async def test_a_receipt_may_come_before_its_id_is_known(still_notify: Notify) -> None:
    """Fails when receipts that were kept are not applied once their id is known."""
    session, person = session_state(), still_notify.knows()
    async with still_notify.serving():
        await still_notify.phonebox.script("sms", "500-after", to=person.phone)
        await still_notify.hear(published(session), confirmed(booking(person, session)))
        await still_notify.phonebox.got(person.phone)
        await still_notify.reached("unknown")

        receipts = await still_notify.database.pool.fetch("SELECT status FROM receipt")
        assert [row["status"] for row in receipts] == ["delivered"]
        await still_notify.reached("delivered")
    assert [type(event) for event in await still_notify.told()] == [MessageSent, MessageDelivered]


async def test_a_receipt_and_the_commit_that_makes_its_id_known_take_turns(still_notify: Notify) -> None:
    """Fails without the lock on the provider's id: neither sees the other, and the text is never delivered."""
    session, person, notify = session_state(), still_notify.knows(), still_notify
    policy = notify.settings().policy
    await notify.hear(published(session), confirmed(booking(person, session)))
    [message] = await notify.take()
    async with notify.serving():
        async with notify.database.transaction() as conn:
            await usecases.conclude(conn, message, Sent(provider_id="s1"), policy)
            receipt = asyncio.create_task(notify.receipt("s1", "delivered"))
            await eventually(lambda: _waits_or_is_kept(notify))
        assert await receipt == 204
        await notify.reached("delivered")


async def _waits_or_is_kept(notify: Notify) -> bool:
    """Whether the receipt waits for its turn or, as it should not, is written down already."""
    return await notify.somebody_waits() or bool(await _receipts(notify))


async def test_a_late_receipt_still_counts(notify: Notify) -> None:
    """Fails when what was sent is thought to be settled."""
    session, person = session_state(), notify.knows()
    await notify.phonebox.script("sms", "late-receipt", to=person.phone, seconds=1)
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("sent")
    await notify.reached("delivered")


async def test_a_receipt_of_an_unknown_id_is_kept_and_changes_nothing(notify: Notify) -> None:
    """Fails when an unknown id is an error: the provider would repeat it for hours."""
    await _sent(notify)
    assert await notify.receipt("of-nobody", "failed") == 204
    await notify.reached("sent")
    assert await _receipts(notify) == [("of-nobody", "failed")]


async def _receipts(notify: Notify) -> list[tuple[str, str]]:
    rows = await notify.database.pool.fetch("SELECT provider_id, status FROM receipt")
    return [(row["provider_id"], row["status"]) for row in rows]


@pytest.mark.parametrize("headers", [{}, *({"Authorization": value} for value in FORGED)], ids=["none", *FORGED])
async def test_a_forged_receipt_is_refused_and_seen(notify: Notify, headers: dict[str, str]) -> None:
    """Fails when anybody is believed, when only the name is looked at, and when nobody would hear of it."""
    provider_id = await _sent(notify)
    url = f"{notify.url}/v1/providers/46elks/receipts"
    with capture_logs() as logs:
        async with notify.http.post(url, data={"id": provider_id, "status": "delivered"}, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
    [refusal] = [entry for entry in logs if entry["event"] == "webhook_refused"]
    assert refusal == {"event": "webhook_refused", "log_level": "warning", "credentials": bool(headers)}
    await notify.reached("sent")
    assert await _receipts(notify) == []


async def test_an_oversized_receipt_is_refused(notify: Notify) -> None:
    """Fails when as much is read as anybody cares to send."""
    assert await notify.receipt("s" * 100_000, "delivered") == 413
    assert await _receipts(notify) == []


async def test_credentials_that_are_no_text_are_refused(notify: Notify) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", notify.port)
    writer.write(
        b"POST /v1/providers/46elks/receipts HTTP/1.1\r\nHost: notify\r\nAuthorization: Basic \xff\r\n"
        b"Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    assert (await reader.readline()).startswith(b"HTTP/1.1 401 ")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize(("provider_id", "status"), [("", "delivered"), ("s1", "exploded"), ("s 1", "sent")])
async def test_a_receipt_that_makes_no_sense_is_named(notify: Notify, provider_id: str, status: str) -> None:
    assert await notify.receipt(provider_id, status) == 422
