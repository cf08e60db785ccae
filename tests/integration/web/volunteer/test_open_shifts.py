"""Shifts one could take."""

from __future__ import annotations

from tests.integration.web.volunteer.house import HOME, VolunteerHouse

OPEN = f"{HOME}/open"


async def test_somebody_takes_a_shift_and_gives_it_back(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    session = await helping.coaching()

    page = await amina.get(OPEN)
    assert "till behövs" in page.text
    taken = await amina.follow(await amina.fill(page, f"{OPEN}/{session}"))
    assert "Passet är ditt" in taken.text
    assert "Du har sagt JA" in taken.text
    assert session not in (await amina.get(OPEN)).source

    back = await amina.follow(await amina.fill(taken, f"{OPEN}/give-back"))
    assert "Du är struken från passet." in back.text
    row = await helping.volunteers.row("SELECT state FROM shift")
    assert row["state"] in {"cancelled", "declined"}


async def test_at_another_library_the_library_decides(helping: VolunteerHouse) -> None:
    amina = await helping.helper(branches=["tensta"])
    session = await helping.coaching()
    csrf = (await amina.get(HOME)).source.split('name="csrf" value="')[1].split('"')[0]

    page = await amina.follow(await amina.post(f"{OPEN}/{session}", {"csrf": csrf}))

    assert "Biblioteket svarar snart" in page.text


async def test_who_came_second_is_thanked(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    others = [
        await helping.helper(name, f"070-174 06 {number}") for number, name in ((11, "Bo"), (12, "Cia"), (13, "Dag"))
    ]
    session = await helping.coaching(capacity=1)
    page = await amina.get(OPEN)
    for one in others:
        await one.press(OPEN, f"{OPEN}/{session}")
        needed = await helping.volunteers.row("SELECT needed - helpers AS gap FROM session")
        if needed["gap"] <= 0:
            break

    refused = await amina.fill(page, f"{OPEN}/{session}")

    assert refused.status == 409
    assert "Nu är ni så många som behövs." in refused.text
    assert refused.title.startswith("Fel: ")


async def test_who_is_not_active_is_told_what_to_do(helping: VolunteerHouse) -> None:
    amina = await helping.helper(state="introduction")
    await helping.coaching()

    page = await amina.get(OPEN)

    assert "När du är i gång som volontär" in page.text
    assert f'action="{OPEN}/' not in page.source


async def test_without_any_the_page_says_why_and_where_to_go_on(helping: VolunteerHouse) -> None:
    amina = await helping.helper()

    page = await amina.get(OPEN)

    assert "inget ledigt pass som passar dig" in page.text
    assert page.links("Se vad vi vet om dig") == [f"{HOME}/profile"]
