"""Several dates booked together: one message tells of all, and each keeps its own entry in the calendar."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest

from services.notify import usecases
from services.notify.domain import Reach
from shared.events import BookingState, MessageFailed, SessionState
from shared.inbox import NotYet
from tests.integration.notify.calendars import Entry, take_in
from tests.integration.notify.conftest import Notify, Person
from tests.integration.notify.events import (
    booking,
    cancelled,
    confirmed,
    reminder_due,
    rescheduled,
    series_booked,
    series_cancelled,
    session_cancelled,
)
from tests.support.samples import published, session_state
from tests.support.servers import eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True)
class Term:
    """What somebody booked: so many weeks, each with a contact of its own at the same phone or mailbox."""

    person: Person
    series: UUID
    sessions: list[SessionState]
    bookings: list[BookingState]


def weekly(weeks: int) -> list[SessionState]:
    """The same day of each week, at five by the clock."""
    first = datetime.now(STOCKHOLM).date() + timedelta(days=7)
    starts = [
        datetime.combine(first + timedelta(weeks=week), time(17), STOCKHOLM).astimezone(UTC) for week in range(weeks)
    ]
    return [session_state(starts_at=at, ends_at=at + timedelta(minutes=90)) for at in starts]


def term(notify: Notify, weeks: int = 3, **changes: Any) -> Term:  # noqa: ANN401 - fields of a person
    """Somebody who books some weeks at once."""
    person = notify.knows(code="SER-1ES", **changes)
    same = {"phone": person.phone, "email": person.email, "by": person.by}
    sessions = weekly(weeks)
    alone = [notify.knows(code=f"DAT-E{number:02}", **same) for number in range(weeks)]
    bookings = [booking(one, session, state="confirmed") for one, session in zip(alone, sessions, strict=True)]
    return Term(person, uuid4(), sessions, bookings)


async def book(notify: Notify, booked: Term, refused: list[SessionState] | None = None) -> None:
    """Let notify hear of all of it."""
    await notify.hear(*(published(session) for session in (*booked.sessions, *(refused or []))))
    await notify.hear(*(confirmed(one, series=booked.series) for one in booked.bookings))
    await notify.hear(series_booked(booked.person, booked.series, booked.sessions, refused or []))


async def hurry(notify: Notify) -> None:
    """Let the time be over in which news of one date wait for the others."""
    await notify.database.pool.execute("UPDATE message SET next_at = now(), due_at = now() WHERE state = 'pending'")


def moved_to(session: SessionState, **changes: object) -> SessionState:
    """The same session an hour later, or otherwise, in catalog's next revision."""
    an_hour = timedelta(hours=1)
    later = {"starts_at": session.starts_at + an_hour, "ends_at": session.ends_at + an_hour}
    return session.model_copy(update={"revision": session.revision + 1} | (changes or later))


async def test_a_term_booked_at_once_is_told_once(notify: Notify) -> None:
    """Fails when each date is confirmed by itself, or a date that was refused is not named."""
    booked = term(notify)
    [refused] = weekly(5)[4:]
    await book(notify, booked, [refused])
    await notify.reached("dropped", "dropped", "dropped", "delivered")
    [sms] = await notify.phonebox.messages(booked.person.phone)
    assert sms["parts"] == 1
    assert sms["text"].startswith("Biblioteket: Du är bokad 3 gånger! Språkcafé ")
    assert "dagar kl 17.00, " in sms["text"]
    assert " Inte " in sms["text"]
    assert sms["text"].endswith(" Avboka alla? Svara NEJ SER-1ES.")


async def test_a_summary_is_told_again_to_who_is_reached_another_way(notify: Notify) -> None:
    booked = term(notify)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    await notify.hear(series_booked(booked.person, booked.series, booked.sessions, revision=2))
    texts = await notify.phonebox.got(booked.person.phone, 2)
    assert len({text["text"] for text in texts}) == 1


async def test_a_summary_that_has_not_left_yet_is_not_told_again(still_notify: Notify) -> None:
    """It goes to whom it leads to by then. Fails when both go there."""
    booked = term(still_notify)
    await book(still_notify, booked)
    await still_notify.hear(series_booked(booked.person, booked.series, booked.sessions, revision=2))
    rows = await still_notify.database.pool.fetch("SELECT state, reason FROM message WHERE about = $1", booked.series)
    assert sorted(map(tuple, rows)) == [("dropped", "carried"), ("pending", None)]


async def test_the_summary_waits_for_every_date(notify: Notify) -> None:
    """Fails when it is told before the entries of its dates are known, whatever comes first."""
    booked = term(notify, 2)
    first, second = booked.bookings
    summary = series_booked(booked.person, booked.series, booked.sessions)
    with pytest.raises(NotYet):
        await notify.hear(summary)
    await notify.hear(*(published(session) for session in booked.sessions), confirmed(first, series=booked.series))
    with pytest.raises(NotYet):
        await notify.hear(summary)
    await notify.hear(confirmed(second, series=booked.series), summary)
    await notify.phonebox.got(booked.person.phone)


async def test_a_calendar_that_gets_every_file_in_order_ends_right(notify: Notify) -> None:
    """Fails when a date has another id alone than with the others, or a later file a sequence that is not higher."""
    booked = term(notify, by="email", phone=None, email=f"{uuid4().hex}@example.org")
    mailbox = booked.person.email
    await book(notify, booked)
    first, second, third = booked.bookings
    await notify.phonebox.got(mailbox)
    moved = moved_to(booked.sessions[0])
    await notify.hear(published(moved), rescheduled(first, series=booked.series))
    await hurry(notify)
    await notify.phonebox.got(mailbox, 2)
    off = cancelled(second, by="library", reason="session_cancelled")
    await notify.hear(session_cancelled(booked.sessions[1]), off)
    await notify.phonebox.got(mailbox, 3)
    await notify.hear(cancelled(first, 3, series_booking_id=booked.series))
    await notify.hear(cancelled(third, 2, series_booking_id=booked.series))
    await notify.hear(series_cancelled(booked.person, booked.series, [moved, booked.sessions[2]]))
    mails = await notify.phonebox.got(mailbox, 4)
    calendar: dict[str, Entry] = {}
    statuses = []
    for mail in reversed(mails):
        take_in(calendar, mail)
        statuses.append([calendar[str(one.booking_id)].status for one in booked.bookings])
    assert statuses == [
        ["CONFIRMED", "CONFIRMED", "CONFIRMED"],
        ["CONFIRMED", "CONFIRMED", "CONFIRMED"],
        ["CONFIRMED", "CANCELLED", "CONFIRMED"],
        ["CANCELLED", "CANCELLED", "CANCELLED"],
    ]
    assert calendar[str(first.booking_id)].starts_at == moved.starts_at


async def test_dates_given_back_together_are_told_once(notify: Notify) -> None:
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    first, second = booked.bookings
    whole = series_cancelled(booked.person, booked.series, booked.sessions)
    await notify.hear(cancelled(first, series_booking_id=booked.series))
    with pytest.raises(NotYet):
        await notify.hear(whole)
    await notify.hear(cancelled(second, series_booking_id=booked.series), whole)
    newest, _ = await notify.phonebox.got(booked.person.phone, 2)
    assert newest["text"].startswith("Biblioteket: Alla 2 gånger är avbokade. Språkcafé ")
    await notify.reached_rest()
    assert len(await notify.phonebox.messages(booked.person.phone)) == 2


async def test_the_code_of_all_gives_back_all(notify: Notify) -> None:
    """Fails when a plain no to the summary does, and when one date that is cancelled seems to end all of it."""
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    asked = await notify.reply(booked.person.phone, "NEJ")
    assert asked is not None
    assert "Skriv NEJ och din kod" in asked
    assert await notify.heard() == []
    await notify.hear(session_cancelled(booked.sessions[-1]))
    assert await notify.reply(booked.person.phone, "NEJ SER-1ES") is None
    [heard] = await notify.heard()
    assert (heard.about, heard.says, heard.contact_ref) == (booked.series, "no", booked.person.ref)


async def test_the_code_of_one_date_that_no_sms_named_gives_back_that_date(notify: Notify) -> None:
    """It stands on the page. Fails when only what an SMS was about is looked for."""
    booked = term(notify, 3)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    assert await notify.reply(booked.person.phone, "NEJ DAT-E02") is None
    [heard] = await notify.heard()
    meant = booked.bookings[2]
    assert (heard.about, heard.says, heard.contact_ref) == (meant.booking_id, "no", meant.contact_ref)


async def test_after_the_reminder_of_one_date_a_no_is_for_that_date(notify: Notify) -> None:
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    await notify.hear(reminder_due(booked.bookings[0]))
    await notify.phonebox.got(booked.person.phone, 2)
    assert await notify.reply(booked.person.phone, "NEJ") is None
    [heard] = await notify.heard()
    assert heard.about == booked.bookings[0].booking_id


async def test_dates_that_move_together_are_told_once(notify: Notify) -> None:
    """Fails when somebody gets a message for each date of a term that moved; each had its own at first."""
    booked = term(notify)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    later = [moved_to(session) for session in booked.sessions]
    for session, one in zip(later, booked.bookings, strict=True):
        await notify.hear(published(session), rescheduled(one, series=booked.series))
    await hurry(notify)
    newest, _ = await notify.phonebox.got(booked.person.phone, 2)
    assert newest["text"].startswith("Biblioteket: Ny tid för 3 gånger! Språkcafé ")
    assert "dagar kl 18.00, " in newest["text"]
    assert newest["text"].endswith(" Avboka alla? Svara NEJ SER-1ES.")
    await notify.reached_rest()
    assert len(await notify.phonebox.messages(booked.person.phone)) == 2
    other_room = [moved_to(session, room="Rum 2") for session in later[:2]]
    for session, one in zip(other_room, booked.bookings, strict=False):
        await notify.hear(
            published(session), rescheduled(one, 3, session_revision=3, changed=("place",), series=booked.series)
        )
    await hurry(notify)
    newest, *_ = await notify.phonebox.got(booked.person.phone, 3)
    assert newest["text"].startswith("Biblioteket: Ny plats för 2 gånger: Kista bibliotek, Rum 2. ")


async def test_one_date_that_moves_is_told_by_its_own_code(notify: Notify) -> None:
    """Fails when a no to that message would give back the whole term, or it does not wait for the others."""
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    await notify.hear(published(moved_to(booked.sessions[1])), rescheduled(booked.bookings[1], series=booked.series))
    waits = await notify.database.pool.fetchval(
        "SELECT next_at > now() + interval '5 seconds' FROM message WHERE state = 'pending'"
    )
    assert waits
    await hurry(notify)
    newest, _ = await notify.phonebox.got(booked.person.phone, 2)
    assert newest["text"].startswith("Biblioteket: Ny tid! Språkcafé ")
    assert "Kod: DAT-E01. " in newest["text"]


@pytest.mark.parametrize("by", ["sms", "call"])
async def test_who_is_not_reached_is_rung_up_about_each_date(notify: Notify, by: str) -> None:
    """Fails when the call list, which knows bookings, hears of the series only: nobody would be rung up."""
    booked = term(notify, 2, by=by)
    await book(notify, booked)
    await notify.reached_rest()
    await notify.phonebox.script("sms", "no-receipt", to=booked.person.phone)
    for session, one in zip(booked.sessions, booked.bookings, strict=True):
        await notify.hear(published(moved_to(session)), rescheduled(one, series=booked.series))
    await hurry(notify)
    if by == "sms":
        await notify.phonebox.got(booked.person.phone, 2)
        await notify.reached("dropped", "dropped", "delivered", "dropped", "dropped", "sent")
        last = "SELECT provider_id FROM attempt ORDER BY started_at DESC LIMIT 1"
        assert await notify.receipt(await notify.database.pool.fetchval(last), "failed") == 204

    async def failed() -> set[UUID] | None:
        heard = [event.data for event in await notify.told() if isinstance(event, MessageFailed)]
        about = {data.about for data in heard if data.template == "rescheduled"}
        return about if len(about) == 2 else None

    assert await eventually(failed) == {one.booking_id for one in booked.bookings}


async def waiting(notify: Notify, senders: int) -> bool:
    """Whether so many transactions on this database wait for a row."""
    waits: int = await notify.database.pool.fetchval(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    return waits == senders


async def test_several_senders_make_one_message_of_it(still_notify: Notify) -> None:
    """Fails when each sender that finds a date due makes a message of all of them."""
    booked = term(still_notify, 4)
    await book(still_notify, booked)
    for session, one in zip(booked.sessions, booked.bookings, strict=True):
        await still_notify.hear(published(moved_to(session)), rescheduled(one, series=booked.series))
    await hurry(still_notify)
    moved = [message for message in await still_notify.unrouted() if message.template == "rescheduled"]
    assert len(moved) == 4
    reach, policy = Reach(by="sms", phone=True, email=False), still_notify.settings().policy
    route = partial(usecases.route, reach=reach, addresses={"sms": b"1"}, policy=policy)
    async with still_notify.database.transaction() as conn:
        await conn.execute("SELECT FROM message WHERE id = $1 FOR UPDATE", moved[0].id)
        senders = [
            asyncio.create_task(still_notify.database.transact(partial(route, message=message))) for message in moved
        ]
        await eventually(partial(waiting, still_notify, len(senders)))
    await asyncio.gather(*senders)
    rows = [(row["template"], row["state"]) for row in await still_notify.messages()]
    assert rows.count(("rescheduled", "dropped")) == 4
    assert rows.count(("series_rescheduled", "pending")) == 1


async def test_of_dates_that_are_all_over_nothing_is_told(notify: Notify) -> None:
    """Fails when the summary waits for ever for a date that it does not name."""
    booked = term(notify, 1)
    await notify.hear(series_booked(booked.person, booked.series, []))
    assert await notify.messages() == []
