"""What administrators decide counts for messages from the moment on at which notify has heard of it."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.integration.notify.conftest import Notify, closed_now
from tests.integration.notify.events import booking, cancelled, confirmed, reminder_due
from tests.support.samples import decided, published, session_state

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def open_now() -> str:
    """Permitted hours that hold now."""
    hour = datetime.now(STOCKHOLM).hour
    return f"{max(0, hour - 2):02}-{min(24, hour + 3):02}"


async def _spending(notify: Notify) -> dict[str, Any]:
    async with notify.http.get(f"{notify.url}/v1/spending", headers=notify.issuer.headers("admin")) as answer:
        assert answer.status == 200, await answer.text()
        found: dict[str, Any] = await answer.json()
        return found


async def test_what_waits_for_the_hours_of_before_leaves_when_they_are_others(still_notify: Notify) -> None:
    """Fails when what is held sleeps until the hours of before begin."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), confirmed(state), reminder_due(state))
        await still_notify.held("reminder")
        assert (await _spending(still_notify))["held"] == 1

        await still_notify.hear(decided(permitted_hours=open_now()))

        await still_notify.reached("delivered", "delivered")


async def test_what_is_told_after_a_decision_waits_for_its_hours(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.hear(decided(permitted_hours=closed_now()), published(session), confirmed(state), reminder_due(state))

    await notify.held("reminder")


async def test_the_money_stop_stands_where_it_was_decided(notify: Notify) -> None:
    session = session_state()
    first, second = (booking(notify.knows(), session) for _ in range(2))
    await notify.hear(decided(sms_parts_a_day=1), published(session), confirmed(first))
    await notify.reached("delivered")

    await notify.hear(confirmed(second))

    await notify.reached("delivered", "failed")
    found = await _spending(notify)
    assert (found["parts"], found["parts_a_day"], found["stopped"], found["part_price"]) == (1, 1, True, "0.50")
    assert found["most_to_one"] == 1
    await notify.hear(decided(2, sms_parts_a_day=100), cancelled(first))
    await notify.reached("delivered", "failed", "delivered")


async def test_a_number_gets_as_much_as_was_decided(notify: Notify) -> None:
    session = session_state()
    state = booking(notify.knows(), session)
    await notify.hear(decided(messages_to_number=1), published(session), confirmed(state))
    await notify.reached("delivered")

    await notify.hear(cancelled(state))

    _, second = await notify.reached("delivered", "failed")
    assert second["reason"] == "limit"


async def test_only_administrators_see_what_messages_cost(notify: Notify) -> None:
    headers = notify.issuer.headers("staff", "kista")
    async with notify.http.get(f"{notify.url}/v1/spending", headers=headers) as answer:
        assert answer.status == 403
