"""Several dates of a series in one step: which are had, which are not, and that nothing stays half done."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from shared.events import (
    AnyEvent,
    BookingConfirmed,
    SeriesBooked,
    SessionCancellation,
    SessionCancelled,
    SessionState,
)
from tests.integration.booking.conftest import Booking
from tests.integration.booking.test_races import assert_exact
from tests.support.samples import booking_body, published, session_state

Json = dict[str, Any]
E = TypeVar("E", bound=AnyEvent)

ACTIVITY = uuid4()
FULL = {"seats": 1, "walk_in": 0, "queue": 8}


class Term:
    """A series with a date each week, and somebody who wants all of them."""

    def __init__(self, booking: Booking, weeks: int = 4, **changes: object) -> None:
        self.booking = booking
        self.series = uuid4()
        first = datetime.now(UTC).replace(microsecond=0) + timedelta(days=3)
        self.dates = [self.date(first + timedelta(weeks=week), **changes) for week in range(weeks)]
        self.ids = [str(date.session_id) for date in self.dates]

    def date(self, starts_at: datetime, **changes: object) -> SessionState:
        facts: Json = {"series_id": self.series, "activity_id": ACTIVITY}
        return session_state(**facts | {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)} | changes)

    async def published(self, *dates: SessionState) -> "Term":
        await self.booking.hear(*(published(date) for date in dates or self.dates))
        return self

    async def ended(self, date: int) -> None:
        """The library cancels a date."""
        ended = SessionCancellation(session_id=self.dates[date].session_id, revision=2, reason="premises")
        await self.booking.hear(SessionCancelled.of(ended.session_id, ended))

    async def full(self, date: int) -> None:
        """Somebody else has all seats of a date that has one."""
        body = booking_body(self.dates[date].session_id, name="Other", reach={"by": "none"})
        assert (await self.booking.post("/v1/bookings", body))[0] == 201

    def body(self, **changes: object) -> Json:
        body = booking_body(self.dates[0].session_id) | {"series_id": str(self.series)}
        del body["session_id"]
        return body | changes

    async def book(self, key: str | None = None, at: Booking | None = None, **changes: object) -> tuple[int, Json]:
        headers = {"Idempotency-Key": key} if key else {}
        return await (at or self.booking).post("/v1/series-bookings", self.body(**changes), **headers)

    async def booked(self, **changes: Any) -> Json:  # noqa: ANN401 - any of the body
        status, body = await self.book(**changes)
        assert status == 201, body
        return body

    async def seen(self, body: Json) -> Json:
        status, seen = await self.booking.get(f"/v1/series-bookings/{body['code']}", **{"Plats-Proof": body["proof"]})
        assert status == 200, seen
        return seen

    async def give_back(self, body: Json, **changes: object) -> tuple[int, Json]:
        path = f"/v1/series-bookings/{body['code']}/cancel"
        return await self.booking.post(path, {"proof": body["proof"]} | changes)

    async def told(self, kind: type[E]) -> list[E]:
        return [event for event in await self.booking.told() if isinstance(event, kind)]

    async def exact(self) -> None:
        for date in self.dates:
            await assert_exact(self.booking, date.session_id)

    async def id_of(self, body: Json) -> UUID:
        return UUID((await self.seen(body))["id"])


def dates(items: list[Json]) -> list[str]:
    return [item["session_id"] for item in items]


def states(seen: Json) -> list[str]:
    return [date["state"] for date in seen["booked"]]


async def test_all_coming_dates_are_bookings_that_one_message_tells_of(booking: Booking) -> None:
    """Fails when the single confirmations do not say that they are dates of a series booking."""
    term = await Term(booking).published()
    body = await term.booked()
    assert (dates(body["booked"]), body["refused"]) == (term.ids, [])
    assert len({body["code"], *(date["code"] for date in body["booked"])}) == 5
    [told] = await term.told(SeriesBooked)
    assert [str(id_) for id_ in told.data.sessions] == term.ids
    assert (told.data.revision, told.data.adults, told.data.refused) == (1, 1, ())
    confirmed = await term.told(BookingConfirmed)
    assert {event.data.series_booking_id for event in confirmed} == {told.data.series_booking_id}
    assert told.data.contact_ref not in {event.data.contact_ref for event in confirmed}
    seen = await term.seen(body)
    assert (states(seen), seen["notice"]) == (["confirmed"] * 4, "pending")
    one = body["booked"][1]
    status, date = await booking.get(f"/v1/bookings/{one['code']}", **{"Plats-Proof": body["proof"]})
    assert (status, date["session_id"], date["series_code"]) == (200, one["session_id"], body["code"])
    await term.exact()


async def test_some_dates_of_a_series_are_chosen(booking: Booking) -> None:
    term = await Term(booking).published()
    chosen = [term.ids[2], term.ids[0], term.ids[2]]
    body = await term.booked(series_id=None, session_ids=chosen)
    assert dates(body["booked"]) == [term.ids[0], term.ids[2]]


async def test_what_is_over_or_was_taken_out_is_no_date_of_it(booking: Booking) -> None:
    term = Term(booking, weeks=3)
    begun = datetime.now(UTC) - timedelta(hours=1)
    await term.published(*term.dates, term.date(begun))
    assert dates((await term.booked())["booked"]) == term.ids


async def test_dates_that_cannot_be_had_are_named_with_the_reason(booking: Booking) -> None:
    """Full, cancelled by the library, had already, not open yet: the others are booked, and nobody waits in a line."""
    term = Term(booking, weeks=5, capacity=FULL)
    term.dates[4] = term.dates[4].model_copy(update={"opens_at": datetime.now(UTC) + timedelta(days=9)})
    await term.published()
    await term.full(0)
    await term.ended(1)
    assert (await booking.post("/v1/bookings", booking_body(term.dates[2].session_id)))[0] == 201
    body = await term.booked()
    assert dates(body["booked"]) == [term.ids[3]]
    named = {date["session_id"]: date["type"] for date in body["refused"]}
    assert [named.get(id_) for id_ in term.ids] == ["sold-out", "closed", "already-booked", None, "not-open"]
    assert all(date["detail"] for date in body["refused"])
    [told] = await term.told(SeriesBooked)
    assert [(str(date.session_id), date.why) for date in told.data.refused] == list(named.items())
    assert (await term.seen(body))["refused"] == body["refused"]
