"""Web with a real catalog and a real booking service behind it.

Events between the two are handed over when a test says so, as slowly as a queue may be.
"""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID, uuid4

from shared.events import AvailabilityChanged
from tests.integration.booking.conftest import Booking
from tests.integration.catalog.conftest import ADMIN, Catalog


class Guest(NamedTuple):
    """Somebody else who has a seat, or waits for one."""

    code: str
    proof: str


class House:
    """Web with catalog and booking behind it."""

    def __init__(self, catalog: Catalog, booking: Booking) -> None:
        self.catalog = catalog
        self.booking = booking
        self.url = ""

    async def session(self, kind: str = "language_cafe", **values: object) -> str:
        """Have something to book, with 15 seats unless told otherwise; gives its id."""
        values = {"activity_id": await self.catalog.activity(kind), "capacity": 15} | values
        made = await self.catalog.session(by=ADMIN, **values)
        await self.settle()
        return str(made["id"])

    async def settle(self) -> None:
        """Hand over what each has told."""
        await self.booking.hear(*await self.catalog.told())
        for event in await self.booking.told():
            if isinstance(event, AvailabilityChanged):
                seats = event.data
                session, revision = str(seats.session_id), seats.revision
                await self.catalog.hear(
                    session,
                    revision=revision,
                    left=seats.left,
                    queue_left=seats.queue_left,
                    capacity=seats.capacity,
                )

    async def fill(self, session: str, seats: int, **more: object) -> Guest:
        """Have somebody else take seats, which catalog does not know of yet."""
        return await self._join(session, seats, {"by": "none"}, **more)

    async def queue(self, session: str, seats: int = 1) -> Guest:
        """Have somebody else wait for seats."""
        reach = {"by": "email", "email": f"{uuid4().hex}@example.org"}
        return await self._join(session, seats, reach, if_full="queue")

    async def _join(self, session: str, seats: int, reach: dict[str, str], **more: object) -> Guest:
        party = {"adults": seats, "children": 0}
        body = {"session_id": session, "party": party, "name": "Amir", "reach": reach} | more
        status, made = await self.booking.post("/v1/bookings", body)
        assert status == 201, made
        return Guest(str(made["code"]), str(made["proof"]))

    async def change(self, guest: Guest, what: str) -> None:
        """Have somebody else do something about what they have; catalog hears of it."""
        status, told = await self.booking.post(f"/v1/bookings/{guest.code}/{what}", {"proof": guest.proof})
        assert status == 200, told
        await self.settle()

    async def holds(self, session: str) -> list[int]:
        """The seats that are kept for those who still type, by hold."""
        rows = await self.booking.database.pool.fetch(
            "SELECT seats FROM hold WHERE session_id = $1 AND until > now() ORDER BY since", UUID(session)
        )
        return [row["seats"] for row in rows]

    async def let_holds_run_out(self, session: str) -> None:
        """Whoever types has been away for too long."""
        await self.booking.database.pool.execute(
            """
            UPDATE hold SET since = since - interval '20 minutes', until = now() - interval '1 second'
            WHERE session_id = $1
            """,
            UUID(session),
        )

    async def tell(self, session: str, **until: float) -> None:
        """Whoever is offered a seat was told so, and until when they may answer."""
        await self.booking.database.pool.execute(
            """
            UPDATE booking SET told_at = now(), answer_by = now() + $2
            WHERE session_id = $1 AND state = 'offered'
            """,
            UUID(session),
            timedelta(**until),
        )

    async def state(self, session: str, name: str = "Sara") -> str:
        """What somebody's booking of a session is."""
        row = await self.booking.row(
            """
            SELECT state FROM booking b JOIN contact c ON c.ref = b.contact_ref
            WHERE session_id = $1 AND name = $2 ORDER BY b.id DESC LIMIT 1
            """,
            UUID(session),
            name,
        )
        return str(row["state"])

    async def shift(self, session: str, **by: float) -> None:
        """Move a session to some time from now, in both services at once."""
        starts_at = datetime.now(UTC) + timedelta(**by)
        move = "UPDATE session SET starts_at = $2, ends_at = $2::timestamptz + interval '1 hour' WHERE id = $1"
        for service in (self.catalog, self.booking):
            await service.database.pool.execute(move, UUID(session), starts_at)

    async def seats_taken(self, session: str) -> int:
        """How many seats booking has given away."""
        row = await self.booking.row(
            "SELECT coalesce(sum(seats), 0) AS taken FROM booking WHERE session_id = $1 AND state = 'confirmed'",
            UUID(session),
        )
        return int(row["taken"])
