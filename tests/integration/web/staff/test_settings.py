"""What administrators decide for the whole installation: hours and limits, texts, how long people are known."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import pytest

from shared.events import InstallationChanged
from tests.support.samples import booking_body, numbers

if TYPE_CHECKING:
    from tests.integration.web.staff.conftest import SignIn
    from tests.integration.web.staff.house import Colleague, StaffHouse
    from tests.support.pages import Form, Shown

HOURS = "/sv/staff/admin/hours"
TEXTS = "/sv/staff/admin/texts"
CONFIRMED = f"{TEXTS}/sv/sms.confirmed"
ERASURE = "/sv/staff/admin/erasure"
OWN = "Biblioteket: Välkommen! {title} {day} kl {time}, {place}."

RULES = {
    "opens": "09",
    "closes": "19",
    "bookings_of_number": "5",
    "messages_to_number": "15",
    "bookings_from_network": "20",
    "sms_parts_a_day": "3000",
}
DECISION = {"reference": "KUN 2026/114", "decided_on": "2026-11-20", "days": "30"}


async def undo(admin: Colleague, shown: Shown) -> Shown:
    """Tap Ångra in the notice of a page."""
    form = re.search(r'<form class="undo" method="post" action="([^"]+)">(.*?)</form>', shown.source, re.DOTALL)
    assert form, shown.text
    fields = re.findall(r'name="([^"]+)" value="([^"]*)"', form[2])
    return await admin.post(form[1], {name: html.unescape(value) for name, value in fields})


async def decide(admin: Colleague, **changes: str) -> Shown:
    return await admin.send(HOURS, RULES | {"revision": "0", "do": "save"} | changes)


@pytest.mark.parametrize("path", [HOURS, TEXTS, CONFIRMED, ERASURE])
async def test_only_administrators_come_in(path: str, signed_in: SignIn) -> None:
    sara = await signed_in("staff", "kista")
    assert (await sara.get(path)).status == 403


# --- hours and limits


async def test_what_follows_is_shown_before_anything_is_decided(signed_in: SignIn, staff_house: StaffHouse) -> None:
    admin = await signed_in("admin")
    shown = await admin.get(HOURS)
    assert shown.value("bookings_of_number") == "5"
    assert '<option value="09" selected>' in shown.source

    preview = await admin.fill(shown, HOURS, RULES | {"do": "look", "opens": "06", "bookings_of_number": "2"})

    assert (preview.status, "Ingenting är ändrat än." in preview.text) == (200, True)
    assert "När vi skriver till folk 09.00–19.00 06.00–19.00" in preview.text
    assert "Familjer delar ofta telefon." in preview.text
    assert await staff_house.catalog.told() == []
    again = await admin.fill(preview, HOURS, {"do": "edit"})
    assert again.value("bookings_of_number") == "2"

    saved = await admin.fill(preview, HOURS, {"do": "save"})

    assert (saved.status, saved.location) == (303, HOURS)
    [told] = await staff_house.catalog.told()
    assert isinstance(told, InstallationChanged)
    assert (told.data.permitted_hours, told.data.bookings_of_number) == ("06-19", 2)


async def test_a_decision_is_taken_back_from_the_notice(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    shown = await admin.follow(await decide(admin, sms_parts_a_day="10"))
    assert ("Sparat." in shown.text, shown.value("sms_parts_a_day")) == (True, "10")

    shown = await admin.follow(await undo(admin, shown))

    assert shown.value("sms_parts_a_day") == "3000"


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"bookings_of_number": "många"}, "Bokningar per nummer och dygn: skriv ett heltal mellan 1 och 50."),
        ({"sms_parts_a_day": "3000000"}, "Sms per dag för hela Plats: skriv ett heltal mellan 0 och 100000."),
        ({"opens": "10", "closes": "12"}, "Lämna minst 4 timmar om dagen"),
    ],
)
@pytest.mark.parametrize("do", ["look", "save"])
async def test_what_makes_no_sense_is_said_and_what_was_typed_stays(
    do: str, changes: Form, words: str, signed_in: SignIn
) -> None:
    admin = await signed_in("admin")

    shown = await decide(admin, do=do, messages_to_number="17", **changes)

    assert (shown.status, shown.text.count(words)) == (422, 2)
    assert shown.value("messages_to_number") == "17"


async def test_whoever_is_second_keeps_what_they_changed_and_sees_what_the_first_did(signed_in: SignIn) -> None:
    """Fails when the second takes back what the first decided, by fields that the second never touched."""
    admin = await signed_in("admin")
    await decide(admin, bookings_of_number="7")

    second = await decide(admin, messages_to_number="20")

    assert (second.status, "Någon annan hann före" in second.text) == (409, True)
    assert "Bokningar per nummer och dygn 5 7" in second.text
    assert (second.value("bookings_of_number"), second.value("messages_to_number")) == ("7", "20")
    assert (await admin.fill(second, HOURS, _typed(second) | {"do": "save"})).status == 303
    shown = await admin.get(HOURS)
    assert (shown.value("bookings_of_number"), shown.value("messages_to_number")) == ("7", "20")


def _typed(shown: Shown) -> Form:
    return RULES | {name: shown.value(name) or "" for name in RULES if name not in {"opens", "closes"}}


async def test_nothing_is_decided_where_nothing_is_different(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    shown = await decide(admin, do="look")
    assert (shown.status, "Ingenting är ändrat än." in shown.text) == (422, True)


# --- texts


async def test_a_text_is_found_tried_said_and_taken_back(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    found = await admin.get(f"{TEXTS}?q=Du+är+bokad%21+%7Btitle")
    [address] = found.links("Du är bokad!")
    assert address == CONFIRMED
    shown = await admin.get(address)
    assert "Så här kommer det fram" in shown.text
    assert "Biblioteket: Du är bokad! Läxhjälp matte" in shown.text

    tried = await admin.fill(shown, CONFIRMED, {"forms.0": OWN, "do": "look"})
    assert (tried.status, "Biblioteket: Välkommen! Läxhjälp matte" in tried.text) == (200, True)
    assert "Egen text" not in tried.text

    shown = await admin.follow(await admin.fill(tried, CONFIRMED, {"forms.0": OWN, "do": "save"}))
    assert ("Sparat." in shown.text, "Egen text" in shown.text) == (True, True)
    assert (await admin.get(f"{TEXTS}?own=1")).links("Välkommen!") == [CONFIRMED]

    shown = await admin.follow(await undo(admin, shown))
    assert "Egen text" not in shown.text
    assert "Ni har inga egna texter" in (await admin.get(f"{TEXTS}?own=1")).text


async def test_words_that_were_ours_are_brought_back_by_undo(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    await admin.send(CONFIRMED, {"forms.0": OWN, "do": "save"})
    shown = await admin.follow(await admin.send(CONFIRMED, {"do": "restore"}))
    assert "Egen text" not in shown.text

    shown = await admin.follow(await undo(admin, shown))

    assert ("Egen text" in shown.text, html.escape(OWN) in shown.source) == (True, True)


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("Biblioteket: Välkommen! {title} {day} kl {time}.", "{place} saknas."),
        (f"{OWN} {{", "Klamrarna"),
        (f"{OWN} Läs på plats.se", "inte finnas länkar"),
        (f"{OWN} Ta med något att skriva med, och kom gärna i god tid.", "Det får inte plats i ett sms"),
    ],
)
@pytest.mark.parametrize("do", ["look", "save"])
async def test_words_that_cannot_be_said_are_kept_with_why(do: str, words: str, why: str, signed_in: SignIn) -> None:
    admin = await signed_in("admin")

    shown = await admin.send(CONFIRMED, {"forms.0": words, "do": do})

    assert (shown.status, shown.text.count(why)) == (422, 2)
    assert html.escape(words, quote=True).replace("&#x27;", "&#39;") in shown.source


async def test_whoever_writes_second_sees_the_words_of_the_first(signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    await admin.send(CONFIRMED, {"forms.0": OWN, "revision": "0", "do": "save"})

    other = OWN.replace("Välkommen", "Hej")
    shown = await admin.send(CONFIRMED, {"forms.0": other, "revision": "0", "do": "save"})

    assert (shown.status, OWN in shown.text, html.escape(other) in shown.source) == (409, True, True)
    assert 'name="revision" value="1"' in shown.source


# --- how long people are known


async def test_a_decision_is_shown_with_what_it_erases_and_then_known_everywhere(
    signed_in: SignIn, staff_house: StaffHouse
) -> None:
    admin = await signed_in("admin", subject="chef")
    shown = await admin.get(ERASURE)
    assert "Ingen har bestämt hur länge uppgifter sparas." in shown.text
    await _a_session_long_ago(staff_house)

    preview = await admin.fill(shown, ERASURE, DECISION | {"days": "7", "do": "look"})

    assert "Uppgifterna i 2 bokningar raderas inom en timme" in preview.text
    assert "från 1 tillfälle. Det går inte att ångra." in preview.text
    saved = await admin.follow(await admin.fill(preview, ERASURE, {"do": "save"}))
    assert "sparas 7 dagar efter ett tillfälle" in saved.text
    assert ("KUN 2026/114" in saved.text, "av chef" in saved.text) == (True, True)
    assert "Spara igen" not in saved.text
    for database in (staff_house.catalog.database, staff_house.booking.database):
        assert await database.pool.fetchval("SELECT days FROM erasure_decision") == 7


async def _a_session_long_ago(house: StaffHouse) -> None:
    """Two people were there, ten days ago."""
    session = await house.session()
    for phone in numbers()[:2]:
        body = booking_body(UUID(session), reach={"by": "sms", "phone": phone})
        assert (await house.booking.post("/v1/bookings", body))[0] == 201
    await house.booking.database.pool.execute(
        "UPDATE session SET starts_at = now() - $1::interval, ends_at = now() - $1::interval + interval '1 hour'",
        timedelta(days=10),
    )


async def test_a_decision_that_one_part_does_not_know_is_saved_again(
    signed_in: SignIn, staff_house: StaffHouse
) -> None:
    admin = await signed_in("admin")
    status, _ = await staff_house.catalog.send("POST", "/v1/erasure-decision", DECISION | {"days": 30}, by=("admin",))
    assert status == 200
    shown = await admin.get(ERASURE)
    assert "Alla delar av Plats känner inte till beslutet än." in shown.text

    saved = await admin.follow(await admin.fill(shown, ERASURE, {"do": "save"}))

    assert "Alla delar av Plats känner inte till" not in saved.text
    assert await staff_house.booking.database.pool.fetchval("SELECT days FROM erasure_decision") == 30


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"reference": " "}, "Skriv beslutets nummer"),
        ({"decided_on": "i går"}, "Skriv vilken dag det bestämdes."),
        ({"decided_on": "2126-01-01"}, "Den dagen har inte varit än."),
        ({"days": "0"}, "Skriv ett antal dagar mellan 1 och 3650."),
    ],
)
async def test_what_is_no_decision_is_said(changes: Form, words: str, signed_in: SignIn) -> None:
    admin = await signed_in("admin")
    shown = await admin.send(ERASURE, DECISION | changes | {"do": "save"})
    assert (shown.status, shown.text.count(words)) == (422, 2)
