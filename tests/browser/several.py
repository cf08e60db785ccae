"""The states beyond one booking with a name: the library's questions, many dates, numbers, certificates."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from tests.browser.steps import submit

if TYPE_CHECKING:
    from tests.browser.states import Walk


async def telling(walk: Walk) -> AsyncIterator[str]:
    """What the library asks: one thing to choose, a long list, short lines, boxes to tick."""
    page, there = walk.page, walk.there
    await page.goto(f"{walk.home}/sessions/{there.coaching}/book")
    yield "question to choose in"
    await submit(page)
    yield "question to choose in, with a fault"
    await page.check("#answer-topic")
    await submit(page)
    yield "question with a long list"
    await page.goto(f"{walk.home}/sessions/{await there.of_kind('class_visit')}/book")
    await page.fill("#adults", "2")
    await page.fill("#children", "24")
    await submit(page)
    await submit(page)
    yield "questions to write in, with a fault"
    await page.fill("#answer-school", "Bergaskolan")
    await page.fill("#answer-class", "4B")
    await submit(page)
    await page.select_option("#answer-grade", "4")
    await submit(page)
    yield "question with boxes to tick"
    await page.check("#answer-needs")
    await submit(page)
    await page.fill("#name", "Karin")
    await submit(page)
    yield "question for a number, with what was answered"


async def booking_all(walk: Walk) -> AsyncIterator[str]:
    """All dates of a series in one booking, then one of them given back."""
    page, there = walk.page, walk.there
    dates = await there.series()
    mine = f"{walk.home}/my-booking"
    await page.context.clear_cookies(name="plats_draft")
    await page.goto(f"{walk.home}/sessions/{dates[0]}/series/dates")
    for box in await page.locator(".dates input").all():
        await box.uncheck()
    await submit(page)
    yield "question for dates, with a fault"
    for box in await page.locator(".dates input").all():
        await box.check()
    await submit(page)
    await submit(page)
    await page.fill("#name", "Sara")
    await submit(page)
    await page.check("#by-none")
    await submit(page)
    await page.locator(".slip").wait_for()
    yield "receipt: several dates"
    await page.goto(mine)
    yield "my dates"
    await page.goto(f"{mine}/dates/{dates[1]}/cancel")
    yield "question before giving one date back"
    await submit(page)
    yield "my dates: one given back"


async def waiting_with_a_number(walk: Walk) -> AsyncIterator[str]:
    """The screen on the wall, which stands still to be looked at."""
    page, there = walk.page, walk.there
    await page.goto(f"{walk.home}/branches/tensta/queue?still=1")
    yield "numbers: nobody waits"
    await there.draw(3)
    await there.call_a_number(1)
    await there.call_a_number(2)
    await page.goto(f"{walk.home}/branches/kista/queue?still=1")
    yield "numbers"


async def having_been_there(walk: Walk) -> AsyncIterator[str]:
    """A course that is over."""
    page, there = walk.page, walk.there
    course = await there.of_kind("staff_training")
    await page.goto(f"{walk.home}/sessions/{course}/book")
    await submit(page)
    await page.select_option("select", "0184")
    await submit(page)
    await page.fill("#name", "Karin")
    await submit(page)
    await page.check("#by-none")
    await walk.receipt()
    await there.begin(course)
    await there.end(course)
    await there.came(course)
    await page.goto(f"{walk.home}/my-booking")
    yield "booking over: with a certificate"
    await page.goto(f"{walk.home}/my-booking/certificate")
    yield "certificate"
