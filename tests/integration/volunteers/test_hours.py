"""Hours by calendar year, the partner's report and the certificate."""

import csv
import io
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from tests.integration.volunteers.conftest import ADMIN, COORDINATOR, KISTA, Volunteers
from tests.integration.volunteers.helped import (
    COACH,
    HOST,
    STAFF,
    ask,
    assignment,
    closed,
    coordinator,
    file,
    person,
    session,
    shift,
    signed_in,
)

NEW_YEAR = datetime(2025, 12, 31, 22, 30, tzinfo=UTC)
"""Half past eleven at night in Stockholm."""
AFTER_MIDNIGHT = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)


async def helped(volunteers: Volunteers, who: UUID, at: datetime, outcome: str = "managed") -> None:
    """Somebody helped a visitor for forty minutes."""
    slot = await assignment(volunteers, await session(volunteers, at, helping=COACH), who)
    body = {"outcome": outcome}
    status, told = await volunteers.send("POST", f"/v1/assignments/{slot}/outcome", body, by=ADMIN)
    assert status == 200, told


async def hosted(volunteers: Volunteers, who: UUID, at: datetime) -> None:
    """Somebody was a language café's host for an hour and a half."""
    cafe = await session(volunteers, at, 90, helping=HOST)
    await shift(volunteers, cafe, who)
    await volunteers.hear(closed(cafe))


async def test_hours_are_counted_by_the_calendar_year_of_the_clock_on_the_wall(volunteers: Volunteers) -> None:
    """Fails when New Year's Eve is UTC's, a slot that was not held counts, or what is planned does not."""
    bank = await volunteers.partner(hours_a_year=3)
    amina = await person(volunteers, partner=bank["id"])
    token = await signed_in(volunteers, amina)
    await helped(volunteers, amina, NEW_YEAR)
    await helped(volunteers, amina, AFTER_MIDNIGHT, "visitor_absent")
    await helped(volunteers, amina, datetime(2026, 2, 1, 12, tzinfo=UTC), "not_held")
    await hosted(volunteers, amina, datetime(2026, 3, 1, 12, tzinfo=UTC))
    await assignment(volunteers, await session(volunteers, datetime(2026, 4, 1, 12, tzinfo=UTC), helping=COACH), amina)

    status, year = await ask(volunteers, token, "GET", "/v1/me/hours?year=2026")

    assert status == 200
    assert year == {
        "year": 2026,
        "years": [2026, 2025],
        "tasks": [{"task": "host", "times": 1, "minutes": 90}, {"task": "coach", "times": 1, "minutes": 40}],
        "minutes": 130,
        "planned_minutes": 40,
        "budget_hours": 3,
        "left_minutes": 10,
    }
    assert (await volunteers.send("GET", f"/v1/volunteers/{amina}/hours?year=2026", by=STAFF)) == (200, year)
    assert (await ask(volunteers, token, "GET", "/v1/me/hours?year=2025"))[1]["minutes"] == 40
    for by, expected in ((KISTA, 403), (COORDINATOR, 403), (None, 401)):
        assert (await volunteers.send("GET", f"/v1/volunteers/{amina}/hours", by=by))[0] == expected
    for id_ in (uuid4(), "x"):
        status, problem = await volunteers.send("GET", f"/v1/volunteers/{id_}/hours", by=ADMIN)
        assert (status, problem["type"]) == (404, "unknown-volunteer")


async def test_a_partner_reads_its_own_peoples_hours_and_nothing_of_visitors(volunteers: Volunteers) -> None:
    """Fails when another partner's people are in the report, or anything but persons, years and hours."""
    bank, other = await volunteers.partner(), await volunteers.partner(name="Kaffebolaget")
    amina = await person(volunteers, "Åsa Ek", partner=bank["id"])
    berit = await person(volunteers, '=HYPERLINK("x")', partner=bank["id"])
    stranger = await person(volunteers, "Cilla", partner=other["id"])
    for who, at in ((amina, NEW_YEAR), (amina, AFTER_MIDNIGHT), (berit, AFTER_MIDNIGHT), (stranger, AFTER_MIDNIGHT)):
        await helped(volunteers, who, at)
    token = await coordinator(volunteers, bank["id"])
    query = "?from=2025-01-01&to=2027-01-01"

    status, report = await ask(volunteers, token, "GET", f"/v1/me/report{query}")

    assert status == 200
    assert {name: report[name] for name in ("partner", "since", "until", "minutes")} == {
        "partner": "Banken",
        "since": "2025-01-01",
        "until": "2027-01-01",
        "minutes": 120,
    }
    assert [(one["name"], one["year"], one["minutes"]) for one in report["items"]] == [
        ('=HYPERLINK("x")', 2026, 40),
        ("Åsa Ek", 2025, 40),
        ("Åsa Ek", 2026, 40),
    ]
    assert set(report["items"][0]) == {"volunteer_id", "name", "year", "times", "minutes", "budget_hours"}
    assert (await volunteers.send("GET", f"/v1/partners/{bank['id']}/report{query}", by=KISTA)) == (200, report)
    assert [
        one["year"]
        for one in (await ask(volunteers, token, "GET", "/v1/me/report?from=2026-01-01&to=2026-01-02"))[1]["items"]
    ] == [2026, 2026]

    status, table, headers = await file(volunteers, f"/v1/me/report.csv{query}", {"Authorization": f"Bearer {token}"})
    assert (status, headers["Content-Type"]) == (200, "text/csv; charset=utf-8")
    lines = list(csv.reader(io.StringIO(table.decode("utf-8-sig")), delimiter=";"))
    assert lines[0] == ["namn", "år", "tillfällen", "minuter", "timmar", "timmar per år"]
    assert lines[1] == ['\'=HYPERLINK("x")', "2026", "1", "40", "0,67", "16"]


async def test_who_is_erased_keeps_their_hours_without_a_name(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    amina = await person(volunteers, partner=bank["id"])
    await helped(volunteers, amina, AFTER_MIDNIGHT)
    await volunteers.database.pool.execute("DELETE FROM contact")
    path = f"/v1/partners/{bank['id']}/report"

    _, report = await volunteers.send("GET", f"{path}?from=2026-01-01&to=2027-01-01")
    assert [(one["name"], one["minutes"]) for one in report["items"]] == [(None, 40)]
    _, table, _ = await file(volunteers, f"{path}.csv?from=2026-01-01&to=2027-01-01", volunteers.signed(*ADMIN))
    assert "Tidigare volontär;2026;1;40" in table.decode()


async def test_who_goes_to_another_partner_takes_no_hours_along(volunteers: Volunteers) -> None:
    """Fails when a year's report changes because somebody changed employer afterwards."""
    bank, cafe = await volunteers.partner(), await volunteers.partner(name="Kaffebolaget")
    amina = await person(volunteers, partner=bank["id"])
    await helped(volunteers, amina, AFTER_MIDNIGHT)
    await hosted(volunteers, amina, AFTER_MIDNIGHT + timedelta(days=40))
    await volunteers.database.pool.execute("UPDATE volunteer SET partner_id = $1", UUID(cafe["id"]))
    await helped(volunteers, amina, AFTER_MIDNIGHT + timedelta(days=80))

    minutes = []
    for partner in (bank, cafe):
        path = f"/v1/partners/{partner['id']}/report?from=2026-01-01&to=2027-01-01"
        minutes.append((await volunteers.send("GET", path))[1]["minutes"])
    assert minutes == [130, 40]


async def test_reports_are_for_the_partners_coordinators_and_staff(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    query = "?from=2026-01-01&to=2027-01-01"
    of_library = await coordinator(volunteers, None)
    helper = await signed_in(volunteers, await person(volunteers, partner=bank["id"]))
    for suffix in ("", ".csv"):
        for token in (of_library, helper):
            assert (await ask(volunteers, token, "GET", f"/v1/me/report{suffix}{query}"))[0] == 403
        for by, expected in ((COORDINATOR, 403), (("staff",), 403), (None, 401)):
            path = f"/v1/partners/{bank['id']}/report{suffix}{query}"
            assert (await volunteers.send("GET", path, by=by))[0] == expected
        status, problem = await volunteers.send("GET", f"/v1/partners/{uuid4()}/report{suffix}{query}")
        assert (status, problem["type"]) == (404, "unknown-partner")
        for wrong in ("?from=2027-01-01&to=2026-01-01", "?from=2026-01-01", "?from=x&to=y", f"{query}&visitors=1"):
            assert (await volunteers.send("GET", f"/v1/partners/{bank['id']}/report{suffix}{wrong}"))[0] == 422


@pytest.mark.parametrize("lang", ["sv", "nn", "en"])
async def test_a_certificate_is_a_tagged_pdf_of_what_was_counted(volunteers: Volunteers, lang: str) -> None:
    """Fails when the sheet is no PDF/UA, or is given for nothing or to anybody."""
    amina = await person(volunteers, "Олена Шевченко", partner=(await volunteers.partner())["id"])
    await helped(volunteers, amina, AFTER_MIDNIGHT)
    await hosted(volunteers, amina, datetime(2026, 3, 1, 12, tzinfo=UTC))
    token = {"Authorization": f"Bearer {await signed_in(volunteers, amina)}"}

    status, sheet, headers = await file(volunteers, f"/v1/me/certificate.pdf?lang={lang}", token)

    assert (status, headers["Content-Type"], headers["Cache-Control"]) == (200, "application/pdf", "no-store")
    assert sheet.startswith(b"%PDF-1.7")
    assert b"/StructTreeRoot" in sheet
    assert f"/Lang({lang})".encode() in sheet
    path = f"/v1/volunteers/{amina}/certificate.pdf?lang={lang}&signer=Eva%20Lind"
    status, signed, _ = await file(volunteers, path, volunteers.signed(*STAFF))
    assert (status, signed[:5], signed != sheet) == (200, b"%PDF-", True)
    assert (await volunteers.send("GET", f"/v1/audit?object={amina}"))[1]["items"][0]["action"] == "certificate-read"
    for by, expected in ((KISTA, 403), (COORDINATOR, 403), (None, 401)):
        assert (await volunteers.send("GET", path, by=by))[0] == expected


async def test_a_certificate_needs_hours_and_a_name_that_can_be_written(volunteers: Volunteers) -> None:
    amina, ling = await person(volunteers), await person(volunteers, "鈴木")
    await helped(volunteers, amina, AFTER_MIDNIGHT)
    await helped(volunteers, ling, AFTER_MIDNIGHT)

    for query in ("?from=2026-02-01", "?to=2025-01-01"):
        status, problem = await volunteers.send("GET", f"/v1/volunteers/{amina}/certificate.pdf{query}", by=STAFF)
        assert (status, problem["type"]) == (409, "no-hours")
    status, problem = await volunteers.send("GET", f"/v1/volunteers/{ling}/certificate.pdf", by=STAFF)
    assert (status, problem["type"]) == (422, "unwritable")
    for query in ("?lang=de", "?signer=" + "x" * 81, "?signer=a%0Ab"):
        assert (await volunteers.send("GET", f"/v1/volunteers/{amina}/certificate.pdf{query}", by=STAFF))[0] == 422
    assert (await volunteers.send("GET", f"/v1/volunteers/{uuid4()}/certificate.pdf", by=ADMIN))[0] == 404
