"""A series of dates, and somebody who wants all of them."""

from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID, uuid4

from shared.events import (
    AnyEvent,
    Reply,
    ReplyReceived,
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
