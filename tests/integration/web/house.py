"""Web with a real catalog and a real booking service behind it.

Events between the two are handed over when a test says so, as slowly as a queue may be.
"""

from uuid import UUID

from shared.events import AvailabilityChanged
from tests.integration.booking.conftest import Booking
from tests.integration.catalog.conftest import ADMIN, Catalog


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
                await self.catalog.hear(str(seats.session_id), revision=seats.revision, left=seats.left)

    async def fill(self, session: str, seats: int) -> None:
        """Have somebody else take seats, which catalog does not know of yet."""
        body = {
            "session_id": session,
            "party": {"adults": seats, "children": 0},
            "name": "Amir",
            "reach": {"by": "none"},
        }
        assert (await self.booking.post("/v1/bookings", body))[0] == 201

    async def seats_taken(self, session: str) -> int:
        """How many seats booking has given away."""
        row = await self.booking.row(
            "SELECT coalesce(sum(seats), 0) AS taken FROM booking WHERE session_id = $1 AND state = 'confirmed'",
            UUID(session),
        )
        return int(row["taken"])
