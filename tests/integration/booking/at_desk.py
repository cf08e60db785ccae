"""Staff at the desk of a library, in front of one session."""

from typing import Any

from shared.events import SessionState
from tests.integration.booking.conftest import Timed
from tests.support.samples import booking_body, session_state

Json = dict[str, Any]
NONE = {"by": "none"}


class Desk:
    """Staff of Kista at the desk, in front of one session."""

    def __init__(self, timed: Timed, state: SessionState) -> None:
        self.timed = timed
        self.booking = timed.booking
        self.state = state
        self.id = state.session_id
        self.headers = timed.issuer.headers("staff", "kista", sub="anna")

    async def ask(self, **changes: object) -> tuple[int, Json]:
        wanted = booking_body(self.id) | {"reach": NONE} | changes
        return await self.booking.post("/v1/desk/bookings", wanted, **self.headers)

    async def book(self, **changes: object) -> Json:
        status, made = await self.ask(**changes)
        assert status == 201, made
        return made

    async def visitor(self, **changes: object) -> Json:
        """Somebody books or waits on the page."""
        status, made = await self.booking.post("/v1/bookings", booking_body(self.id, if_full="queue", **changes))
        assert status == 201, made
        return made

    async def post(self, path: str, **body: object) -> tuple[int, Json]:
        return await self.booking.post(f"/v1/sessions/{self.id}/{path}", body, **self.headers)

    async def people(self) -> dict[str, Json]:
        status, found = await self.booking.get(f"/v1/sessions/{self.id}/bookings", **self.headers)
        assert status == 200, found
        return {one["id"]: one for one in found["items"]}

    async def search(self, text: str, **headers: str) -> tuple[int, Json]:
        sought = {"branch": "kista", "q": text}
        return await self.booking.post("/v1/desk/search", sought, **(headers or self.headers))

    async def finds(self, text: str) -> list[str]:
        status, found = await self.search(text)
        assert status == 200, found
        return [one["name"] for one in found["items"]]

    async def audit(self, action: str) -> list[Json]:
        status, found = await self.booking.get(f"/v1/audit?action={action}", **self.timed.issuer.headers("admin"))
        assert status == 200, found
        items: list[Json] = found["items"]
        return items

    async def seats(self) -> tuple[int, int, int]:
        """Taken, ceiling, and let in on purpose."""
        row = await self.booking.row("SELECT taken, ceiling, overbooked FROM session WHERE id = $1", self.id)
        return row["taken"], row["ceiling"], row["overbooked"]

    async def told(self, kind: type, made: Json) -> list[Any]:
        return [
            event.data for event in await self.booking.told() if isinstance(event, kind) and event.subject == made["id"]
        ]


async def at(timed: Timed, **changes: object) -> Desk:
    state = session_state(**changes)
    await timed.booking.offer(state)
    return Desk(timed, state)
