"""What somebody is asked and does: read, answered, passed on, told how it went."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.web.helping.pledge import RULES
from tests.integration.volunteers.conftest import ADMIN
from tests.integration.web.volunteer.house import HOME, Helper, VolunteerHouse

STOCKHOLM = ZoneInfo("Europe/Stockholm")


async def asked(house: VolunteerHouse, helper: Helper, **answers: str) -> tuple[str, str]:
    """A visitor whom somebody is asked to help; gives the booking and the page of the question."""
    session = await house.coaching()
    await house.duty(session, helper)
    booking = await house.visitor(session, **answers)
    return booking, f"{HOME}/assignments/{await house.assignment(booking)}"


async def test_a_question_shows_what_is_needed_to_answer_it_and_the_rules(helping: VolunteerHouse) -> None:
    amina = await helping.helper(languages=[{"language": "ar", "level": "native"}])
    booking, at = await asked(helping, amina, help_language="ar")

    overview = await amina.get(HOME)
    assert "En fråga till dig" in overview.text
    assert overview.links("Läs och svara") == [at]
    page = await amina.get(at)

    for word in ("Arabiska", "BankID", "Kista bibliotek", "Ring biblioteket:", *RULES):
        assert word in page.text, word
    for secret in ("Fatima", "Noor", booking):
        assert secret not in page.source, "the name is told to whoever said yes, the rest to nobody"


async def test_yes_accepts_the_rules_and_shows_the_first_name_only(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    booking, at = await asked(helping, amina)

    page = await amina.press(at, f"{at}/accept")

    assert "Tack! Nu räknar vi med dig." in page.text
    assert "Fatima" in page.text
    assert "Noor" not in page.source
    row = await helping.volunteers.row("SELECT state, pledge FROM assignment WHERE booking_id = $1", UUID(booking))
    assert (row["state"], row["pledge"]) == ("accepted", 1)


async def test_who_was_given_a_visitor_reads_the_rules_before_the_first_name(helping: VolunteerHouse) -> None:
    """Fails when others can say yes to the rules for somebody."""
    amina = await helping.helper()
    bo = await helping.helper("Bo", "070-174 06 06")
    booking, _ = await asked(helping, amina)
    await helping.duty((await _session(helping, booking)), bo)
    body = {"volunteer_id": str(bo.id)}
    status, _ = await helping.volunteers.send("PUT", f"/v1/needs/{booking}/assignment", body, by=ADMIN)
    assert status == 200
    at = f"{HOME}/assignments/{await helping.assignment(booking)}"

    page = await bo.get(at)
    assert "Biblioteket räknar med dig" in page.text
    assert "Fatima" not in page.source
    assert RULES[0] in page.text
    page = await bo.fill(page, f"{at}/accept", {"pledge": ""})
    assert (page.status, "Fatima" in page.source) == (422, False)
    page = await bo.press(at, f"{at}/accept")
    assert "Fatima" in page.text
    assert "Reglerna du har lovat att följa" in page.text
    row = await helping.volunteers.row("SELECT state, pledge FROM assignment WHERE volunteer_id = $1", bo.id)
    assert (row["state"], row["pledge"]) == ("accepted", 1)


async def _session(helping: VolunteerHouse, booking: str) -> str:
    row = await helping.volunteers.row("SELECT session_id FROM need WHERE booking_id = $1", UUID(booking))
    return str(row["session_id"])


async def test_yes_without_the_rules_is_not_taken(helping: VolunteerHouse) -> None:
    """Fails when a yes counts as the pledge although the page with the rules was not read."""
    amina = await helping.helper()
    booking, at = await asked(helping, amina)

    page = await amina.fill(await amina.get(at), f"{at}/accept", {"pledge": ""})

    assert page.status == 422
    assert "Läs reglerna och svara JA en gång till." in page.text
    assert page.title.startswith("Fel: ")
    assert await _state(helping, booking) == "proposed"


async def test_no_goes_on_to_the_next(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    bo = await helping.helper("Bo", "070-174 06 06")
    session = await helping.coaching()
    for one in (amina, bo):
        await helping.duty(session, one)
    booking = await helping.visitor(session)
    first = await helping.assignment(booking)
    row = await helping.volunteers.row("SELECT volunteer_id FROM assignment WHERE id = $1", UUID(first))
    now, then = (amina, bo) if row["volunteer_id"] == amina.id else (bo, amina)

    page = await now.press(HOME, f"{HOME}/assignments/{first}/decline")

    assert "Tack för att du sa till." in page.text
    assert "fråga till dig" not in page.text
    second = await helping.assignment(booking)
    assert second != first
    assert (await then.get(HOME)).links("Läs och svara") == [f"{HOME}/assignments/{second}"]


async def test_who_answers_twice_or_too_late_is_told_how_it_is(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    _, at = await asked(helping, amina)
    page = await amina.get(at)
    await amina.fill(page, f"{at}/accept")

    again = await amina.follow(await amina.fill(page, f"{at}/accept"))

    assert "Nu räknar vi med dig" in again.text


async def test_nobody_sees_or_answers_what_is_anothers(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    bo = await helping.helper("Bo", "070-174 06 06")
    booking, at = await asked(helping, amina)
    theirs = await amina.get(at)
    csrf = (await bo.get(HOME)).source.split('name="csrf" value="')[1].split('"')[0]

    assert theirs.status == 200
    assert (await bo.get(at)).status == 404
    assert (await bo.post(f"{at}/accept", {"csrf": csrf, "pledge": "1"})).status == 404
    assert await _state(helping, booking) == "proposed"


async def test_a_stand_in_is_sought_while_it_stays_theirs_and_no_longer(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    booking, at = await asked(helping, amina)
    await amina.press(at, f"{at}/accept")

    page = await amina.press(at, f"{at}/stand-in")
    assert "Uppdraget är ditt tills någon har sagt JA." in page.text
    assert await _state(helping, booking) == "accepted"

    undone = await amina.follow(await amina.fill(page, f"{at}/stand-in/stop"))
    assert "vi letar inte längre" in undone.text
    assert "Hitta en ersättare" in undone.text


async def test_no_after_a_yes_says_first_what_it_does(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    booking, at = await asked(helping, amina)
    await amina.press(at, f"{at}/accept")

    page = await amina.get(f"{at}/decline")
    assert "Det går inte att ångra." in page.text
    after = await amina.follow(await amina.fill(page, f"{at}/decline"))

    assert "Vi frågar någon annan." in after.text
    assert await _state(helping, booking) == "declined"


async def test_ill_today_passes_on_all_of_today_with_one_answer(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    noon = (datetime.now(STOCKHOLM) + timedelta(days=3)).replace(hour=12, minute=0, second=0, microsecond=0)
    for starts_at in (noon, noon + timedelta(days=1)):
        await helping.duty(await helping.coaching(starts_at), amina)
    assert "Du har inget i dag" in (await amina.get(f"{HOME}/ill")).text

    await helping.clock.set(noon - timedelta(hours=3))
    await amina.sign_in()
    ask = await amina.get(f"{HOME}/ill")
    assert "Då frågar vi någon annan om det här:" in ask.text
    page = await amina.follow(await amina.fill(ask, f"{HOME}/ill"))

    assert "Krya på dig!" in page.text
    shifts = await helping.volunteers.database.pool.fetch("SELECT state FROM shift ORDER BY lower(during)")
    assert [row["state"] for row in shifts] == ["cancelled", "on_duty"], "tomorrow is still theirs"


async def test_how_it_went_is_said_from_a_closed_list_and_put_right(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    booking, at = await asked(helping, amina)
    await amina.press(at, f"{at}/accept")
    await _be_over(helping)

    overview = await amina.get(HOME)
    assert "Hur gick det?" in overview.text
    wrong = await amina.fill(await amina.get(at), f"{at}/outcome", {"outcome": "she was ill"})
    assert wrong.status == 422
    assert 'href="#outcome"' in wrong.source
    told = await amina.press(at, f"{at}/outcome", {"outcome": "managed"})
    assert "timmarna räknas" in told.text
    await amina.press(at, f"{at}/outcome", {"outcome": "visitor_absent"})

    row = await helping.volunteers.row("SELECT outcome FROM assignment WHERE booking_id = $1", UUID(booking))
    assert row["outcome"] == "visitor_absent"


async def test_to_be_on_duty_is_answered_with_one_tap(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    session = await helping.coaching()
    shift = await helping.duty(session, amina, ask=True)

    page = await amina.press(HOME, f"{HOME}/assignments/{shift}/accept")

    assert "Du har sagt JA" in page.text
    assert "Fatima" not in page.text


async def test_a_message_leads_to_the_one_question_there_is(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    _, at = await asked(helping, amina)

    assert (await amina.get(f"{HOME}/answer")).location == at


async def _state(house: VolunteerHouse, booking: str) -> str:
    row = await house.volunteers.row("SELECT state FROM assignment WHERE booking_id = $1", UUID(booking))
    return str(row["state"])


async def _be_over(house: VolunteerHouse) -> None:
    """Let what is to come have been yesterday, as volunteers know it."""
    pool = house.volunteers.database.pool
    ago = timedelta(days=4)
    await pool.execute("UPDATE session SET starts_at = starts_at - $1::interval, ends_at = ends_at - $1::interval", ago)
    for table in ("shift", "assignment"):
        moved = f"UPDATE {table} SET during = tstzrange(lower(during) - $1::interval, upper(during) - $1::interval)"  # noqa: S608
        await pool.execute(moved, ago)
