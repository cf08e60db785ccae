"""Who coordinates volunteers, and the hours that a partner's people gave, before those who answer for them."""

import re

import pytest

from tests.integration.web.staff.conftest import SignIn
from tests.integration.web.staff.house import Colleague

COORDINATORS = "/sv/staff/volunteers/coordinators"
NEW = f"{COORDINATORS}/new"
PARTNERS = "/sv/staff/admin/partners"
LENA = {"name": "Lena Norén", "phone": "070-174 06 05", "email": "", "reach": "sms", "language": "sv"}


@pytest.fixture
async def admin(signed_in: SignIn) -> Colleague:
    return await signed_in("admin", name="Aino Berg", subject="aino")


async def partner(admin: Colleague) -> str:
    """A partner; gives its id."""
    form = {"name": "Banken", "hours_a_year": "16", "phone": ""}
    shown = await admin.follow(await admin.send(PARTNERS, form))
    (address,) = shown.links("Banken")
    return address.rpartition("/")[2]


async def test_the_librarys_own_are_added_once_changed_and_removed(admin: Colleague) -> None:
    """Fails when a form sent twice adds two, or what was not typed anew is lost."""
    assert "Ingen får larm än." in (await admin.get(COORDINATORS)).text
    page = await admin.get(NEW)
    sent = [await admin.fill(page, NEW, {"csrf": admin.csrf, "branches": "kista"} | LENA) for _ in range(2)]
    assert [shown.status for shown in sent] == [303, 303]
    assert "Lena Norén är koordinator nu" in (await admin.get(COORDINATORS)).text
    shown = await admin.get(COORDINATORS)
    assert shown.text.count("Lena Norén") == 1
    assert "Lena Norén Kista bibliotek Sms" in shown.text
    assert "070-174 06 05" not in shown.text

    (address,) = shown.links("Lena Norén")
    change = LENA | {"csrf": admin.csrf, "phone": "", "name": "Lena N", "active": ""}
    assert (await admin.fill(await admin.get(address), address, change)).status == 303
    await admin.get(COORDINATORS)
    after = (await admin.get(COORDINATORS)).text
    assert re.search(r"Lena N Alla bibliotek Sms \S.* Vilar", after)

    assert (await admin.send(f"{address}/erase", {})).status == 303
    assert "Lena N är borttagen." in (await admin.get(COORDINATORS)).text
    assert (await admin.get(address)).status == 404


async def test_a_partners_own_are_seen_beside_it(admin: Colleague) -> None:
    bank = await partner(admin)
    page = await admin.get(f"{NEW}?partner={bank}")
    assert f'value="{bank}" selected' in page.source
    form = LENA | {"csrf": admin.csrf, "partner_id": bank, "branches": "kista"}
    assert (await admin.fill(page, NEW, form)).status == 303
    shown = await admin.get(f"{COORDINATORS}?partner={bank}")
    assert "Lena Norén Banken Sms" in shown.text
    assert "Ingen får larm än." in (await admin.get(COORDINATORS)).text
    from_partner = await admin.get(f"{PARTNERS}/{bank}")
    assert from_partner.links("Koordinatorer")[-1] == f"{COORDINATORS}?partner={bank}"


async def test_what_is_wrong_is_said_beside_its_field(admin: Colleague) -> None:
    for values, field in (
        ({"name": ""}, "name"),
        ({"phone": ""}, "phone"),
        ({"phone": "12"}, "phone"),
        ({"reach": "email"}, "email"),
        ({"reach": "owl"}, "reach"),
    ):
        shown = await admin.send(NEW, LENA | values)
        assert (shown.status, f'href="#{field}"' in shown.source) == (422, True), values
        assert shown.value("name") == (LENA | values)["name"]
    assert "Ingen får larm än." in (await admin.get(COORDINATORS)).text


async def test_staff_see_who_is_alarmed_and_administrators_change_it(admin: Colleague, signed_in: SignIn) -> None:
    await admin.send(NEW, LENA)
    sara = await signed_in("staff", "kista")
    shown = await sara.get(COORDINATORS)
    assert "Lena Norén" in shown.text
    assert shown.links("Lena Norén") == []
    (address,) = (await admin.get(COORDINATORS)).links("Lena Norén")
    for path in (NEW, address):
        assert (await sara.get(path)).status == 403
        assert (await sara.send(path, LENA)).status == 403
    assert (await sara.send(f"{address}/erase", {})).status == 403
    assert "Lena Norén" in (await admin.get(COORDINATORS)).text


async def test_the_hours_of_a_partners_people_are_told_for_days_and_as_a_table(admin: Colleague) -> None:
    bank = await partner(admin)
    report = f"{PARTNERS}/{bank}/report"
    shown = await admin.get(report)
    assert (shown.status, "Inga timmar är räknade mellan de dagarna." in shown.text) == (200, True)
    for wrong in ("first=i-fjol", "first=2026-05-02&last=2026-05-01"):
        told = await admin.get(f"{report}?{wrong}")
        assert (told.status, 'href="#first"' in told.source) == (422, True), wrong
    table = await admin.get(f"{report}.csv?first=2026-01-01&last=2026-12-31")
    assert (table.status, table.headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    assert "namn;" in table.source
    assert (await admin.get(f"{report}.csv?first=i-fjol")).status == 400
