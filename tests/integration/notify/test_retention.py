"""What nobody needs any more is forgotten, and nothing else."""

from datetime import date
from uuid import UUID

from services.notify.retention import forget_person, forget_sessions, forget_stops
from shared.erasure import Decision, record
from shared.events import BookingErased, HelperErasure, SessionState, VolunteerErased
from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import assignment, booking, confirmed, notice, proposed, session_cancelled
from tests.support.samples import published, session_state
from tests.support.servers import eventually


async def _end(notify: Notify, session: SessionState, days: int) -> None:
    """Let a session have ended so many days ago."""
    await notify.database.pool.execute(
        """
        UPDATE session SET facts = facts || jsonb_build_object('ends_at', now() - make_interval(days => $2))
        WHERE id = $1
        """,
        session.session_id,
        days,
    )


async def _sessions(notify: Notify) -> set[UUID]:
    return {row["id"] for row in await notify.database.pool.fetch("SELECT id FROM session")}


async def _decide(notify: Notify, days: int) -> None:
    decision = Decision(reference="KUL 2026/17", decided_on=date(2026, 3, 1), days=days, recorded_by="Anna")
    await notify.database.transact(lambda conn: record(conn, decision))


async def test_messages_are_forgotten_so_many_days_after_their_session_as_was_decided(still_notify: Notify) -> None:
    """Fails when nothing is forgotten, when the newer session goes too, and when an unsent message is lost.

    What people answered goes with what they were told.
    """
    notify = still_notify
    await _decide(notify, 30)
    long_ago, lately, stuck = (session_state() for _ in range(3))
    async with notify.serving():
        people = {session.session_id: notify.knows() for session in (long_ago, lately)}
        for session in (long_ago, lately):
            await notify.hear(published(session), confirmed(booking(people[session.session_id], session)))
        await notify.reached("delivered", "delivered")
        for person in people.values():
            assert await notify.reply(person.phone, "JA")
        assert await notify.receipt("nobodys", "delivered") == 204
        assert await notify.receipt("strangers", "delivered") == 204
    notify.owner.away = True
    await notify.hear(published(stuck), confirmed(booking(notify.knows(), stuck)))
    await notify.hear(session_cancelled(session_state()))
    for session, days in ((long_ago, 31), (lately, 29), (stuck, 31)):
        await _end(notify, session, days)
    await notify.database.pool.execute("UPDATE session SET heard_at = heard_at - interval '31 days'")
    await notify.database.pool.execute(
        "UPDATE receipt SET received_at = received_at - interval '8 days' WHERE provider_id <> 'strangers'"
    )

    async with notify.serving():

        async def forgotten() -> bool:
            return await _sessions(notify) == {lately.session_id, stuck.session_id}

        await eventually(forgotten)
        await eventually(lambda: _receipts_are(notify, 2))
    await notify.reached("delivered", "pending")
    counts = "SELECT (SELECT count(*) FROM booking), (SELECT count(*) FROM attempt), (SELECT count(*) FROM reply)"
    assert tuple(await notify.database.pool.fetchrow(counts) or ()) == (2, 1, 1)


async def _receipts_are(notify: Notify, number: int) -> bool:
    """The one of the message that is kept, and the young one of nobody."""
    return bool(await notify.database.pool.fetchval("SELECT count(*) FROM receipt") == number)


async def test_without_a_decision_nothing_about_people_is_forgotten(still_notify: Notify) -> None:
    notify, session = still_notify, session_state()
    async with notify.serving():
        await notify.hear(published(session), confirmed(booking(notify.knows(), session)))
        await notify.reached("delivered")
    await _end(notify, session, 4000)
    await notify.database.pool.execute(
        "INSERT INTO reminder_stop (address, said_at) VALUES ('a', now() - interval '4000 days')"
    )
    assert await notify.database.transact(forget_sessions) == 0
    assert await notify.database.transact(forget_stops) == 0
    await _decide(notify, 3650)
    assert await notify.database.transact(forget_sessions)
    assert await notify.database.transact(forget_stops) == 1


async def test_who_wants_no_reminders_is_remembered_as_long_as_their_number_is(still_notify: Notify) -> None:
    """Fails when a number is kept for its last word alone, and when somebody who comes again is reminded after all."""
    notify, session = still_notify, session_state()
    person = notify.knows()
    await _decide(notify, 30)
    async with notify.serving():
        await notify.hear(published(session), confirmed(booking(person, session)))
        await notify.reached("delivered")
        await notify.reply(person.phone, "STOPP")
    await notify.database.pool.execute(
        """
        UPDATE reminder_stop SET said_at = now() - interval '31 days';
        INSERT INTO reminder_stop (address, said_at) VALUES ('a', now() - interval '31 days'), ('b', now())
        """
    )
    assert await notify.database.transact(forget_stops) == 1
    await _end(notify, session, 31)
    assert await notify.database.transact(forget_sessions)
    assert await notify.database.transact(forget_stops) == 1
    assert [row["address"] for row in await notify.database.pool.fetch("SELECT address FROM reminder_stop")] == [b"b"]


async def test_who_asks_to_be_forgotten_is_with_all_they_were_told_and_said(still_notify: Notify) -> None:
    """Twice is harmless; somebody else with the same session stays."""
    notify, session = still_notify, session_state()
    person, other = notify.knows(), notify.knows()
    mine = booking(person, session)
    gone = BookingErased.of(mine.booking_id, mine.model_copy(update={"revision": 2, "state": "cancelled"}))
    async with notify.serving():
        await notify.hear(published(session), confirmed(mine), confirmed(booking(other, session)))
        await notify.reached("delivered", "delivered")
        await notify.reply(person.phone, "STOPP")
        await notify.hear(gone)
    for _ in range(2):
        assert await _known(notify) == (1, 1, 0, 0)
        [answer] = await notify.replies()
        assert (answer["about"], answer["understood"], answer["answer"]) == (mine.booking_id, None, None)
        await notify.database.transact(lambda conn: forget_person(conn, mine.booking_id))


async def test_who_helps_and_asks_to_be_forgotten_is(still_notify: Notify) -> None:
    """Twice is harmless; somebody else who helps stays."""
    notify = still_notify
    gone, other = notify.knows_helper(), notify.knows_helper()
    async with notify.serving():
        for person in (gone, other):
            await notify.hear(notice(person, "welcome"))
        await notify.reached("delivered", "delivered")
        assert await _known(notify) == (2, 2, 0, 0)
        for _ in range(2):
            erased = HelperErasure(contact_ref=gone.ref, revision=1)
            await notify.hear(VolunteerErased.of(gone.ref, erased))
            assert await _known(notify) == (1, 1, 0, 0)


async def test_what_is_decided_to_be_kept_for_days_only_is_not_kept_for_as_long_as_events_are(
    still_notify: Notify,
) -> None:
    """Who was told is forgotten; ids stay for as long as events about them may be told again."""
    notify, session = still_notify, session_state()
    person = notify.knows()
    await _decide(notify, 7)
    async with notify.serving():
        await notify.hear(published(session), confirmed(booking(person, session)))
        await notify.reached("delivered")
        await notify.reply(person.phone, "HEJ")
    await _end(notify, session, 6)
    assert await notify.database.transact(forget_sessions) == 0
    await _end(notify, session, 8)
    assert await notify.database.transact(forget_sessions)
    assert await _known(notify) == (0, 0, 0, 0)
    assert await notify.database.transact(forget_sessions) == 0
    await notify.reached("delivered")
    await _end(notify, session, 31)
    assert await notify.database.transact(forget_sessions)
    assert await notify.messages() == []


async def test_news_about_no_session_is_forgotten_by_its_own_age(still_notify: Notify) -> None:
    """Fails when what has no session is kept for ever, or goes before the number it went to was to be forgotten."""
    notify, helper, session = still_notify, still_notify.knows_helper(), session_state()
    await _decide(notify, 7)
    async with notify.serving():
        await notify.hear(notice(helper, "welcome"), published(session), proposed(assignment(helper, session)))
        await notify.reached("delivered", "delivered")
    await _age_news(notify, 6)
    assert await notify.database.transact(forget_sessions) == 0
    await _age_news(notify, 8)
    assert await notify.database.transact(forget_sessions)
    assert await _known(notify) == (1, 1, 0, 0)
    await _age_news(notify, 31)
    assert await notify.database.transact(forget_sessions)
    [row] = await notify.messages()
    assert row["template"] == "assignment_proposed"
    await _end(notify, session, 31)
    assert await notify.database.transact(forget_sessions)
    left = "SELECT (SELECT count(*) FROM message), (SELECT count(*) FROM booking), (SELECT count(*) FROM attempt)"
    assert tuple(await notify.database.pool.fetchrow(left) or ()) == (0, 0, 0)


async def _age_news(notify: Notify, days: int) -> None:
    """Let what is about no session have been told so many days ago."""
    await notify.database.pool.execute(
        "UPDATE message SET created_at = now() - make_interval(days => $1) WHERE session_id IS NULL", days
    )


async def _known(notify: Notify) -> tuple[int, ...]:
    """How much is kept that tells of somebody."""
    found = await notify.database.pool.fetchrow(
        """
        SELECT (SELECT count(address) FROM message), (SELECT count(address) FROM attempt),
            (SELECT count(address) FROM reply), (SELECT count(*) FROM reminder_stop)
        """
    )
    return tuple(found or ())


async def test_what_a_decision_would_forget_is_counted_before(notify: Notify) -> None:
    """Fails when others are counted than are forgotten, or those whose message has not come to its end."""
    session, stuck = session_state(), session_state()
    for _ in range(2):
        await notify.hear(published(session), confirmed(booking(notify.knows(), session)))
    await notify.reached("delivered", "delivered")
    notify.owner.away = True
    await notify.hear(published(stuck), confirmed(booking(notify.knows(), stuck)))
    for ended in (session, stuck):
        await _end(notify, ended, 10)

    async def counted(days: int) -> dict[str, int]:
        where = f"{notify.url}/v1/erasure-preview?days={days}"
        async with notify.http.get(where, headers=notify.issuer.headers("admin")) as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, int] = await answer.json()
            return found

    assert await counted(11) == {"days": 11, "people": 0, "sessions": 0}
    assert await counted(9) == {"days": 9, "people": 2, "sessions": 1}
    await _decide(notify, 9)
    while await notify.database.transact(forget_sessions):
        pass
    assert (await counted(9))["people"] == 0
