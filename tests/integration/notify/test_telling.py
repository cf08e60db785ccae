"""From events to messages: who is told what, once, whatever the order."""

from datetime import timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from shared.events import MessageDelivered, MessageSent
from shared.inbox import NotYet
from tests.integration.notify.conftest import Notify, closed_now
from tests.integration.notify.events import (
    booking,
    cancelled,
    confirmed,
    rescheduled,
    session_cancelled,
    session_withdrawn,
)
from tests.support.samples import published, session_state
from tests.support.servers import eventually


async def test_a_confirmation_reaches_the_phone_in_seconds(notify: Notify) -> None:
    """It takes half a second on an idle machine. Fails when what waits is looked for every ten seconds only."""
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.hear(published(session), confirmed(state))
    [sms] = await notify.phonebox.got(person.phone, within=8)
    assert sms["text"].startswith("Biblioteket: Du är bokad! Språkcafé ")
    assert "Kod: K7F-4MQ." in sms["text"]
    assert sms["parts"] == 1
    [row] = await notify.reached("delivered")
    sent, delivered = await notify.told()
    assert isinstance(sent, MessageSent)
    assert isinstance(delivered, MessageDelivered)
    assert (sent.data.message_id, sent.data.revision, sent.data.channel) == (row["id"], 1, "sms")
    assert (sent.data.about, sent.data.contact_ref) == (state.booking_id, person.ref)
    assert delivered.data.revision == 2


async def test_nothing_personal_is_kept(notify: Notify) -> None:
    session, person = session_state(), notify.knows(name="Zarathustra", email="zara@example.org")
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("delivered")
    tables = await notify.database.pool.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    for table in tables:
        rows = await notify.database.pool.fetch(f'SELECT t::text AS row FROM "{table["tablename"]}" t')  # noqa: S608 - our own tables
        for row in rows:
            for secret in (person.phone, person.name, person.email, person.code):
                assert str(secret) not in row["row"]


async def test_the_same_news_twice_is_told_once(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    first, again = confirmed(state), confirmed(state)
    await notify.hear(published(session), first, first, again)
    await notify.reached("delivered")
    assert len(await notify.phonebox.messages(person.phone)) == 1


async def test_news_of_an_unknown_session_wait(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    with pytest.raises(NotYet):
        await notify.hear(confirmed(state))
    with pytest.raises(NotYet):
        await notify.hear(session_cancelled(session, 2), confirmed(state))
    await notify.hear(published(session_state(session_id=session.session_id, revision=1)))
    await notify.hear(cancelled(state, reason="session_cancelled", by="library"))
    [sms] = await notify.phonebox.got(person.phone)
    assert "ställs in. Vi är ledsna." in sms["text"]


async def test_a_new_time_waits_for_the_revision_that_brought_it(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.hear(published(session), confirmed(state))
    await notify.phonebox.got(person.phone)
    moved = session.starts_at + timedelta(days=7)
    later = session.model_copy(update={"revision": 2, "starts_at": moved, "ends_at": moved + timedelta(hours=1)})
    with pytest.raises(NotYet):
        await notify.hear(rescheduled(state))
    await notify.hear(published(later), published(session), rescheduled(state))
    newest, _ = await notify.phonebox.got(person.phone, 2)
    day = moved.astimezone(ZoneInfo("Europe/Stockholm")).day
    assert newest["text"].startswith("Biblioteket: Ny tid! Språkcafé ")
    assert f" {day} " in newest["text"]


async def test_a_confirmation_after_the_cancellation_is_not_told(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.hear(published(session), cancelled(state), confirmed(state))
    await notify.reached("delivered")
    [sms] = await notify.phonebox.messages(person.phone)
    assert "Tack för att du sa till." in sms["text"]


async def test_confirmation_and_cancellation_keep_their_order(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.phonebox.script("sms", "500-after", to=person.phone)
    await notify.hear(published(session), confirmed(state))
    await notify.reached("unknown")
    await notify.hear(cancelled(state))
    await notify.reached("delivered", "delivered")
    cancellation, confirmation = await notify.phonebox.messages(person.phone)
    assert "bokad!" in confirmation["text"]
    assert "avbokad" in cancellation["text"]


async def test_an_unsent_confirmation_is_not_told_after_the_cancellation(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    await still_notify.hear(published(session), confirmed(state), cancelled(state))
    await still_notify.reached("dropped", "pending")
    async with still_notify.serving():
        await still_notify.reached("dropped", "delivered")
    [sms] = await still_notify.phonebox.messages(person.phone)
    assert "Tack för att du sa till." in sms["text"]


async def test_a_confirmation_that_proves_unsent_is_not_repeated_after_the_cancellation(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.phonebox.script("sms", "500-before", to=person.phone)
    await notify.hear(published(session), confirmed(state))
    await notify.reached("unknown")
    await notify.hear(cancelled(state))
    await notify.reached("dropped", "delivered")
    [sms] = await notify.phonebox.messages(person.phone)
    assert "Tack för att du sa till." in sms["text"]


async def test_a_confirmation_of_a_session_that_is_cancelled_meanwhile_is_void(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    end = cancelled(state, reason="session_cancelled", by="library")
    await still_notify.hear(published(session), confirmed(state), session_cancelled(session), end)
    async with still_notify.serving():
        await still_notify.reached("dropped", "delivered")
    [sms] = await still_notify.phonebox.messages(person.phone)
    assert "ställs in" in sms["text"]


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({"by": "proxy"}, "delivered"),
        ({"by": "call"}, "skipped"),
        ({"by": "none", "phone": None}, "skipped"),
        ({"by": "sms", "phone": None}, "failed"),
    ],
)
async def test_each_person_is_told_as_they_wish(notify: Notify, changes: dict[str, str | None], state: str) -> None:
    session, person = session_state(), notify.knows(**changes)
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached(state)
    assert len(await notify.phonebox.messages(person.phone or "nobody")) == (state == "delivered")


async def test_an_erased_person_is_not_written_to(notify: Notify) -> None:
    session, person = session_state(), notify.knows()
    del notify.owner.people[person.ref]
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("dropped")
    assert await notify.told() == []


async def test_what_the_library_changed_waits_for_permitted_hours(still_notify: Notify) -> None:
    session, person = session_state(), still_notify.knows()
    state = booking(person, session)
    moved = session.model_copy(update={"revision": 3})
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(moved), confirmed(state), rescheduled(state))
        await still_notify.phonebox.got(person.phone)

        async def held() -> bool:
            now = await still_notify.database.pool.fetchval("SELECT clock_timestamp()")
            return bool((await still_notify.messages())[1]["due_at"] > now + timedelta(minutes=30))

        await eventually(held)
        await still_notify.hear(rescheduled(state, 3, session_revision=3, changed=("place",)))
        *_, newest = await still_notify.reached("delivered", "dropped", "pending")
        assert newest["parameters"]["changed"] == ["place", "time"]
        await still_notify.hear(cancelled(state, 4))
        await still_notify.reached("delivered", "dropped", "dropped", "delivered")
    assert len(await still_notify.phonebox.messages(person.phone)) == 2


async def test_an_older_reschedule_says_nothing_after_a_newer_one(notify: Notify) -> None:
    session, person = session_state(revision=3), notify.knows()
    state = booking(person, session)
    await notify.hear(published(session), rescheduled(state, 3, session_revision=3), rescheduled(state, 2))
    await notify.reached("delivered")


async def test_a_mail_brings_the_calendar_file(notify: Notify) -> None:
    session = session_state(room="Rum 2")
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org", language="en")
    state = booking(person, session, revision=1)
    await notify.hear(published(session), confirmed(state))
    [mail] = await notify.phonebox.got(person.email)
    [row] = await notify.reached("sent")
    assert mail["subject"].startswith("You are booked: Language café ")
    assert "Hello Sara!" in mail["text"]
    assert mail["message_id"] == f"<{row['id']}@plats.example.org>"
    [file] = mail["attachments"]
    assert (file["filename"], file["content_type"]) == ("plats.ics", "text/calendar")
    assert f"UID:{state.booking_id}" in file["text"]
    assert "METHOD:PUBLISH" in file["text"]
    [sent] = await notify.told()
    assert isinstance(sent, MessageSent)
    assert sent.data.channel == "email"


async def test_a_mail_of_an_oddly_typed_session_arrives(notify: Notify) -> None:
    odd = "Ett\u2028två\x85tre"
    session = session_state(titles={"sv": odd}, room=odd)
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    await notify.hear(published(session), confirmed(booking(person, session)))
    [mail] = await notify.phonebox.got(person.email)
    assert mail["subject"].startswith("Du är bokad: Ett två tre ")
    [file] = mail["attachments"]
    assert "SUMMARY:Ett två tre" in file["text"]


async def test_a_mail_says_where_the_booking_can_be_cancelled(still_notify: Notify) -> None:
    session = session_state()
    person = still_notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    async with still_notify.serving(public_url="https://plats.example.org/"):
        await still_notify.hear(published(session), confirmed(booking(person, session)))
        [mail] = await still_notify.phonebox.got(person.email)
    assert "avboka här: https://plats.example.org/sv/my-booking\n" in mail["text"]


async def test_a_long_subject_keeps_its_spaces_on_the_wire(notify: Notify) -> None:
    """Fails with the standard library's own folding, which joins words between two encoded parts."""
    title = "Språkcafé för dig som är nybörjare på Hässelby gårds bibliotek, även för äldre"
    session = session_state(titles={"sv": title})
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org", language="sv")
    await notify.hear(published(session), confirmed(booking(person, session)))
    [mail] = await notify.phonebox.got(person.email)
    assert mail["subject"].startswith(f"Du är bokad: {title} ")


async def test_a_move_that_was_overtaken_is_told_with_the_newer_one(still_notify: Notify) -> None:
    """Fails when newer news swallow older ones that come after them."""
    session, person = session_state(revision=3), still_notify.knows()
    state = booking(person, session)
    await still_notify.hear(
        published(session),
        rescheduled(state, 3, session_revision=3, changed=("time",)),
        rescheduled(state, 2, session_revision=2, changed=("place",)),
    )
    [row] = await still_notify.messages()
    assert row["parameters"]["changed"] == ["place", "time"]


async def test_a_move_that_was_overtaken_is_told_by_itself_if_the_newer_one_was_sent(notify: Notify) -> None:
    """Fails when what was sent counts as having told everything, and when the same change is told twice."""
    session, person = session_state(revision=4), notify.knows()
    state = booking(person, session)
    await notify.hear(published(session), rescheduled(state, 4, session_revision=4, changed=("time",)))
    await notify.reached("delivered")
    await notify.hear(rescheduled(state, 3, session_revision=3, changed=("time",)))
    await notify.hear(rescheduled(state, 2, session_revision=2, changed=("place",)))
    _, row = await notify.reached("delivered", "delivered")
    assert row["parameters"]["changed"] == ["place"]


@pytest.mark.parametrize("following", ["unknown", "on offer", "withdrawn", "cancelled", "begun"])
async def test_a_cancelled_session_is_told_at_once_with_the_next_time_if_there_is_one(
    notify: Notify, following: str
) -> None:
    """Fails when it waits for catalog's word on the next time, or sends people to one that is no longer to be had."""
    session, person = session_state(), notify.knows()
    began = session.starts_at - timedelta(days=4)
    after = session_state(starts_at=began) if following == "begun" else session_state()
    if following != "unknown":
        await notify.hear(published(after))
    if following == "withdrawn":
        await notify.hear(session_withdrawn(after))
    if following == "cancelled":
        await notify.hear(session_cancelled(after))
    state = booking(person, session)
    off = cancelled(state, by="library", reason="session_cancelled", next_session_id=after.session_id)
    await notify.hear(published(session), session_cancelled(session), off)
    [sms] = await notify.phonebox.got(person.phone)
    assert "ställs in. Vi är ledsna. " in sms["text"]
    assert (" Nästa gång: " in sms["text"]) is (following == "on offer")
