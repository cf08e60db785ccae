"""Delivery receipts: from the provider only, twice, late, early or out of order."""

import asyncio
from uuid import uuid4

import pytest

from shared.events import MessageDelivered, MessageFailed, MessageSent
from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import booking, confirmed
from tests.support.samples import published, session_state


async def _sent(notify: Notify, **changes: object) -> str:
    """A text whose receipt has not come; gives the provider's id."""
    session, person = session_state(), notify.knows(**changes)
    await notify.phonebox.script("sms", "no-receipt", to=person.phone)
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("sent")
    provider_id: str = await notify.database.pool.fetchval("SELECT provider_id FROM attempt")
    return provider_id


async def test_a_receipt_twice_is_one_delivery(notify: Notify) -> None:
    provider_id = await _sent(notify)
    assert [await notify.receipt(provider_id, "delivered") for _ in range(2)] == [204, 204]
    await notify.reached("delivered")
    assert [type(event) for event in await notify.told()] == [MessageSent, MessageDelivered]


async def test_final_states_win(notify: Notify) -> None:
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


@pytest.mark.parametrize("password", ["", "another secret"])
async def test_a_forged_receipt_is_refused(notify: Notify, password: str) -> None:
    provider_id = await _sent(notify)
    assert await notify.receipt(provider_id, "delivered", password=password) == 401
    await notify.reached("sent")


async def test_a_receipt_without_credentials_is_refused(notify: Notify) -> None:
    url = f"{notify.url}/v1/providers/46elks/receipts"
    async with notify.http.post(url, data={"id": "s1", "status": "delivered"}) as answer:
        assert answer.status == 401
        assert answer.headers["WWW-Authenticate"].startswith("Basic")


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
