"""Dates that were booked together are given back: all, one, by the library, or for another time."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from services.booking.usecases import waiting
from shared.events import (
    BookingCancelled,
    BookingConfirmed,
    BookingMoved,
    BookingOffered,
    BookingRescheduled,
    MessageDispatch,
    MessageFailed,
    MessageFailure,
    MessageSent,
    SeriesBooked,
    SeriesCancelled,
    SessionCancellation,
    SessionCancelled,
)
from tests.integration.booking.conftest import Booking, Timed
from tests.integration.booking.term import FULL, Json, Term, dates, said, states
from tests.support.samples import booking_body
from tests.support.servers import eventually


async def test_all_coming_dates_are_given_back_in_one_step_and_told_once(timed: Timed) -> None:
    """What has begun stays; who waits is offered the seats; once more changes nothing."""
    booking = timed.booking
    term = await Term(booking, capacity=FULL).published()
    body = await term.booked()
    waiting = booking_body(term.dates[2].session_id, name="Omar", reach={"by": "call", "phone": "08-465 004 01"})
    assert (await booking.post("/v1/bookings", waiting | {"if_full": "queue"}))[1]["state"] == "queued"
    await timed.clock.set(term.dates[0].starts_at + timedelta(minutes=5))
    status, seen = await term.give_back(body)
    assert (status, states(seen)) == (200, ["confirmed", *["cancelled"] * 3])
    [told] = await term.told(SeriesCancelled)
    assert [str(id_) for id_ in told.data.given_back] == term.ids[1:]
    assert ([str(id_) for id_ in told.data.sessions], told.data.by, told.data.revision) == (term.ids[:1], "visitor", 2)
    given_back = await term.told(BookingCancelled)
    assert [event.data.series_booking_id for event in given_back] == [told.data.series_booking_id] * 3
    assert [str(event.data.session_id) for event in await term.told(BookingOffered)] == [term.ids[2]]
    assert (await term.give_back(body))[0] == 200
    assert len(await term.told(SeriesCancelled)) == 1
    await term.exact()


async def test_one_date_is_given_back_by_the_code_of_all_by_its_own_and_by_sms(booking: Booking) -> None:
    """Each as an ordinary booking with its own message; the rest is still given back in one step."""
    term = await Term(booking, weeks=5).published()
    body = await term.booked()
    assert states((await term.give_back(body, session_id=term.ids[1]))[1]).count("cancelled") == 1
    assert (await term.give_back(body, session_id=term.ids[1]))[0] == 200
    own = {"proof": body["proof"]}
    assert (await booking.post(f"/v1/bookings/{body['booked'][2]['code']}/cancel", own))[0] == 200
    third = (await term.told(BookingConfirmed))[3].data
    await booking.hear(said("no", third.booking_id, third.contact_ref))
    singly = await term.told(BookingCancelled)
    assert [str(event.data.session_id) for event in singly] == term.ids[1:4]
    assert [event.data.series_booking_id for event in singly] == [None] * 3
    await term.give_back(body)
    [told] = await term.told(SeriesCancelled)
    assert [str(id_) for id_ in told.data.given_back] == [term.ids[0], term.ids[4]]
    status, problem = await term.give_back(body, session_id=str(uuid4()))
    assert (status, problem["type"], problem["field"]) == (404, "unknown-session", "session_id")


async def test_no_to_the_message_about_all_dates_gives_them_back_and_yes_changes_nothing(timed: Timed) -> None:
    booking = timed.booking
    term = await Term(booking).published()
    body = await term.booked()
    [told] = await term.told(SeriesBooked)
    await booking.hear(said("yes", told.data.series_booking_id, told.data.contact_ref))
    assert states(await term.seen(body)) == ["confirmed"] * 4
    await booking.hear(said("no", told.data.series_booking_id, told.data.contact_ref))
    await timed.clock.advance(timedelta(seconds=4))

    async def given_back() -> bool:
        return len(await term.told(SeriesCancelled)) == 1

    await eventually(given_back, within=10)
    assert states(await term.seen(body)) == ["cancelled"] * 4
    await term.exact()


async def test_who_gives_all_back_and_one_at_once_is_told_of_each_date_once(booking: Booking) -> None:
    """One is just being given back by somebody else, while all are: fails where that is looked at before our turn."""
    term = await Term(booking, weeks=5).published()
    body = await term.booked()
    one = (await term.told(BookingConfirmed))[2].data.booking_id

    async def waited_for() -> bool:
        return bool(
            await booking.database.pool.fetchval(
                "SELECT true FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
            )
        )

    async with booking.database.transaction() as conn:
        await waiting.let_go(conn, one, "visitor")
        all_of_them = asyncio.create_task(term.give_back(body))
        await eventually(waited_for, within=10)
    assert (await all_of_them)[0] == 200
    [told] = await term.told(SeriesCancelled)
    assert [str(id_) for id_ in told.data.given_back] == [id_ for id_ in term.ids if id_ != term.ids[2]]
    singly = [e.data.booking_id for e in await term.told(BookingCancelled) if e.data.series_booking_id is None]
    assert singly == [one]
    await term.exact()


async def test_dates_that_the_library_moves_or_cancels_are_told_of_as_of_any_booking(booking: Booking) -> None:
    """Their events say what they were booked with, so that a whole term's move may be one message."""
    term = await Term(booking).published()
    body = await term.booked()
    later = [
        date.model_copy(update={"revision": 2, "starts_at": date.starts_at + timedelta(hours=1)}) for date in term.dates
    ]
    await term.published(*(date.model_copy(update={"ends_at": date.ends_at + timedelta(hours=1)}) for date in later))
    moved = await term.told(BookingRescheduled)
    assert [str(event.data.session_id) for event in moved] == term.ids
    [told] = await term.told(SeriesBooked)
    assert {event.data.series_booking_id for event in moved} == {told.data.series_booking_id}
    ended = SessionCancellation(session_id=term.dates[3].session_id, revision=3, reason="illness")
    await booking.hear(SessionCancelled.of(ended.session_id, ended))
    [cancelled] = await term.told(BookingCancelled)
    assert (cancelled.data.reason, cancelled.data.series_booking_id) == ("session_cancelled", None)
    assert states(await term.seen(body)) == ["confirmed"] * 3 + ["cancelled"]


async def test_a_date_that_changes_to_another_time_stays_one_of_them(booking: Booking) -> None:
    term = Term(booking)
    extra = term.date(term.dates[0].starts_at + timedelta(days=1), series_id=None)
    await term.published(*term.dates, extra)
    body = await term.booked()
    other = {"proof": body["proof"], "session_id": str(extra.session_id)}
    assert (await booking.post(f"/v1/bookings/{body['booked'][0]['code']}/move", other))[0] == 200
    assert len(await term.told(BookingMoved)) == 1
    assert dates((await term.seen(body))["booked"])[0] == str(extra.session_id)
    await term.give_back(body)
    [told] = await term.told(SeriesCancelled)
    assert [str(id_) for id_ in told.data.given_back] == [str(extra.session_id), *term.ids[1:]]


async def test_what_no_message_tells_of_all_dates_is_told_by_voice_for_the_next(
    timed: Timed,
) -> None:
    """... and one that left needs no call for any of them. Fails when a call needs one booking that it is about."""
    booking = timed.booking
    term = await Term(booking).published()
    await term.booked(reach={"by": "call", "phone": "08-465 004 01"})
    [told] = await term.told(SeriesBooked)
    message: Json = {
        "message_id": uuid4(),
        "revision": 1,
        "contact_ref": told.data.contact_ref,
        "about": told.data.series_booking_id,
        "template": "series_rescheduled",
        "channel": "sms",
    }
    failed = MessageFailure.model_validate(message | {"reason": "no_address"})
    await booking.hear(MessageFailed.of(failed.message_id, failed))
    staff = timed.issuer.headers("staff", "kista")
    listed = (await booking.get("/v1/calls?branch=kista", **staff))[1]["items"]
    assert [(one["session_id"], one["template"]) for one in listed] == [(term.ids[0], "series_rescheduled")]
    later = {"message_id": UUID(int=failed.message_id.int + 1), "sent_at": datetime.now(UTC)}
    sent = MessageDispatch.model_validate(message | later)
    await booking.hear(MessageSent.of(sent.message_id, sent))
    assert (await booking.get("/v1/calls?branch=kista", **staff))[1]["items"] == []
