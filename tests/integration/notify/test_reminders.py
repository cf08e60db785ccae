"""Reminders: exactly one for a time, in permitted hours, never too late, and not for those who want none."""

from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest

from shared.events import MessageFailed, SessionState
from tests.integration.notify.conftest import Notify, Person, closed_now
from tests.integration.notify.events import booking, cancelled, confirmed, reminder_due, rescheduled, shrunk
from tests.support.samples import published, session_state
from tests.support.servers import eventually


async def _states(notify: Notify) -> list[tuple[str, str]]:
    return [(row["template"], row["state"]) for row in await notify.messages()]


async def _begin(notify: Notify, session: SessionState) -> None:
    """Let a session have begun."""
    await notify.database.pool.execute(
        "UPDATE session SET facts = facts || jsonb_build_object('starts_at', now()) WHERE id = $1", session.session_id
    )


async def _is_routed(notify: Notify) -> bool:
    """Whether the reminder has its channel and waits for its turn."""
    routed: bool = await notify.database.pool.fetchval(
        "SELECT EXISTS (SELECT FROM message WHERE template = 'reminder' AND address IS NOT NULL)"
    )
    return routed


async def _looked_up(notify: Notify) -> bool:
    """Have what is of unknown fate looked up now; tells when that is done."""
    await notify.database.pool.execute("UPDATE message SET next_at = now() WHERE state = 'unknown'")
    return "unknown" not in {row["state"] for row in await notify.messages()}


def _tomorrow() -> SessionState:
    starts_at = datetime.now(UTC) + timedelta(days=1)
    return session_state(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))


@pytest.mark.parametrize(
    ("reconfirm", "ending"),
    [(False, "Kan du inte komma? Svara NEJ. Frågor? 08-465 004 00"), (True, "Kommer du? Svara JA eller NEJ.")],
)
async def test_a_reminder_is_told_once(notify: Notify, reconfirm: bool, ending: str) -> None:  # noqa: FBT001 - a table
    """Fails when the event that comes again reminds again, and when nobody is asked whether they come."""
    session, person = _tomorrow(), notify.knows()
    due = reminder_due(booking(person, session), reconfirm=reconfirm)
    await notify.hear(published(session), due, due)
    await notify.reached("delivered")
    [sms] = await notify.phonebox.messages(person.phone)
    assert sms["text"].startswith("Biblioteket: Påminnelse! Språkcafé i morgon ")
    assert sms["text"].endswith(ending)


async def test_a_reminder_waits_for_permitted_hours(still_notify: Notify) -> None:
    """Fails when it wakes somebody, and when what they ask for meanwhile waits behind it."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, persons=2)
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), reminder_due(state))
        await still_notify.held("reminder")
        await still_notify.hear(shrunk(state, 3))
        await still_notify.reached("pending", "delivered")
    assert len(await still_notify.phonebox.messages(person.phone)) == 1


async def test_a_reminder_that_waited_until_the_start_is_skipped(still_notify: Notify) -> None:
    """Fails when it is told while they sit there."""
    session, person = session_state(), still_notify.knows()
    await still_notify.hear(published(session), reminder_due(booking(person, session)))
    await _begin(still_notify, session)
    async with still_notify.serving():
        [row] = await still_notify.reached("skipped")
    assert row["reason"] == "begun"
    assert await still_notify.phonebox.messages(person.phone) == []
    assert await still_notify.told() == []


async def test_a_reminder_that_stood_in_line_until_the_start_is_skipped(still_notify: Notify) -> None:
    """It has its channel already, but the number has another SMS of unknown fate. Fails when it leaves all the same."""
    notify, session, person = still_notify, session_state(), still_notify.knows()
    await notify.phonebox.script("sms", "500-after", to=person.phone)
    async with notify.serving(lookup_delay=600):
        state = booking(person, session)
        await notify.hear(published(session), confirmed(state))
        await notify.reached("unknown")
        await notify.hear(reminder_due(state))

        await eventually(partial(_is_routed, notify))
        await _begin(notify, session)
        await eventually(partial(_looked_up, notify))
        await notify.reached("delivered", "skipped")
    assert len(await notify.phonebox.messages(person.phone)) == 1


async def test_a_reminder_moves_with_its_session(still_notify: Notify) -> None:
    """Fails when somebody is reminded of the old time too, whichever is heard first."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    await still_notify.hear(published(session), reminder_due(state, 2), rescheduled(state, 3, session_revision=1))
    assert await _states(still_notify) == [("reminder", "dropped"), ("rescheduled", "pending")]
    late = booking(person, session)
    await still_notify.hear(rescheduled(late, 3, session_revision=1), reminder_due(late, 2), reminder_due(late, 4))
    assert (await _states(still_notify))[2:] == [("rescheduled", "pending"), ("reminder", "pending")]


async def test_a_new_room_takes_no_reminder_away(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    place = rescheduled(state, 3, session_revision=1, changed=("place",))
    await still_notify.hear(published(session), reminder_due(state, 2), place)
    assert await _states(still_notify) == [("reminder", "pending"), ("rescheduled", "pending")]


async def test_of_two_reminders_the_newer_one_is_told(still_notify: Notify) -> None:
    """Fails when both leave after an outage."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    await still_notify.hear(published(session), reminder_due(state, 2), reminder_due(state, 3), reminder_due(state, 2))
    assert await _states(still_notify) == [("reminder", "dropped"), ("reminder", "pending")]


async def test_nobody_is_reminded_of_what_they_gave_back(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, state="confirmed")
    await still_notify.hear(published(session), reminder_due(state, 2), cancelled(state, 3), reminder_due(state, 2))
    assert await _states(still_notify) == [("reminder", "dropped"), ("cancelled", "pending")]


async def test_a_reminder_that_may_have_arrived_is_not_repeated(notify: Notify) -> None:
    """Fails when it is sent again after the look-up like a confirmation: two are worse than none."""
    session, person = session_state(), notify.knows()
    await notify.phonebox.script("sms", "500-before", to=person.phone)
    await notify.hear(published(session), reminder_due(booking(person, session)))
    [row] = await notify.reached("failed")
    assert (row["attempts"], row["reason"]) == (1, "unknown")
    assert await notify.phonebox.messages(person.phone) == []
    [failed] = await notify.told()
    assert isinstance(failed, MessageFailed)


async def _told(notify: Notify, **changes: object) -> tuple[Person, SessionState]:
    """Somebody who was told of a booking."""
    session, person = session_state(), notify.knows(**changes)
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.phonebox.got(person.phone)
    return person, session


async def test_who_says_stopp_is_not_reminded_but_told(notify: Notify) -> None:
    """Fails when a confirmation is held back too, when another number is, and when START changes nothing."""
    person, session = await _told(notify, email=f"{uuid4().hex}@example.org")
    other = notify.knows()
    answer = await notify.reply(person.phone, "Stopp!")
    assert answer
    assert answer.startswith("Biblioteket: Du får inga fler påminnelser. ")
    await notify.hear(reminder_due(booking(person, session)), reminder_due(booking(other, session)))
    await notify.reached("delivered", "skipped", "delivered")
    await notify.hear(confirmed(booking(person, session)))
    await notify.reached("delivered", "skipped", "delivered", "delivered")
    assert (await notify.messages())[1]["reason"] == "stopped"

    answer = await notify.reply(person.phone, "start")
    assert answer
    assert answer.startswith("Biblioteket: Tack! Du får påminnelser igen. ")
    await notify.hear(reminder_due(booking(person, session)))
    *_, newest = await notify.reached("delivered", "skipped", "delivered", "delivered", "delivered")
    assert newest["template"] == "reminder"
    assert await notify.phonebox.messages(person.email) == []
    assert await notify.heard() == []


async def test_of_a_number_that_wants_no_reminders_only_a_hash_is_kept(notify: Notify) -> None:
    person, _ = await _told(notify)
    await notify.reply(person.phone, "STOPP")
    rows = await notify.database.pool.fetch("SELECT r::text AS row FROM reminder_stop r")
    assert len(rows) == 1
    assert str(person.phone).removeprefix("+46") not in rows[0]["row"]
