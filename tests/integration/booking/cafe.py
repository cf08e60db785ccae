"""A café with people who want in, over HTTP and by events, with the days passing."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from shared.events import (
    AvailabilityChanged,
    MessageDispatch,
    MessageFailed,
    MessageFailure,
    MessageSent,
    Reply,
    ReplyReceived,
    SessionState,
)
from shared.ids import new_id
from tests.integration.booking.conftest import Timed
from tests.support.samples import booking_body, numbers, published, session_state
from tests.support.servers import eventually

Json = dict[str, Any]


class Cafe:
    """A small café that is full, and people who want in."""

    def __init__(self, timed: Timed, state: SessionState) -> None:
        self.timed = timed
        self.booking = timed.booking
        self.state = state
        self.id = state.session_id
        self._phones = iter(numbers())

    async def book(self, *, adults: int = 1, **changes: object) -> Json:
        """Somebody new books, or waits."""
        status, made = await self.ask(adults=adults, **changes)
        assert status == 201, made
        return made

    async def ask(self, *, adults: int = 1, **changes: object) -> tuple[int, Json]:
        reach = {"by": "sms", "phone": next(self._phones)}
        wanted = {"party": {"adults": adults, "children": 0}, "reach": reach, "if_full": "queue"} | changes
        return await self.booking.post("/v1/bookings", booking_body(self.id, **wanted))

    async def do(self, made: Json, what: str, **more: object) -> tuple[int, Json]:
        return await self.booking.post(f"/v1/bookings/{made['code']}/{what}", {"proof": made["proof"], **more})

    async def see(self, made: Json) -> Json:
        status, seen = await self.booking.get(f"/v1/bookings/{made['code']}", **{"Plats-Proof": made["proof"]})
        assert status == 200, seen
        return seen

    async def becomes(self, made: Json, state: str) -> Json:
        """Until time, which others look after, has changed a booking."""

        async def so() -> Json | None:
            seen = await self.see(made)
            return seen if seen["state"] == state else None

        return await eventually(so)

    async def told(self, made: Json, *, sent_at: datetime | None = None, template: str = "offered") -> None:
        """The message that tells of the offer, or of something else, has left."""
        said = message(made) | {"template": template}
        data = MessageDispatch(**said, sent_at=sent_at or await self.timed.clock.now())
        await self.booking.hear(MessageSent.of(data.message_id, data))

    async def fails(self, made: Json, reason: str, template: str = "offered") -> UUID:
        """A message does not arrive; gives its id."""
        data = MessageFailure.model_validate(message(made) | {"template": template, "reason": reason})
        await self.booking.hear(MessageFailed.of(data.message_id, data))
        return data.message_id

    async def replies(
        self, made: Json, says: str, *, at: datetime | None = None, question: str | None = None
    ) -> ReplyReceived:
        """They answer by SMS, to what that template asked."""
        ref = (await self.booking.row("SELECT contact_ref FROM booking WHERE id = $1", UUID(made["id"])))[0]
        reply = Reply.model_validate(
            {
                "reply_id": uuid4(),
                "revision": 1,
                "contact_ref": ref,
                "about": made["id"],
                "says": says,
                "question": question,
                "received_at": at or await self.timed.clock.now(),
            }
        )
        event = ReplyReceived.of(reply.reply_id, reply)
        await self.booking.hear(event)
        return event

    async def passes(self, **much: float) -> None:
        await self.timed.clock.advance(timedelta(**much))

    async def republish(self, revision: int, **changes: object) -> None:
        state = self.state.model_dump() | {"revision": revision} | changes
        await self.booking.hear(published(SessionState.model_validate(state)))

    async def events(self, made: Json) -> list[str]:
        """What was told of a booking, in order."""
        return [
            event.routing_key.removeprefix("booking.").removesuffix(".v1")
            for event in await self.booking.told()
            if event.subject == made["id"]
        ]

    async def left(self) -> tuple[int, int, int]:
        """Taken seats, seats left, and places left in the list, as told last."""
        told = [event.data for event in await self.booking.told() if isinstance(event, AvailabilityChanged)]
        mine = [state for state in told if state.session_id == self.id]
        assert [state.revision for state in mine] == list(range(1, len(mine) + 1))
        return mine[-1].taken, mine[-1].left, mine[-1].queue_left

    def staff(self, *branches: str) -> Mapping[str, str]:
        return self.timed.issuer.headers("staff", *(branches or ("kista",)))

    async def desk(self, path: str, body: object = None, **headers: str) -> tuple[int, Json]:
        """What staff do about a session."""
        return await self.booking.post(f"/v1/sessions/{self.id}/{path}", body or {}, **(headers or self.staff()))

    async def people(self) -> list[Json]:
        status, found = await self.booking.get(f"/v1/sessions/{self.id}/bookings", **self.staff())
        assert status == 200, found
        items: list[Json] = found["items"]
        return items


def message(made: Json) -> Json:
    """The message that tells of an offer, as events name it."""
    return {
        "message_id": new_id(),
        "revision": 1,
        "contact_ref": uuid4(),
        "about": made["id"],
        "template": "offered",
        "channel": "sms",
    }


async def opened(timed: Timed, **changes: object) -> Cafe:
    starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=10)
    times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=90)}
    state = session_state(**(times | changes))
    await timed.booking.offer(state)
    return Cafe(timed, state)
