"""Several dates booked together: one message tells of all, and each keeps its own entry in the calendar."""

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from shared.events import BookingState, SessionState
from shared.inbox import NotYet
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


def entries(mail: dict[str, Any]) -> dict[str, tuple[int, str, datetime]]:
    """The entries of a mail's calendar file by their ids: sequence, status and start of each."""
    [file] = mail["attachments"]
    events: list[Any] = Calendar.from_ical(file["text"]).walk("VEVENT")
    return {str(event["UID"]): (event["SEQUENCE"], event["STATUS"], event["DTSTART"].dt) for event in events}


async def test_a_calendar_that_gets_every_file_in_order_ends_right(notify: Notify) -> None:
    """Fails when a date has another id alone than with the others, or a later file a sequence that is not higher."""
    booked = term(notify, by="email", phone=None, email=f"{uuid4().hex}@example.org")
    mailbox = booked.person.email
    await book(notify, booked)
    first, second, third = booked.bookings
    await notify.phonebox.got(mailbox)
    moved = booked.sessions[0].model_copy(
        update={"revision": 2, "starts_at": booked.sessions[0].starts_at + timedelta(hours=1)}
    )
    await notify.hear(published(moved), rescheduled(first))
    await notify.phonebox.got(mailbox, 2)
    off = cancelled(second, by="library", reason="session_cancelled")
    await notify.hear(session_cancelled(booked.sessions[1]), off)
    await notify.phonebox.got(mailbox, 3)
    await notify.hear(cancelled(first, 3, series_booking_id=booked.series))
    await notify.hear(cancelled(third, 2, series_booking_id=booked.series))
    await notify.hear(series_cancelled(booked.person, booked.series, [moved, booked.sessions[2]]))
    mails = await notify.phonebox.got(mailbox, 4)
    calendar: dict[str, tuple[int, str, datetime]] = {}
    statuses = []
    for mail in reversed(mails):
        for uid, entry in entries(mail).items():
            assert uid not in calendar or entry[0] > calendar[uid][0]
            calendar[uid] = entry
        statuses.append([calendar[str(one.booking_id)][1] for one in booked.bookings])
    assert statuses == [
        ["CONFIRMED", "CONFIRMED", "CONFIRMED"],
        ["CONFIRMED", "CONFIRMED", "CONFIRMED"],
        ["CONFIRMED", "CANCELLED", "CONFIRMED"],
        ["CANCELLED", "CANCELLED", "CANCELLED"],
    ]
    assert calendar[str(first.booking_id)][2] == moved.starts_at


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
    """Fails when a plain no to the summary does, and when booking does not hear which booking is meant."""
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    asked = await notify.reply(booked.person.phone, "NEJ")
    assert asked is not None
    assert "Skriv NEJ och din kod" in asked
    assert await notify.heard() == []
    assert await notify.reply(booked.person.phone, "NEJ SER-1ES") is None
    [heard] = await notify.heard()
    assert (heard.about, heard.says, heard.contact_ref) == (booked.series, "no", booked.person.ref)


async def test_after_the_reminder_of_one_date_a_no_is_for_that_date(notify: Notify) -> None:
    booked = term(notify, 2)
    await book(notify, booked)
    await notify.phonebox.got(booked.person.phone)
    await notify.hear(reminder_due(booked.bookings[0]))
    await notify.phonebox.got(booked.person.phone, 2)
    assert await notify.reply(booked.person.phone, "NEJ") is None
    [heard] = await notify.heard()
    assert heard.about == booked.bookings[0].booking_id
