"""Everybody at once: the chairs go, the line fills in order, and as many chairs as come back are offered along it."""

import asyncio
from uuid import UUID

from shared.events import BookingOffered
from tests.integration.booking.conftest import Booking
from tests.integration.booking.test_races import assert_exact, book, cancel, outcomes, proof, visitors
from tests.support.samples import session_state


async def test_four_hundred_visitors_want_fifteen_chairs_and_eight_places_in_line(
    booking: Booking, replica: Booking
) -> None:
    """Fails when the line is counted before the session's row is held."""
    session = await booking.offer(session_state())
    bodies = [body | {"if_full": "queue"} for body in visitors(session, 400)]
    answers = await asyncio.gather(*(book((booking, replica)[n % 2], body) for n, body in enumerate(bodies)))
    assert outcomes(answers) == {"confirmed": 15, "queued": 8, "queue-full": 377}
    places = [body["position"] for _, body in answers if body.get("state") == "queued"]
    assert sorted(places) == list(range(1, 9))
    await assert_exact(booking, session)


async def test_thirty_chairs_that_come_back_at_once_are_offered_in_strict_order(
    booking: Booking, replica: Booking
) -> None:
    """Each to one, and to nobody twice. Fails when who is next is looked for outside the turn with the session."""
    session = await booking.offer(session_state(capacity={"seats": 30, "queue": 40}))
    bodies = [body | {"if_full": "queue"} for body in visitors(session, 70)]
    seated = [(await book(booking, body), proof(body)) for body in bodies[:30]]
    line = [(await book(booking, body))[1] for body in bodies[30:]]
    assert [made["position"] for made in line] == list(range(1, 41))
    leaving = [cancel(at, made["code"], known) for (_, made), known in seated for at in (booking, replica)]
    newcomers = [book(replica, body | {"if_full": "refuse", "name": "Amir"}) for body in bodies[:30]]
    answers = await asyncio.gather(*leaving, *newcomers)
    assert outcomes(answers[:60]) == {"cancelled": 60}
    assert outcomes(answers[60:]) == {"sold-out": 30}, "nobody passes who waits"
    offered = [event.subject for event in await booking.told() if isinstance(event, BookingOffered)]
    assert offered == [made["id"] for made in line[:30]]
    rows = await booking.database.pool.fetch(
        "SELECT id FROM booking WHERE session_id = $1 AND state = 'queued' ORDER BY joined", session
    )
    assert [row["id"] for row in rows] == [UUID(made["id"]) for made in line[30:]]
    await assert_exact(booking, session)
