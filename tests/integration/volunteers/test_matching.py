"""Visitors who book coaching find a helper: who is asked, in which order, and what comes when nobody is left."""

from datetime import timedelta
from uuid import uuid4

from shared.events import (
    AssignmentAccepted,
    AssignmentDeclined,
    AssignmentReleased,
    AssignmentUncovered,
    StaffingChanged,
    VolunteerNotified,
)
from tests.integration.volunteers.conftest import Volunteers
from tests.integration.volunteers.house import ARABIC, House, cancelled, coaching


async def test_arabic_at_tensta_goes_to_who_speaks_it_then_to_the_next(volunteers: Volunteers) -> None:
    """Fails when language does not come first, a no does not go on, or a yes is told twice."""
    house = House(volunteers)
    amina, bo = await house.helper("Amina", languages=ARABIC), await house.helper("Bo")
    state = await house.publish(coaching())
    await house.put(state, bo)
    await house.put(state, amina)
    assert [one.helpers for one in await house.told(StaffingChanged)] == [0, 1, 2]

    booking = await house.book(state, help_language="ar", language="ar")

    asked = await house.asked(booking)
    assert asked["volunteer_id"] == amina["id"]
    assert (asked["why"]["level"], asked["why"]["candidates"], asked["why"]["topic"]) == ("native", 2, "bankid")
    await house.reply(asked["id"], "no")
    second = await house.asked(booking)
    assert second["volunteer_id"] == bo["id"]
    assert second["why"]["level"] is None
    await house.reply(second["id"], "yes")

    (accepted,) = [one for one in await house.told(AssignmentAccepted) if one.booking_id]
    assert (str(accepted.assignment_id), accepted.booking_id) == (second["id"], booking.data.booking_id)
    (declined,) = await house.told(AssignmentDeclined)
    assert (str(declined.assignment_id), declined.why) == (asked["id"], "declined")
    assert (await house.need(booking))["state"] == "covered"
    kept = await volunteers.row("SELECT pledge, pledged_at FROM assignment WHERE state = 'accepted'")
    assert kept["pledge"] == 1


async def test_after_the_last_coordinators_look_and_then_the_visitor_is_told(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "no")

    (alarmed,) = await house.told(AssignmentUncovered)
    assert (alarmed.stage, alarmed.asked) == ("alarmed", 1)


async def test_coordinators_are_alarmed_once_for_a_sitting(volunteers: Volunteers) -> None:
    """Fails when each visitor of an afternoon that nobody can come to is a message of its own."""
    house = House(volunteers)
    eva = {"name": "Eva", "reach": "sms", "phone": "070-174 06 99", "branches": ["tensta"]}
    await volunteers.send("POST", "/v1/coordinators", eva)
    sitting, first = uuid4(), coaching()
    for number in range(3):
        starts_at = first.starts_at + timedelta(minutes=40 * number)
        times = {"starts_at": starts_at, "ends_at": starts_at + timedelta(minutes=40)}
        state = await house.publish(coaching(sitting_id=sitting, **times))
        await house.book(state)
    alone = await house.publish(coaching())
    for _ in range(2):
        await house.book(alone)

    alarms = [one.session_id for one in await house.told(VolunteerNotified) if one.notice == "alarm"]
    assert len(alarms) == 2
    assert alarms[-1] == alone.session_id
    assert [one.stage for one in await house.told(AssignmentUncovered)] == ["alarmed"] * 5


async def test_a_visitor_who_cancels_frees_the_helper_once(volunteers: Volunteers) -> None:
    house = House(volunteers)
    amina = await house.helper()
    state = await house.publish(coaching())
    await house.put(state, amina)
    booking = await house.book(state)
    await house.reply((await house.asked(booking))["id"], "yes")

    await volunteers.hear(cancelled(booking), cancelled(booking), booking)

    (released,) = await house.told(AssignmentReleased)
    assert released.why == "visitor_cancelled"
    assert (await volunteers.row("SELECT share FROM volunteer"))["share"] == 0


async def test_people_of_a_partner_that_is_set_aside_are_not_asked(volunteers: Volunteers) -> None:
    house = House(volunteers)
    bank = await volunteers.partner()
    amina = await house.helper(partner_id=bank["id"])
    state = await house.publish(coaching())
    await house.put(state, amina)
    await volunteers.change(bank, active=False)

    booking = await house.book(state)

    assert (await house.need(booking))["state"] == "alarmed"
    other = await house.publish(coaching())
    status, problem = await house.staff(
        "POST", f"/v1/sessions/{other.session_id}/shifts", {"volunteer_id": amina["id"], "ask": False}
    )
    assert (status, problem["type"]) == (409, "not-active")
