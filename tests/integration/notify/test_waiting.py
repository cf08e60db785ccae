"""Somebody waits for a seat: what they are told at each turn, once, whatever the order, and nothing that is not so."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from services.notify import usecases
from services.notify.domain import NotFound, Unknown
from shared.events import AnyEvent, BookingState, MessageFailed, MessageSent, Standing
from tests.integration.notify.conftest import Notify, Person, closed_now
from tests.integration.notify.events import (
    booking,
    cancelled,
    closed,
    code_requested,
    confirmed,
    declined,
    moved,
    offer_expired,
    offered,
    queued,
    reminder_due,
    rescheduled,
    session_cancelled,
    shrunk,
)
from tests.support.samples import published, session_state

SOON = timedelta(hours=3)


def _candidate(notify: Notify, **changes: object) -> Person:
    """Somebody who may be told of an offer, with three hours to answer."""
    return notify.knows(answer_by=datetime.now(UTC) + SOON, **changes)


async def _states(notify: Notify) -> list[tuple[str, str]]:
    return [(row["template"], row["state"]) for row in await notify.messages()]


async def test_from_the_queue_to_a_seat(notify: Notify) -> None:
    """Each step is told once, in order, though each event comes twice. Fails when one of them has no message."""
    session, person = session_state(), _candidate(notify)
    state = booking(person, session, state="queued")
    await notify.hear(published(session))
    turns: list[AnyEvent] = [queued(state), offered(state), confirmed(state, 3, how="offer")]
    for number, event in enumerate(turns, 1):
        await notify.hear(event, event)
        await notify.reached(*["delivered"] * number)
    newest, offer, oldest = [sms["text"] for sms in await notify.phonebox.messages(person.phone)]
    assert oldest.startswith("Biblioteket: Du är nummer 3 i kön: Språkcafé ")
    assert offer.startswith("Biblioteket: Du kan få en plats! Språkcafé ")
    assert " Svara JA eller NEJ före " in offer
    assert newest.startswith("Biblioteket: Tack! Du har en plats. Språkcafé ")


async def test_an_offer_that_was_told_is_told_of(notify: Notify) -> None:
    """Booking starts the clock by it. Fails when the template is called something else."""
    session, person = session_state(), _candidate(notify)
    state = booking(person, session)
    await notify.hear(published(session), offered(state))
    await notify.reached("delivered")
    sent = (await notify.told())[0]
    assert isinstance(sent, MessageSent)
    assert (sent.data.template, sent.data.about, sent.data.contact_ref) == ("offered", state.booking_id, person.ref)


@pytest.mark.parametrize(
    ("event", "words"),
    [
        (offer_expired, "Vi fick inget svar. Platsen gick till nästa."),
        (declined, "Tack för svaret. Du sa nej."),
        (lambda state: cancelled(state, 3, was="queued"), "Du står inte längre i kön. "),
        (lambda state: cancelled(state, 3, was="offered", by="staff"), "Du står inte längre i kön. "),
        (lambda state: cancelled(state, 3, was="queued", reason="session_cancelled", by="library"), "ställs in. "),
        (lambda state: rescheduled(state, 3, session_revision=1, standing="queued"), "Ny tid! "),
        (lambda state: shrunk(state, 3, standing="queued"), "Nu står du i kön för 1 plats. "),
        (lambda state: code_requested(state, 3, "queued"), "Din kod är K7F-4MQ. "),
    ],
)
async def test_each_turn_is_told_once(notify: Notify, event: Callable[[BookingState], AnyEvent], words: str) -> None:
    """Fails when an event has no message, or one more when it comes again."""
    session, person = session_state(), notify.knows()
    state = booking(person, session, persons=2, state="queued")
    turn = event(state)
    await notify.hear(published(session), turn, turn)
    await notify.reached("delivered")
    [sms] = await notify.phonebox.messages(person.phone)
    assert sms["text"].startswith(f"Biblioteket: {words}") or words in sms["text"]
    assert "bokad" not in sms["text"]


@pytest.mark.parametrize("order", list(itertools.permutations(range(3))), ids=str)
async def test_whatever_comes_first_only_what_is_so_is_told(still_notify: Notify, order: tuple[int, ...]) -> None:
    """Fails when an offer that was accepted is made, or who has a seat is told that they wait."""
    session, person = session_state(), _candidate(still_notify)
    state = booking(person, session, state="queued")
    events = (queued(state), offered(state), confirmed(state, 3, how="offer"))
    await still_notify.hear(published(session), *(events[place] for place in order))
    async with still_notify.serving():
        rows = await still_notify.phonebox.got(person.phone)
        told = {row["template"]: row["state"] for row in await still_notify.reached_rest()}
    assert told.pop("accepted") == "delivered"
    assert set(told.values()) <= {"dropped"}
    [sms] = rows
    assert "Tack! Du har en plats." in sms["text"]


async def test_who_is_let_in_at_the_door_is_told_nothing(still_notify: Notify) -> None:
    """Fails when somebody who sits there gets an SMS: that they do, or what waited to be told."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, state="queued")
    door = confirmed(state, 4, how="door")
    await still_notify.hear(published(session), queued(state), rescheduled(state, 2, session_revision=1))
    await still_notify.hear(closed(state), door, door)
    assert await _states(still_notify) == [("queued", "dropped"), ("rescheduled", "dropped"), ("accepted", "dropped")]
    async with still_notify.serving():
        await still_notify.hear(cancelled(state, 5, by="staff"))
        await still_notify.reached("dropped", "dropped", "dropped", "delivered")


async def test_a_queue_that_closes_is_told_to_nobody(still_notify: Notify) -> None:
    """Fails when what was still unsent of a session that has begun is told, also when it is heard of later."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, state="queued")
    await still_notify.hear(published(session), queued(state), closed(state), shrunk(state, 2, standing="queued"))
    assert await _states(still_notify) == [("queued", "dropped")]


async def test_an_end_of_a_session_nobody_knows_of_is_kept(still_notify: Notify) -> None:
    """Fails when a queue that closed waits for catalog's word, or what comes later is told all the same."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, state="queued")
    await still_notify.hear(closed(state), published(session), queued(state))
    assert await _states(still_notify) == []


@pytest.mark.parametrize("end", [declined, offer_expired, lambda state: confirmed(state, 3, how="offer")])
async def test_an_offer_that_waits_for_the_morning_is_not_made_after_its_end(
    still_notify: Notify, end: Callable[[BookingState], AnyEvent]
) -> None:
    """Fails when somebody who answered on the page at night is asked in the morning."""
    session, person = session_state(), _candidate(still_notify)
    state = booking(person, session, state="queued")
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), offered(state))
        await still_notify.held("offered")
        assert await still_notify.phonebox.messages(person.phone) == []
        await still_notify.hear(end(state))
        assert (await _states(still_notify))[0] == ("offered", "dropped")


@pytest.mark.parametrize(
    ("first", "standing"),
    [
        (queued, "queued"),
        (lambda state: offered(state, 1), "offered"),
        (lambda state: confirmed(state, 1, how="offer"), "confirmed"),
        (lambda state: moved(state, session_state(session_id=state.session_id), 1), "confirmed"),
    ],
)
async def test_what_has_not_left_tells_that_fewer_come(
    still_notify: Notify, first: Callable[[BookingState], AnyEvent], standing: Standing
) -> None:
    """Fails when who takes a friend away before the first message has left gets two."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, persons=2, state="queued")
    await still_notify.hear(published(session), first(state), shrunk(state, 2, standing=standing))
    assert [state for _, state in await _states(still_notify)] == ["pending", "dropped"]


async def test_the_code_of_who_has_an_untold_offer_is_sent_at_once(still_notify: Notify) -> None:
    """Fails when it is thought to be told with the offer, which waits for the morning."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, state="offered")
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), offered(state, 1))
        await still_notify.held("offered")
        await still_notify.hear(code_requested(state))
        [sms] = await still_notify.phonebox.got(person.phone)
    assert sms["text"].startswith("Biblioteket: Din kod är K7F-4MQ. ")
    assert sms["text"].endswith(" Du kan få en plats. Svara JA eller NEJ.")


async def test_an_offer_that_its_owner_no_longer_makes_is_not_told(notify: Notify) -> None:
    """The news of its end is still on its way. Fails when the event alone is believed."""
    session, person = session_state(), notify.knows(answer_by=None)
    await notify.hear(published(session), offered(booking(person, session)))
    await notify.reached("dropped")
    assert await notify.phonebox.messages(person.phone) == []
    assert await notify.told() == []


async def test_an_offer_says_the_time_that_its_owner_tells_when_it_is_sent(notify: Notify) -> None:
    """Fails when a text promises what booking does not keep: it is asked for with the address, and not before."""
    session, person = session_state(), notify.knows(language="en", answer_by=datetime(2031, 5, 6, 10, 7, tzinfo=UTC))
    await notify.hear(published(session), offered(booking(person, session)))
    [sms] = await notify.phonebox.got(person.phone)
    assert " Reply YES or NO before Tuesday 6/5 at 12.05." in sms["text"]


async def test_an_offer_of_unknown_fate_is_not_repeated_after_its_end(still_notify: Notify) -> None:
    """Fails when only what waits is dropped: this one was in a worker's hand when the answer came."""
    notify, session = still_notify, session_state()
    person = _candidate(notify)
    state = booking(person, session, state="queued")
    policy = notify.settings().policy
    await notify.hear(published(session), offered(state))
    [message] = await notify.take()
    async with notify.database.transaction() as conn:
        await usecases.conclude(conn, message, Unknown(why="500"), policy)
    await notify.hear(confirmed(state, 3, how="offer"))
    async with notify.database.transaction() as conn:
        await usecases.conclude(conn, message, NotFound(), policy)
    async with notify.serving():
        await notify.reached("dropped", "delivered")


async def test_a_change_to_another_session_is_told_instead_of_all_before(still_notify: Notify) -> None:
    """Fails when the old session is still spoken of, whichever is heard first."""
    old, new, person = session_state(), session_state(sms_titles={"sv": "Sagor"}), still_notify.knows()
    state = booking(person, old, state="confirmed")
    there = booking(person, new, booking_id=state.booking_id, state="confirmed")
    await still_notify.hear(published(old), published(new), confirmed(state), rescheduled(state, 2, session_revision=1))
    await still_notify.hear(moved(state, new, 4), reminder_due(state, 3), moved(state, new, 4))
    assert await _states(still_notify) == [("confirmed", "dropped"), ("rescheduled", "dropped"), ("moved", "pending")]
    async with still_notify.serving():
        await still_notify.reached("dropped", "dropped", "delivered")
        await still_notify.hear(reminder_due(there, 5))
        await still_notify.reached("dropped", "dropped", "delivered", "delivered")
    reminder, change = [sms["text"] for sms in await still_notify.phonebox.messages(person.phone)]
    assert change.startswith("Biblioteket: Klart! Du har bytt till Sagor ")
    assert reminder.startswith("Biblioteket: Påminnelse! Sagor ")


async def test_a_confirmation_that_proves_unsent_is_not_told_of_a_session_that_was_left(still_notify: Notify) -> None:
    """Fails when it is repeated with the old session's time, because the booking stands."""
    notify, old, new = still_notify, session_state(), session_state()
    state = booking(notify.knows(), old, state="confirmed")
    policy = notify.settings().policy
    await notify.hear(published(old), published(new), confirmed(state))
    [message] = await notify.take()
    async with notify.database.transaction() as conn:
        await usecases.conclude(conn, message, Unknown(why="500"), policy)
    await notify.hear(moved(state, new))
    async with notify.database.transaction() as conn:
        await usecases.conclude(conn, message, NotFound(), policy)
    async with notify.serving():
        await notify.reached("dropped", "delivered")


async def test_who_waits_hears_of_a_cancelled_session_and_nothing_else(still_notify: Notify) -> None:
    session, person = session_state(), _candidate(still_notify)
    state = booking(person, session, state="queued")
    end = cancelled(state, 3, was="offered", reason="session_cancelled", by="library")
    await still_notify.hear(published(session), queued(state), offered(state), session_cancelled(session), end)
    async with still_notify.serving():
        await still_notify.reached("dropped", "dropped", "delivered")
    [sms] = await still_notify.phonebox.messages(person.phone)
    assert "ställs in" in sms["text"]


async def test_an_older_event_does_not_make_a_booking_what_it_was(still_notify: Notify) -> None:
    """Fails when the last event that is heard decides, and not the newest one."""
    session, person = session_state(), still_notify.knows(language="en")
    state = booking(person, session, state="queued")
    other = state.model_copy(update={"language": "sv"})
    await still_notify.hear(published(session), offered(state, 2), queued(other, 1))
    row = await still_notify.database.pool.fetchrow("SELECT * FROM booking")
    assert row
    assert (row["revision"], row["standing"], row["language"]) == (2, "offered", "en")
    assert (row["session_id"], row["contact_ref"]) == (session.session_id, person.ref)


@pytest.mark.parametrize(
    ("event", "file"),
    [
        (queued, False),
        (offered, False),
        (offer_expired, False),
        (declined, False),
        (lambda state: cancelled(state, 3, was="queued"), False),
        (lambda state: rescheduled(state, 3, session_revision=1, standing="queued"), False),
        (lambda state: confirmed(state, 3, how="offer"), True),
        (lambda state: reminder_due(state, 3), False),
        (lambda state: cancelled(state, 3), True),
    ],
)
async def test_only_a_seat_comes_with_a_calendar_file(
    notify: Notify,
    event: Callable[[BookingState], AnyEvent],
    file: bool,  # noqa: FBT001 - a column of the table
) -> None:
    """Fails when who waits finds the session in their calendar."""
    session = session_state()
    person = _candidate(notify, by="email", phone=None, email=f"{uuid4().hex}@example.org")
    await notify.hear(published(session), event(booking(person, session, state="queued")))
    [mail] = await notify.phonebox.got(person.email)
    assert bool(mail["attachments"]) is file


@pytest.mark.parametrize("by", ["call", "none"])
async def test_who_is_rung_up_gets_no_message_and_staff_learn_what_to_say(notify: Notify, by: str) -> None:
    """Fails when a seat is offered to somebody whom nobody tells, and when staff have to ring about what is known."""
    session, person = session_state(), _candidate(notify, by=by)
    await notify.hear(published(session), queued(booking(person, session)))
    await notify.reached("skipped")
    assert await notify.told() == []
    state = booking(person, session)
    await notify.hear(offered(state))
    _, offer = await notify.reached("skipped", "failed")
    [failed] = await notify.told()
    assert isinstance(failed, MessageFailed)
    assert (failed.data.message_id, failed.data.reason) == (offer["id"], "no_address")
    assert (failed.data.about, failed.data.template) == (state.booking_id, "offered")
    assert await notify.phonebox.messages(person.phone) == []
