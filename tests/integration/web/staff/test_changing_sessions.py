"""Raising, lowering, closing, moving and cancelling from a session's page; and two people who do it at once."""

import re
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from shared.events import BookingCancelled, BookingRescheduled
from tests.integration.catalog.conftest import ADMIN, KISTA
from tests.integration.catalog.terms import series
from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague, StaffHouse
from tests.support.pages import Form, Shown

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Page:
    """A session's page before a colleague."""

    def __init__(self, house: StaffHouse, by: Colleague, session: str) -> None:
        self.house = house
        self.by = by
        self.session = session
        self.path = f"/sv/staff/sessions/{session}"

    async def see(self) -> Shown:
        return await self.by.get(self.path)

    async def revision(self) -> str:
        row = await self.house.catalog.database.pool.fetchrow(
            "SELECT revision FROM session WHERE id = $1", UUID(self.session)
        )
        assert row is not None
        return str(row["revision"])

    async def send(self, what: str, **form: str) -> Shown:
        """Send a form from the present revision, unless another is said."""
        sent = {"revision": await self.revision()} | form
        return await self.by.send(f"{self.path}/{what}", sent)

    async def kept(self, *columns: str) -> tuple[object, ...]:
        """What catalog has of it."""
        row = await self.house.catalog.database.pool.fetchrow("SELECT * FROM session WHERE id = $1", UUID(self.session))
        assert row is not None
        return tuple(row[column] for column in columns)

    async def undo(self, shown: Shown) -> Shown:
        """Go on to the next page, and take back what it says was done."""
        page = await self.by.follow(shown)
        action, inside = re.findall(
            r'<form class="undo" method="post" action="([^"]+)">(.*?)</form>', page.source, re.DOTALL
        )[0]
        hidden: Form = dict(re.findall(r'name="([^"]+)" value="([^"]*)"', inside))
        return await self.by.post(action, hidden)


@pytest.fixture
async def page(staff_house: StaffHouse, signed_in: SignIn) -> Page:
    """A café of five seats with four taken, before Sara at Kista."""
    session = await staff_house.session(capacity={"seats": 5, "queue": 4}, room="Kaféet")
    await staff_house.fill(session, 3)
    reach = {"by": "email", "email": "bo@example.org"}
    by_mail = {"session_id": session, "party": {"adults": 1, "children": 0}, "name": "Bo", "reach": reach}
    assert (await staff_house.booking.post("/v1/bookings", by_mail | {"language": "en"}))[0] == 201
    await staff_house.settle()
    return Page(staff_house, await signed_in("staff", "kista"), session)


async def test_one_seat_more_with_one_tap_and_back_again(page: Page) -> None:
    done = await page.send("capacity", seats="5", by="1", back="today")
    assert (done.status, done.location) == (303, "/sv/staff/today")
    assert await page.kept("seats") == (6,)
    back = await page.undo(done)
    assert (back.status, await page.kept("seats")) == (303, (5,))


async def test_how_many_volunteers_are_needed_is_set_with_the_seats_and_taken_back(page: Page) -> None:
    """Fails when staff cannot say that they need one more, or the field of those on duty stands where they count."""
    seen = await page.see()
    assert seen.value("helpers_needed") == "1"
    assert 'name="helpers"' not in seen.source

    done = await page.send("capacity", seats="5", queue="4", helpers_needed="3")
    assert await page.kept("seats", "helpers_needed") == (5, 3)
    await page.undo(done)
    assert await page.kept("helpers_needed") == (1,)
    assert "Volontärer som behövs: 1 → 3" in (await page.see()).text

    wrong = await page.send("capacity", seats="5", helpers_needed="51")
    assert (wrong.status, wrong.value("helpers_needed")) == (422, "51")
    assert "högst 50" in wrong.text


async def test_numbers_are_set_together_and_say_what_is_wrong(page: Page) -> None:
    done = await page.send("capacity", seats="3", queue="2", scope="one")
    assert (done.status, await page.kept("seats", "queue")) == (303, (3, 2))
    assert "Nu är det 3 platser" in (await page.by.follow(done)).text
    wrong = await page.send("capacity", seats="tre", queue="9")
    assert wrong.status == 422
    assert 'value="tre"' in wrong.source, "what was typed stays"
    assert 'id="seats-fault"' in wrong.source
    assert 'value="9"' in wrong.source
    assert await page.kept("seats", "queue") == (3, 2)


async def test_more_seats_while_somebody_waits_are_offered_after_it_was_said_to_whom(page: Page) -> None:
    """Fails when an offer leaves before anybody was asked: it is not taken back."""
    await page.house.fill(page.session, 1)
    await page.house.queue(page.session, 2)
    asked = await page.send("capacity", seats="5", by="1")
    assert (asked.status, await page.kept("seats")) == (200, (5,))
    assert "1 sällskap står i kö." in asked.text
    assert "1 får e-post" in asked.text
    sure = await page.by.fill(asked, f"{page.path}/capacity", {})
    assert (sure.status, await page.kept("seats")) == (303, (6,))


async def test_booking_is_closed_and_opened_again(page: Page) -> None:
    done = await page.send("booking", do="close")
    assert done.status == 303
    await page.house.settle()
    shown = await page.by.follow(done)
    assert "Stängt för bokning" in shown.text
    assert "Öppna bokningen nu" in shown.text
    await page.undo(await page.send("booking", do="open"))
    [closes_at] = await page.kept("closes_at")
    assert closes_at is not None, "opening was taken back"
    assert (await page.send("booking", do="something")).status == 400


async def test_two_change_the_seats_at_once_and_the_second_sees_both(page: Page) -> None:
    """Fails when the second overwrites the first, or what they typed is lost."""
    opened = await page.revision()
    await page.house.catalog.patch({"id": page.session}, by=ADMIN, capacity={"seats": 8}, room="Hörsalen")
    late = await page.send("capacity", seats="6", queue="4", scope="one", revision=opened)
    assert late.status == 409
    table = re.search(r"<tbody>(.*?)</tbody>", late.source, re.DOTALL)
    assert table
    text = Shown(200, f"<main {table[0]}</main>", late.headers).text
    assert re.search(r"Antal platser 5 8 ändrat \d\d\.\d\d av en administratör 6", text)
    assert re.search(r"Rum Kaféet Hörsalen .* rörde det inte", text)
    assert "kön" not in text, "nobody meant to change that"
    mine = await page.by.fill(late, f"{page.path}/capacity", {})
    assert (mine.status, await page.kept("seats", "room", "queue")) == (303, (6, "Hörsalen", 4))


async def test_what_both_wanted_is_done_and_nobody_asks(page: Page) -> None:
    opened = await page.revision()
    await page.house.catalog.patch({"id": page.session}, by=ADMIN, capacity={"seats": 4})
    late = await page.send("capacity", seats="4", queue="4", revision=opened)
    assert (late.status, await page.kept("seats")) == (303, (4,))


async def when(page: Page) -> Form:
    """The form of moving as it comes."""
    starts_at, ends_at, room = await page.kept("starts_at", "ends_at", "room")
    assert isinstance(starts_at, datetime)
    assert isinstance(ends_at, datetime)
    starts_at, ends_at = starts_at.astimezone(STOCKHOLM), ends_at.astimezone(STOCKHOLM)
    return {
        "day": starts_at.date().isoformat(),
        "starts": f"{starts_at:%H:%M}",
        "ends": f"{ends_at:%H:%M}",
        "branch_id": "kista",
        "room": str(room),
        "scope": "one",
    }


async def test_who_is_told_of_a_move_is_shown_before_it_is_made(page: Page) -> None:
    form = await when(page) | {"room": "Hörsalen"}
    preview = await page.send("move", **form)
    assert (preview.status, await page.kept("room")) == (200, ("Kaféet",))
    assert "2 bokningar får veta det" in preview.text
    assert "1 får e-post" in preview.text
    assert "1 kan bara få veta det på plats" in preview.text
    assert 'lang="en"' in preview.source, "the words are in their language"
    assert not [one for one in await page.house.booking.told() if isinstance(one, BookingRescheduled)]
    done = await page.by.fill(preview, f"{page.path}/move", {"step": "save"})
    assert (done.status, await page.kept("room")) == (303, ("Hörsalen",))
    await page.house.settle()
    told = [one for one in await page.house.booking.told() if isinstance(one, BookingRescheduled)]
    assert len(told) == 2, "each once"
    assert "Flyttat" in (await page.by.follow(done)).text


async def test_what_is_in_the_way_is_named_and_refuses_nothing(page: Page) -> None:
    form = await when(page) | {"room": "Hörsalen"}
    [starts_at] = await page.kept("starts_at")
    assert isinstance(starts_at, datetime)
    await page.house.session("story_time", room="Hörsalen", starts_at=starts_at.isoformat())
    preview = await page.send("move", **form)
    assert "Det krockar med något annat" in preview.text
    assert "Samma rum:" in preview.text
    assert (await page.by.fill(preview, f"{page.path}/move", {"step": "save"})).status == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"day": "soon"}, "day"),
        ({"starts": "half past"}, "starts"),
        ({"starts": "18:00", "ends": "17:00"}, "ends"),
        ({"day": "2027-03-28", "starts": "02:30", "ends": "04:00"}, "starts"),
        ({"day": "2020-01-01"}, "day"),
        ({}, "day"),
    ],
)
async def test_what_is_no_time_is_said_beside_its_field(page: Page, changes: Form, field: str) -> None:
    """Fails when 02.30 in the night when it does not exist becomes another time without a word."""
    refused = await page.send("move", **(await when(page) | changes))
    assert refused.status == 422
    assert f'id="{field}-fault"' in refused.source
    for name, value in changes.items():
        assert f'name="{name}" value="{value}"' in refused.source


async def test_a_move_over_another_ones_change_shows_both_and_keeps_what_was_typed(page: Page) -> None:
    form = await when(page)
    opened = await page.revision()
    await page.house.catalog.patch({"id": page.session}, by=KISTA, room="Rum 2")
    later = datetime.strptime(form["starts"], "%H:%M") + timedelta(minutes=-15)  # noqa: DTZ007 - a time on a wall
    late = await page.send("move", **(form | {"starts": f"{later:%H:%M}", "revision": opened, "step": "save"}))
    assert late.status == 409
    assert "rörde det inte" in late.text
    again = await page.by.fill(late, f"{page.path}/move", {})
    assert again.status == 200, "who is told is shown again"
    done = await page.by.fill(again, f"{page.path}/move", {"step": "save"})
    assert (done.status, await page.kept("room")) == (303, ("Rum 2",))
    assert (await when(page))["starts"] == f"{later:%H:%M}"


async def test_calling_off_says_who_is_told_and_tells_everybody_once(page: Page) -> None:
    assert (await page.send("cancel", reason="")).status == 422
    preview = await page.send("cancel", reason="illness", scope="one")
    assert (preview.status, await page.kept("status")) == (200, ("published",))
    assert "2 bokningar får veta det" in preview.text
    done = await page.by.fill(preview, f"{page.path}/cancel", {"step": "save"})
    assert (done.status, await page.kept("status")) == (303, ("cancelled",))
    await page.house.settle()
    told = [one for one in await page.house.booking.told() if isinstance(one, BookingCancelled)]
    assert len(told) == 2
    shown = await page.see()
    assert "Inställt" in shown.text
    assert "Ändra antalet platser" not in shown.text
    again = await page.send("cancel", reason="illness", step="save")
    assert again.status in {303, 422}
    assert len([one for one in await page.house.booking.told() if isinstance(one, BookingCancelled)]) == 2


async def test_calling_off_what_somebody_just_moved_shows_that_first(page: Page) -> None:
    opened = await page.revision()
    await page.house.catalog.patch({"id": page.session}, by=KISTA, room="Rum 2")
    late = await page.send("cancel", reason="staff", revision=opened, step="save")
    assert (late.status, await page.kept("status")) == (409, ("published",))
    assert re.search(r"Rum Kaféet Rum 2", late.text)


@pytest.mark.parametrize("what", ["capacity", "booking", "move", "cancel"])
async def test_nobody_changes_another_librarys_session(staff_house: StaffHouse, signed_in: SignIn, what: str) -> None:
    session = await staff_house.session(branch_id="rinkeby")
    page = Page(staff_house, await signed_in("staff", "kista"), session)
    form = {"seats": "1", "do": "close", "reason": "illness", "step": "save"}
    assert (await page.send(what, **form)).status == 403
    assert await page.kept("seats", "status") == (15, "published")


async def test_a_whole_series_is_called_off_from_one_of_its_dates(staff_house: StaffHouse, signed_in: SignIn) -> None:
    made = await series(staff_house.catalog)
    await staff_house.settle()
    ids = [str(one["id"]) for one in made["sessions"]]
    page = Page(staff_house, await signed_in("staff", "kista"), ids[1])
    preview = await page.send("cancel", reason="staff", scope="following")
    assert f"Ska {len(ids) - 1} tider ställas in?" in preview.text
    done = await page.by.fill(preview, f"{page.path}/cancel", {"step": "save"})
    assert done.status == 303
    assert "Samma sak gäller" in (await page.by.follow(done)).text
    rows = await staff_house.catalog.database.pool.fetch("SELECT status FROM session ORDER BY starts_at")
    assert [row["status"] for row in rows] == ["published", *["cancelled"] * (len(ids) - 1)]
