"""What somebody changes about themselves, and takes back."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.integration.web.volunteer.house import HOME, Helper, VolunteerHouse

if TYPE_CHECKING:
    from tests.support.pages import Form, Shown

PROFILE = f"{HOME}/profile"


async def save(helper: Helper, what: str, form: Form) -> Shown:
    return await helper.press(f"{PROFILE}/{what}", f"{PROFILE}/{what}", form)


async def test_a_week_is_saved_and_taken_back(helping: VolunteerHouse) -> None:
    amina = await helping.helper()

    page = await save(amina, "week", {"d0-0-starts": "17.00", "d0-0-ends": "19:30"})
    assert "Sparat." in page.text
    assert "Måndag 17.00–19.30" in page.text

    undone = await amina.follow(await amina.fill(page, f"{PROFILE}/week"))
    assert "17.00" not in undone.text


async def test_wrong_times_are_said_at_their_fields_and_nothing_is_lost(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    week = await amina.get(f"{PROFILE}/week")
    cases = {
        ("17.00", ""): "d0-0-ends",
        ("17.00", "16.00"): "d0-0-ends",
        ("25.00", "26.00"): "d0-0-starts",
        ("<b>", "17.00"): "d0-0-starts",
    }
    for (starts, ends), field in cases.items():
        page = await amina.fill(week, f"{PROFILE}/week", {"d0-0-starts": starts, "d0-0-ends": ends})

        assert page.status == 422
        assert f'href="#{field}"' in page.source
        assert page.value("d0-0-starts") == starts


async def test_days_away_are_added_removed_and_brought_back(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    row = await helping.volunteers.row("SELECT current_date AS today")
    first, last = (row["today"] + timedelta(days=ahead) for ahead in (10, 12))

    await save(amina, "away", {"first": first.isoformat(), "last": last.isoformat()})
    assert await _away(helping) == [(first, last)]
    gone = await amina.press(f"{PROFILE}/away", f"{PROFILE}/away/remove")
    assert await _away(helping) == []
    await amina.fill(gone, f"{PROFILE}/away")

    assert await _away(helping) == [(first, last)]
    wrong = await amina.fill(await amina.get(f"{PROFILE}/away"), f"{PROFILE}/away", {"first": "jul"})
    assert (wrong.status, 'href="#first"' in wrong.source) == (422, True)


async def test_languages_are_changed_and_none_is_named_twice(helping: VolunteerHouse) -> None:
    amina = await helping.helper(languages=[{"language": "ar", "level": "native"}])

    page = await save(
        amina, "languages", {"language-1": "so", "level-1": "some", "language-0": "ar", "level-0": "good"}
    )
    assert "Arabiska Talar bra" in page.text
    assert "Somaliska Talar lite" in page.text

    twice = {"language-0": "ar", "level-0": "good", "language-1": "ar", "level-1": "some"}
    wrong = await amina.fill(await amina.get(f"{PROFILE}/languages"), f"{PROFILE}/languages", twice)
    assert (wrong.status, 'href="#language-1"' in wrong.source) == (422, True)


async def test_libraries_are_chosen_and_taken_back(helping: VolunteerHouse) -> None:
    amina = await helping.helper(branches=["kista"])

    page = await save(amina, "branches", {"branches": "tensta"})
    assert "Tensta bibliotek" in page.text
    back = await amina.follow(await amina.fill(page, f"{PROFILE}/branches"))

    assert "Kista bibliotek" in back.text
    assert "Tensta bibliotek" not in back.text


async def test_how_one_is_reached_shows_enough_to_know_ones_own(helping: VolunteerHouse) -> None:
    amina = await helping.helper(email="amina@example.org")

    page = await save(amina, "reach", {"by": "email", "language": "en"})

    assert "Sparat." in page.text
    assert "amina@example.org" not in page.source
    row = await helping.volunteers.row("SELECT reach, language FROM contact")
    assert (row["reach"], row["language"]) == ("email", "en")
    form = await amina.get(f"{PROFILE}/reach")
    assert 'value="call"' not in form.source
    for way in ("pigeon", "call"):
        odd = await amina.fill(form, f"{PROFILE}/reach", {"by": way, "language": "en"})
        assert (odd.status, 'href="#by"' in odd.source) == (422, True)


async def _away(house: VolunteerHouse) -> list[tuple[object, object]]:
    rows = await house.volunteers.database.pool.fetch("SELECT first_day, last_day FROM availability_exception")
    return [(row["first_day"], row["last_day"]) for row in rows]
