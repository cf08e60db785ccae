"""Two who change somebody at once, and somebody who leaves while visitors book."""

import asyncio
from uuid import UUID

from tests.integration.volunteers.conftest import Volunteers
from tests.integration.volunteers.house import House, coaching


async def test_of_two_who_change_the_same_one_learns_of_the_other(volunteers: Volunteers, replica: Volunteers) -> None:
    amina = await volunteers.volunteer()
    path = f"/v1/volunteers/{amina['id']}"

    answers = await asyncio.gather(
        *(
            house.send("PATCH", path, {"revision": 1, "topics": [topic]})
            for house, topic in ((volunteers, "email"), (replica, "swish"))
        )
    )

    assert sorted(status for status, _ in answers) == [200, 409]
    _, now = await volunteers.send("GET", path)
    assert (now["revision"], now["topics"]) == (2, next(got["topics"] for status, got in answers if status == 200))


async def test_who_leaves_while_visitors_book_keeps_nobody(volunteers: Volunteers, replica: Volunteers) -> None:
    """Fails when somebody is given a visitor, or a shift, in the moment in which they leave."""
    house = House(volunteers)
    amina = await house.helper()
    states = [await house.publish(coaching()) for _ in range(3)]
    first = states[0]
    await house.put(first, amina)
    body = {"volunteer_id": amina["id"], "ask": False}

    await asyncio.gather(
        house.book(first),
        replica.send("POST", f"/v1/volunteers/{amina['id']}/state", {"state": "paused"}),
        *(volunteers.send("POST", f"/v1/sessions/{state.session_id}/shifts", body) for state in states[1:]),
    )

    live = await volunteers.row(
        """
        SELECT (SELECT state FROM volunteer WHERE id = $1) AS state,
            (SELECT count(*) FROM shift WHERE volunteer_id = $1 AND state IN ('asked', 'offered', 'on_duty'))
            + (SELECT count(*) FROM assignment WHERE volunteer_id = $1 AND state IN ('proposed', 'accepted')) AS live
        """,
        UUID(amina["id"]),
    )
    assert tuple(live) == ("paused", 0)
