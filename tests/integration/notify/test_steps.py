"""What happens to a booking that stands: fewer people, a lost code. One message a step, and none against another."""

from uuid import uuid4

from shared.events import MessageFailed, SessionState
from tests.integration.notify.conftest import Notify, Person, closed_now
from tests.integration.notify.events import booking, cancelled, code_requested, confirmed, rescheduled, shrunk
from tests.support.samples import published, session_state

LINK = "https://meet.example.org/j/123"


def _online(number: str = "123 456 789") -> SessionState:
    return session_state(place="online", meeting={"link": LINK, "number": number})


def _reader(notify: Notify) -> Person:
    """Somebody who is told by mail."""
    return notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")


async def _states(notify: Notify) -> list[tuple[str, str]]:
    return [(row["template"], row["state"]) for row in await notify.messages()]


async def test_who_comes_with_fewer_people_is_told_once_a_step(notify: Notify) -> None:
    """Fails when the same news count again, and when a second step is taken for the first."""
    session, person = session_state(), notify.knows()
    state = booking(person, session, persons=4)
    await notify.hear(published(session), confirmed(state))
    await notify.reached("delivered")
    await notify.hear(shrunk(state, 2, persons=3), shrunk(state, 2, persons=3))
    await notify.reached("delivered", "delivered")
    await notify.hear(shrunk(state, 3, persons=1))
    await notify.reached("delivered", "delivered", "delivered")
    texts = [sms["text"] for sms in await notify.phonebox.messages(person.phone)]
    assert [text[:38] for text in texts[:2]] == [
        "Biblioteket: Nu är 1 plats bokad. Språ",
        "Biblioteket: Nu är 3 platser bokade. S",
    ]
    assert "Kod: K7F-4MQ." in texts[0]


async def test_a_confirmation_that_has_not_left_tells_the_new_number(still_notify: Notify) -> None:
    """Fails when both leave, when the mail says the old number, and when what was carried is told after it."""
    session, person = session_state(), _reader(still_notify)
    state = booking(person, session, persons=4)
    fewer = booking(person, session, booking_id=state.booking_id, persons=2)
    await still_notify.hear(published(session), confirmed(state), shrunk(state, 2, persons=2), code_requested(fewer, 3))
    assert await _states(still_notify) == [("confirmed", "pending"), ("shrunk", "dropped"), ("code_again", "dropped")]
    async with still_notify.serving():
        await still_notify.reached("sent", "dropped", "dropped")
        await still_notify.hear(shrunk(state, 2, persons=2))
        await still_notify.reached("sent", "dropped", "dropped")
    [mail] = await still_notify.phonebox.messages(person.email)
    assert mail["subject"].startswith("Du är bokad: ")
    assert "Platser: 2 personer\n" in mail["text"]


async def test_the_newest_number_is_told_whatever_came_first(still_notify: Notify) -> None:
    """Fails when a text tells the number of its own event, or of the one that was heard last."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, persons=4)
    moved = rescheduled(state, 2, session_revision=1)
    await still_notify.hear(published(session), moved, shrunk(state, 5, persons=1), shrunk(state, 4, persons=2))
    await still_notify.hear(confirmed(state))
    assert await _states(still_notify) == [("rescheduled", "pending"), ("shrunk", "pending"), ("confirmed", "pending")]
    assert [message.parameters.persons for message in await still_notify.unrouted()] == [1, 1, 1]


async def test_a_lost_code_is_sent_at_once_each_time(still_notify: Notify) -> None:
    """At night too. Fails when it waits for permitted hours, and when a second request is taken for the first."""
    session, person = _online(), still_notify.knows()
    state = booking(person, session)
    first = code_requested(state, 2)
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), first, first, code_requested(state, 2))
        await still_notify.reached("delivered")
        await still_notify.hear(code_requested(state, 3))
        await still_notify.reached("delivered", "delivered")
    texts = [sms["text"] for sms in await still_notify.phonebox.messages(person.phone)]
    assert len(texts) == 2
    for text in texts:
        assert text.startswith("Biblioteket: Din kod är K7F-4MQ. Språkcafé ")
        assert "online. Mötesnummer 123 456 789. " in text
        assert LINK not in text


async def test_a_code_that_is_asked_for_twice_before_it_left_is_sent_once(still_notify: Notify) -> None:
    """Fails when what waited while the provider was away leaves several times when it is back."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    await still_notify.hear(published(session), code_requested(state, 3), code_requested(state, 4))
    await still_notify.hear(code_requested(state, 2))
    assert await _states(still_notify) == [("code_again", "dropped"), ("code_again", "pending")]


async def test_no_code_is_sent_of_a_booking_that_ended(still_notify: Notify) -> None:
    """Fails when a cancellation leaves it waiting, and when one that comes after it is told."""
    session, person = session_state(), still_notify.knows()
    state = booking(person, session, persons=2)
    await still_notify.hear(published(session), code_requested(state, 2), shrunk(state, 4))
    assert await _states(still_notify) == [("code_again", "pending"), ("shrunk", "pending")]
    await still_notify.hear(cancelled(state, 6), code_requested(state, 5), shrunk(state, 3))
    assert await _states(still_notify) == [("code_again", "dropped"), ("shrunk", "dropped"), ("cancelled", "pending")]


async def test_codes_count_among_the_messages_of_a_day(still_notify: Notify) -> None:
    """Fails when asking for a code gets around the money stop."""
    session, person = session_state(), still_notify.knows()
    async with still_notify.serving(sms_parts_a_day=0):
        await still_notify.hear(published(session), code_requested(booking(person, session)))
        await still_notify.reached("failed")
    [failed] = await still_notify.told()
    assert isinstance(failed, MessageFailed)
    assert (failed.data.template, failed.data.reason) == ("code_again", "limit")


async def test_a_mail_opens_an_online_session(notify: Notify) -> None:
    """Fails when the address is missing in the mail or its calendar file."""
    session, person = _online(), _reader(notify)
    await notify.hear(published(session), confirmed(booking(person, session)))
    [mail] = await notify.phonebox.got(person.email)
    assert f"Länk: {LINK}\nMötesnummer: 123 456 789\n" in mail["text"]
    [file] = mail["attachments"]
    assert f"LOCATION:{LINK}" in file["text"]
    assert f"CONFERENCE;FEATURE=VIDEO;VALUE=URI:{LINK}" in file["text"]


async def test_what_was_kept_before_there_were_meetings_is_still_told(still_notify: Notify) -> None:
    """Fails when notify cannot read the facts of a session that an older one kept."""
    session, person = session_state(place="online"), still_notify.knows()
    await still_notify.hear(published(session))
    kept = "UPDATE session SET facts = facts - 'meeting' #- '{policies,booked_by}'"
    await still_notify.database.pool.execute(kept)
    async with still_notify.serving():
        await still_notify.hear(code_requested(booking(person, session)))
        [sms] = await still_notify.phonebox.got(person.phone)
    assert ", online. Kan du inte komma? Svara NEJ." in sms["text"]
