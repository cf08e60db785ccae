"""The states of whoever waits for a seat, is offered one, or changes to another time: a part of the walk each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from tests.browser.steps import submit
from tests.browser.world import Guest
from tests.support.servers import eventually

if TYPE_CHECKING:
    from tests.browser.states import Walk


async def queueing(walk: Walk) -> AsyncIterator[str]:
    """A party of two joins the queue, becomes smaller and leaves again."""
    page, there = walk.page, walk.there
    session = await there.session(capacity=2)
    await there.take_a_seat(session, adults=2)
    await page.goto(f"{walk.home}/sessions/{session}/queue")
    yield "question who comes, to queue"
    await page.fill("#adults", "2")
    await submit(page)
    yield "question for a name, to queue"
    await page.fill("#name", "Sara")
    await submit(page)
    yield "question for a number, to queue"
    await submit(page)
    yield "question for a number, to queue, with a fault"
    await page.check("#by-email")
    await page.fill("#email", f"{uuid4().hex}@example.org")
    await submit(page)
    await page.locator(".slip").wait_for()
    yield "receipt: in the queue"
    await page.goto(f"{walk.home}/my-booking")
    yield "place in the queue"
    await page.goto(f"{walk.home}/my-booking/people")
    yield "fewer people: in the queue"
    await page.fill("#adults", "1")
    await submit(page)
    yield "place in the queue: smaller"
    await page.goto(f"{walk.home}/my-booking/cancel")
    yield "question before leaving the queue"
    await submit(page)
    yield "booking cancelled: place in the queue"
    session = await there.session(capacity={"seats": 1, "queue": 1})
    await there.take_a_seat(session)
    await walk.answer_to_queue(session)
    await there.queue_up(session)
    await submit(page)
    yield "queue that others filled"


async def answering(walk: Walk) -> AsyncIterator[str]:
    """Offers that are taken, left, answered elsewhere or not at all, and a queue that got none."""
    page, there = walk.page, walk.there
    mine = f"{walk.home}/my-booking"
    code = await _offered(walk)
    await there.told(code, until=timedelta(hours=1))
    await page.goto(mine)
    yield "offer"
    await there.told(code, until=None)
    await page.goto(mine)
    yield "offer: not told yet"
    await submit(page)
    yield "my booking: accepted"
    code = await _offered(walk)
    await there.answers(Guest(code=code, proof="sa"), "accept")
    await page.locator(".yes-no .ds-button").nth(1).click()
    yield "my booking: accepted elsewhere"
    await _offered(walk)
    await page.locator(".yes-no .ds-button").nth(1).click()
    yield "offer declined"
    code = await _offered(walk)
    await there.told(code, until=timedelta(seconds=-1))
    await _until(walk, ".yes-no", count=0)
    yield "offer that ran out"
    session = await there.session()
    await there.take_a_seat(session)
    await walk.queue_up(session)
    await there.begin(session)
    await page.goto(mine)
    yield "queue that has closed"
    await there.end(session)
    await page.goto(mine)
    yield "booking over: no seat came free"


async def moving(walk: Walk) -> AsyncIterator[str]:
    """To another time, to one that others took meanwhile, and where there is no other."""
    page, there = walk.page, walk.there
    mine = f"{walk.home}/my-booking"
    one_seat = await there.session()
    await walk.answer(await there.session())
    await walk.receipt()
    await page.goto(f"{mine}/move")
    yield "other times"
    await page.goto(f"{mine}/move/{one_seat}")
    yield "question before changing to another time"
    await there.take_a_seat(one_seat)
    await submit(page)
    yield "other times, with a fault"
    await page.locator(".card a").first.click()
    await submit(page)
    yield "my booking: moved"


async def _offered(walk: Walk) -> str:
    """Be offered a seat that somebody else gave back, and look at that; gives the code."""
    session = await walk.there.session()
    other = await walk.there.take_a_seat(session)
    code = await walk.queue_up(session)
    await walk.there.answers(other, "cancel")
    await _until(walk, ".yes-no", count=1)
    return code


async def _until(walk: Walk, selector: str, *, count: int) -> None:
    """Look at the booking until it says what it is to say."""

    async def right() -> bool:
        await walk.page.goto(f"{walk.home}/my-booking")
        return await walk.page.locator(selector).count() == count

    await eventually(right, within=30)
