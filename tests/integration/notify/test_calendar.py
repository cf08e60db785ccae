"""The calendar files of one booking, from the first to the last, as a calendar program takes them in."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from shared.events import AnyEvent
from tests.integration.notify.calendars import Entry, take_in
from tests.integration.notify.conftest import Notify, Person
from tests.integration.notify.events import (
    announced,
    booking,
    cancelled,
    confirmed,
    moved,
    rescheduled,
    session_cancelled,
)
from tests.support.samples import published, session_state


async def mailed(notify: Notify, person: Person, number: int, *events: AnyEvent) -> dict[str, Any]:
    """Let something happen, and wait for the mail that tells of it."""
    await notify.hear(*events)
    newest, *_ = await notify.phonebox.got(person.email, number)
    return newest


async def test_a_calendar_follows_a_booking_to_its_end(notify: Notify) -> None:
    """Fails when a file has another id, a sequence that is not higher, or the wrong method."""
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    first, second = session_state(), session_state(room="Rum 2")
    state = booking(person, first, state="confirmed")
    later = first.model_copy(update={"revision": 2, "starts_at": first.starts_at + timedelta(minutes=30)})
    elsewhere = second.model_copy(update={"revision": 2, "ends_at": second.ends_at + timedelta(minutes=30)})
    there = state.model_copy(update={"session_id": second.session_id})
    off = cancelled(there, 5, by="library", reason="session_cancelled")
    steps: list[tuple[AnyEvent, ...]] = [
        (published(first), published(second), confirmed(state)),
        (published(later), rescheduled(state, 2)),
        (moved(state, second, 3),),
        (published(elsewhere), rescheduled(there, 4)),
        (session_cancelled(second, 3), off),
    ]
    calendar: dict[str, Entry] = {}
    seen = []
    for number, events in enumerate(steps, 1):
        take_in(calendar, await mailed(notify, person, number, *events))
        assert list(calendar) == [str(state.booking_id)]
        seen.append(calendar[str(state.booking_id)])
    assert [entry.method for entry in seen] == ["PUBLISH"] * 4 + ["CANCEL"]
    assert [entry.status for entry in seen] == ["CONFIRMED"] * 4 + ["CANCELLED"]
    starts = [first, later, second, elsewhere, elsewhere]
    assert [entry.starts_at for entry in seen] == [session.starts_at for session in starts]


async def test_a_session_that_is_on_offer_again_is_a_new_entry(notify: Notify) -> None:
    """Fails when a calendar that struck the old one out would not show the new one."""
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    session = session_state()
    before, after = (booking(person, session, state="confirmed") for _ in range(2))
    calendar: dict[str, Entry] = {}
    take_in(calendar, await mailed(notify, person, 1, published(session), confirmed(before)))
    off = cancelled(before, 2, by="library", reason="session_cancelled")
    take_in(calendar, await mailed(notify, person, 2, session_cancelled(session, 2), off))
    again = session.model_copy(update={"revision": 3})
    take_in(calendar, await mailed(notify, person, 3, published(again), confirmed(after)))
    assert {uid: entry.status for uid, entry in calendar.items()} == {
        str(before.booking_id): "CANCELLED",
        str(after.booking_id): "CONFIRMED",
    }


async def test_an_announcement_changes_no_calendar(notify: Notify) -> None:
    person = notify.knows(by="email", phone=None, email=f"{uuid4().hex}@example.org")
    session = session_state()
    mail = await mailed(notify, person, 1, published(session), announced(booking(person, session), "bring_device"))
    assert mail["subject"].startswith("Om Språkcafé ")
    assert not mail["attachments"]
