"""Several dates of a series in one step: which are had, which are not, and that nothing stays half done."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

import aiohttp
import pytest

from shared.events import (
    AnyEvent,
    BookingCancelled,
    BookingConfirmed,
    BookingMoved,
    BookingOffered,
    BookingRescheduled,
    MessageDispatch,
    MessageSent,
    Reply,
    ReplyReceived,
    SeriesBooked,
    SeriesCancelled,
    SessionCancellation,
    SessionCancelled,
    SessionState,
)
from tests.integration.booking.conftest import Booking, Timed, opened
from tests.integration.booking.test_races import assert_exact
from tests.support.proxy import proxy
from tests.support.samples import booking_body, numbers, published, session_state
from tests.support.servers import eventually

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

    async def booked(self, key: str | None = None, **changes: object) -> Json:
        status, body = await self.book(key, None, **changes)
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


async def test_where_all_or_nothing_is_wanted_nothing_is_kept_and_nobody_told(booking: Booking) -> None:
    """Fails when what was booked is given back with the visitor's own message, or their contacts stay."""
    term = await Term(booking, capacity=FULL).published()
    await term.full(2)
    status, problem = await term.book(key="all", if_partly="refuse")
    assert (status, problem["type"], dates(problem["refused"])) == (409, "dates-refused", [term.ids[2]])
    assert problem["refused"][0]["type"] == "sold-out"
    assert not await term.told(SeriesBooked)
    assert not await term.told(SeriesCancelled)
    given_back = await term.told(BookingCancelled)
    assert len(given_back) == 3
    assert all(event.data.series_booking_id for event in given_back)
    assert (await booking.row("SELECT count(*) AS n FROM contact WHERE name = 'Sara'"))["n"] == 0
    assert await term.book(key="all", if_partly="refuse") == (status, problem)
    await term.exact()


async def test_what_the_library_cancelled_before_does_not_keep_all_of_a_series_from_anybody(booking: Booking) -> None:
    term = await Term(booking).published()
    await term.ended(1)
    body = await term.booked(if_partly="refuse")
    assert (len(body["booked"]), dates(body["refused"])) == (3, [term.ids[1]])
    answer = await term.book(if_partly="refuse", name="Omar", series_id=None, session_ids=term.ids)
    assert (answer[1]["type"], dates(answer[1]["refused"])) == ("dates-refused", [term.ids[1]])


@pytest.mark.parametrize(
    ("changes", "status", "type_", "field"),
    [
        ({"party": {"adults": 9}}, 422, "party-too-large", "party"),
        ({"answers": {"shoe_size": 43}}, 422, "unknown-question", "answers.shoe_size"),
        ({"reach": {"by": "sms", "phone": "12"}}, 422, "invalid-phone", "reach.phone"),
        ({"series_id": str(uuid4())}, 404, "unknown-series", "series_id"),
        ({"series_id": None, "session_ids": [str(uuid4())]}, 404, "unknown-session", "session_id"),
        ({"series_id": None}, 422, "invalid", "session_ids"),
        ({"session_ids": [str(uuid4())]}, 422, "invalid", "session_ids"),
        ({"series_id": None, "session_ids": [str(uuid4()) for _ in range(61)]}, 422, "invalid", "session_ids"),
        ({"if_partly": "perhaps"}, 422, "invalid", "if_partly"),
    ],
)
async def test_wrong_input_names_its_field_and_leaves_nothing(
    booking: Booking, changes: Json, status: int, type_: str, field: str
) -> None:
    """What is wrong with all dates in the same way is the answer to all of them."""
    term = await Term(booking, weeks=2).published()
    got, problem = await term.book(**changes)
    assert (got, problem["type"], problem["field"]) == (status, type_, field)
    assert (await booking.row("SELECT count(*) AS n FROM contact"))["n"] == 0


async def test_what_is_no_series_in_one_step_is_refused(booking: Booking) -> None:
    """Dates of two series, a session of none, all slots of a day, and more dates than are booked at once."""
    term, other = await Term(booking, weeks=1).published(), await Term(booking, weeks=1).published()
    alone = str(await booking.offer(session_state()))
    for strange in (other.ids[0], alone):
        answer = await term.book(series_id=None, session_ids=[term.ids[0], strange])
        assert (answer[0], answer[1]["type"], answer[1]["field"]) == (422, "not-one-series", "session_ids")
    slots = await Term(booking, weeks=2, sitting_id=uuid4()).published()
    answer = await slots.book()
    assert (answer[0], answer[1]["type"], answer[1]["field"]) == (422, "several-times-a-day", "series_id")
    assert len((await slots.booked(series_id=None, session_ids=slots.ids))["booked"]) == 2
    long = await Term(booking, weeks=61).published()
    answer = await long.book()
    assert (answer[0], answer[1]["type"]) == (422, "too-many-dates")


async def test_a_series_counts_as_one_booking_of_a_number_and_each_date_against_its_session(booking: Booking) -> None:
    """Five series a day for a number; three seats of a date for it, whatever they were booked with."""
    term = await Term(booking, weeks=7).published()
    for name in ("Ana", "Bo", "Cem"):
        assert len((await term.booked(name=name))["booked"]) == 7
    status, problem = await term.book(name="Dag")
    assert (status, {date["type"] for date in problem["refused"]}) == (409, {"too-many-requests"})
    other = await Term(booking, weeks=1).published()
    await other.booked(name="Eva")
    status, problem = await other.book(name="Fay")
    assert (status, problem["type"]) == (429, "too-many-requests")


async def test_the_same_request_ten_times_at_two_servers_is_one_series(booking: Booking, replica: Booking) -> None:
    term = await Term(booking).published()
    answers = await asyncio.gather(*(term.book(key="once", at=(booking, replica)[n % 2]) for n in range(10)))
    assert {status for status, _ in answers} == {201}
    assert all(body == answers[0][1] for _, body in answers)
    assert len(await term.told(SeriesBooked)) == 1
    await term.give_back(answers[0][1])
    assert await term.book(key="once") == answers[0], "what came later does not change what was answered"
    assert (await term.book(key="once", name="Omar"))[1]["type"] == "idempotency-key-reused"
    await term.exact()


@pytest.mark.parametrize("if_partly", ["book", "refuse"])
async def test_two_want_the_last_seats_of_a_term_at_once(booking: Booking, replica: Booking, if_partly: str) -> None:
    """Each seat goes to one of them; who wanted all or nothing and got less keeps none.

    Fails when a date is booked without its session's row.
    """
    term = await Term(booking, weeks=6, capacity=FULL).published()
    people = zip((booking, replica), numbers(), ("Ana", "Bo"), strict=False)
    answers = await asyncio.gather(
        *(
            term.book(at=at, name=name, reach={"by": "sms", "phone": phone}, if_partly=if_partly)
            for at, phone, name in people
        )
    )
    had = [set(dates(body.get("booked", []))) for _, body in answers]
    assert not had[0] & had[1]
    if if_partly == "book":
        assert had[0] | had[1] == set(term.ids)
    else:
        assert all(len(one) in {0, 6} for one in had)
    taken = await booking.row("SELECT sum(taken) AS n FROM session")
    assert taken["n"] == len(had[0]) + len(had[1])
    assert len(await term.told(SeriesBooked)) == sum(bool(one) for one in had)
    await term.exact()


def nth_word(nth: int) -> Callable[[], Callable[[bytes], bool]]:
    """Tells when whoever has begun a series says something to the database for so many times since."""
    said = 0

    def watch() -> Callable[[bytes], bool]:
        begun = False

        def reached(data: bytes) -> bool:
            nonlocal said, begun
            begun = begun or b"INSERT INTO idempotency" in data
            said += begun
            return begun and said >= nth

        return reached

    return watch


@pytest.mark.parametrize("passing", [True, False], ids=["answer-lost", "request-lost"])
async def test_who_dies_at_any_step_leaves_what_the_next_one_finishes(
    timed: Timed, http: aiohttp.ClientSession, *, passing: bool
) -> None:
    """The line to the database breaks at everything that is said for a series of two dates, and stays away.

    Every second time the same request comes again and gets its answer; else nobody does, and the timekeeper of another
    process finishes it: all dates, one message. Fails when a date is noted in another transaction than its booking.
    """
    booking = timed.booking
    term = await Term(booking, weeks=2, capacity={"seats": 200, "walk_in": 0, "queue": 0}).published()
    nth, left = 0, True
    async with proxy(booking.database.dsn) as line:
        while left:
            nth += 1
            reach = {"by": "email", "email": f"sara{nth}@example.org"}
            line.break_at(nth_word(nth), passing=passing)
            async with opened(line.through(booking.database.dsn), http) as wired:
                status, body = await term.book(key=f"{nth}", at=wired, reach=reach)
            left = status != 201
            assert (status, body.get("type")) in {(201, None), (503, "unavailable")}
            begun = (await booking.row("SELECT count(*) AS n FROM series_booking"))["n"] == nth
            if nth % 2 or not begun:  # nobody else knows of one that was not even begun
                assert len((await term.book(key=f"{nth}", reach=reach))[1]["booked"]) == 2
            await timed.clock.advance(timedelta(seconds=4))

            async def told(many: int = nth) -> bool:
                return len(await term.told(SeriesBooked)) == many

            await eventually(told, within=10)
    assert nth > 40, "it did not break where it should"
    assert all(len(event.data.sessions) == 2 for event in await term.told(SeriesBooked))
    assert (await booking.row("SELECT count(*) AS n FROM booking WHERE state = 'confirmed'"))["n"] == 2 * nth
    await term.exact()


async def test_who_dies_while_all_is_undone_leaves_nothing(timed: Timed, http: aiohttp.ClientSession) -> None:
    """The same where all or nothing is wanted and one date is full: in the end nobody has anything."""
    booking = timed.booking
    term = await Term(booking, weeks=2, capacity={"seats": 200, "walk_in": 0, "queue": 0}).published()
    await term.published(term.dates[1].model_copy(update={"revision": 2, "opens_at": term.dates[0].starts_at}))
    nth, left = 0, True
    async with proxy(booking.database.dsn) as line:
        while left:
            nth += 1
            reach = {"by": "email", "email": f"sara{nth}@example.org"}
            line.break_at(nth_word(nth * 5), passing=True)
            async with opened(line.through(booking.database.dsn), http) as wired:
                status, _ = await term.book(key=f"{nth}", at=wired, reach=reach, if_partly="refuse")
            left = status != 409
            await timed.clock.advance(timedelta(seconds=4))

            async def undone() -> bool:
                left = await booking.row("SELECT count(*) AS n FROM contact")
                return bool(left["n"] == 0)

            await eventually(undone, within=10)
            answer = await term.book(key=f"{nth}", reach=reach, if_partly="refuse")
            assert (answer[0], answer[1]["type"]) == (409, "dates-refused")
    assert nth > 8, "it did not break where it should"
    assert await term.told(SeriesBooked) == []
    assert (await booking.row("SELECT count(*) AS n FROM booking WHERE state <> 'cancelled'"))["n"] == 0
    await term.exact()


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


def said(says: str, about: UUID, contact_ref: UUID) -> ReplyReceived:
    reply = Reply.model_validate(
        {
            "reply_id": uuid4(),
            "revision": 1,
            "contact_ref": contact_ref,
            "about": about,
            "says": says,
            "received_at": datetime.now(UTC),
        }
    )
    return ReplyReceived.of(reply.reply_id, reply)


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


async def test_who_gives_all_back_and_one_at_once_is_told_of_each_date_once(booking: Booking, replica: Booking) -> None:
    term = await Term(booking, weeks=5).published()
    body = await term.booked()
    await asyncio.gather(
        term.give_back(body),
        *(
            replica.post(f"/v1/bookings/{date['code']}/cancel", {"proof": body["proof"]})
            for date in body["booked"][2:4]
        ),
    )
    [told] = await term.told(SeriesCancelled)
    singly = [e.data.session_id for e in await term.told(BookingCancelled) if e.data.series_booking_id is None]
    assert sorted([*told.data.given_back, *singly], key=str) == sorted((UUID(id_) for id_ in term.ids), key=str)
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


async def test_the_code_of_all_dates_is_none_of_a_booking_and_needs_its_proof(booking: Booking) -> None:
    """Who proves it is told so, and that is no wrong try."""
    term = await Term(booking).published()
    body = await term.booked()
    for _ in range(7):
        status, problem = await booking.get(f"/v1/bookings/{body['code']}", **{"Plats-Proof": body["proof"]})
        assert (status, problem["type"]) == (409, "series-code")
    one = body["booked"][0]["code"]
    for path in (f"/v1/bookings/{body['code']}", f"/v1/series-bookings/{body['code']}", f"/v1/series-bookings/{one}"):
        proof = body["proof"] if one in path else "0000"
        status, problem = await booking.get(path, **{"Plats-Proof": proof})
        assert (status, problem["type"]) == (403, "wrong-proof")


async def test_who_writes_learns_how_to_reach_a_series_and_booking_what_became_of_it(booking: Booking) -> None:
    term = await Term(booking).published()
    body = await term.booked()
    [told] = await term.told(SeriesBooked)
    refs = {"refs": [str(told.data.contact_ref)]}
    status, known = await booking.post("/internal/contacts", refs, **booking.service_headers())
    assert status == 200
    assert [(one["name"], one["code"], one["answer_by"]) for one in known["items"]] == [("Sara", body["code"], None)]
    sent = MessageDispatch(
        message_id=uuid4(),
        revision=1,
        contact_ref=told.data.contact_ref,
        about=told.data.series_booking_id,
        template="series_booked",
        channel="sms",
        sent_at=datetime.now(UTC),
    )
    await booking.hear(MessageSent.of(sent.message_id, sent))
    assert (await term.seen(body))["notice"] == "sent"


async def test_erasing_the_person_of_a_series_leaves_its_dates_and_nothing_they_said(booking: Booking) -> None:
    """The rows of the dates are erased like any booking's."""
    term = await Term(booking).published()
    body = await term.booked(key="erased")
    [told] = await term.told(SeriesBooked)
    await booking.database.pool.execute("DELETE FROM contact WHERE ref = $1", told.data.contact_ref)
    row = await booking.row("SELECT answers, (SELECT count(*) FROM booking) AS n FROM series_booking")
    assert (row["answers"], row["n"]) == ({}, 4)
    path = f"/v1/series-bookings/{body['code']}"
    assert (await booking.get(path, **{"Plats-Proof": body["proof"]}))[0] == 403
    own = body["booked"][0]["code"]
    status, seen = await booking.get(f"/v1/bookings/{own}", **{"Plats-Proof": body["proof"]})
    assert (status, seen["series_code"]) == (200, None)
