"""Administrators decide when people are written to and how much is let through; everybody else only follows."""

import asyncio

import pytest

from shared.events import INSTALLATION, InstallationChanged
from tests.integration.catalog.conftest import ADMIN, KISTA, Catalog

PATH = "/v1/installation"


async def test_until_somebody_decides_the_environment_counts(catalog: Catalog) -> None:
    status, found = await catalog.send("GET", PATH, by=ADMIN)

    assert status == 200
    assert found.pop("bounds")["bookings_of_number"] == {"least": 1, "most": 50}
    assert found == {
        "shortest_hours": 4,
        "revision": 0,
        "decided_at": None,
        "permitted_hours": "09-19",
        "bookings_of_number": 5,
        "messages_to_number": 15,
        "bookings_from_network": 20,
        "sms_parts_a_day": 3000,
    }


async def test_a_decision_is_kept_told_in_full_and_audited(catalog: Catalog) -> None:
    status, found = await catalog.send("PATCH", PATH, {"permitted_hours": "08-20", "sms_parts_a_day": 500}, by=ADMIN)

    assert (status, found["revision"], found["permitted_hours"], found["sms_parts_a_day"]) == (200, 1, "08-20", 500)
    assert found["bookings_of_number"] == 5
    [told] = await catalog.told()
    assert isinstance(told, InstallationChanged)
    assert told.subject == str(INSTALLATION)
    assert told.data.model_dump().items() <= found.items()
    _, audit = await catalog.send("GET", "/v1/audit?action=limits-changed", by=ADMIN)
    assert [entry["fields"] for entry in audit["items"]] == [["permitted_hours", "sms_parts_a_day"]]


async def test_the_same_again_is_no_decision(catalog: Catalog) -> None:
    wish = {"bookings_of_number": 6}
    await catalog.send("PATCH", PATH, wish, by=ADMIN)

    status, found = await catalog.send("PATCH", PATH, wish, by=ADMIN)

    assert (status, found["revision"]) == (200, 1)
    assert len(await catalog.told()) == 1


async def test_whoever_comes_second_sees_what_the_first_decided(catalog: Catalog) -> None:
    await catalog.send("PATCH", PATH, {"bookings_of_number": 6, "revision": 0}, by=ADMIN)

    status, refusal = await catalog.send("PATCH", PATH, {"messages_to_number": 20, "revision": 0}, by=ADMIN)

    assert (status, refusal["type"], refusal["revision"]) == (409, "stale-revision", 1)
    [change] = refusal["changes"]
    assert (change["field"], change["was"], change["is"]) == ("bookings_of_number", 5, 6)


async def test_two_who_decide_at_once_take_turns(catalog: Catalog) -> None:
    """Fails when the first row is written without a lock: both would be revision 1."""
    wishes = [{"bookings_of_number": number} for number in (6, 7, 8)]

    answers = await asyncio.gather(*(catalog.send("PATCH", PATH, wish, by=ADMIN) for wish in wishes))

    assert sorted(found["revision"] for _, found in answers) == [1, 2, 3]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("permitted_hours", "19-09"),
        ("permitted_hours", "09-12"),
        ("permitted_hours", "always"),
        ("bookings_of_number", 0),
        ("messages_to_number", 2),
        ("bookings_from_network", 100_000),
        ("sms_parts_a_day", -1),
        ("sms_parts_a_day", "12"),
    ],
)
async def test_what_makes_no_sense_is_refused_and_named(catalog: Catalog, field: str, value: object) -> None:
    status, refusal = await catalog.send("PATCH", PATH, {field: value}, by=ADMIN)

    assert (status, refusal["type"], refusal["field"]) == (422, "invalid", field)


async def test_only_administrators_see_and_decide(catalog: Catalog) -> None:
    for method, path in (("GET", PATH), ("PATCH", PATH), ("POST", f"{PATH}/preview")):
        status, refusal = await catalog.send(method, path, None if method == "GET" else {}, by=KISTA)
        assert (status, refusal["type"]) == (403, "forbidden")


async def test_what_follows_is_told_before(catalog: Catalog) -> None:
    wish = {"permitted_hours": "06-22", "bookings_of_number": 2, "messages_to_number": 5, "sms_parts_a_day": 0}

    status, found = await catalog.send("POST", f"{PATH}/preview", wish, by=ADMIN)

    assert status == 200
    assert [(one["field"], one["was"], one["is"]) for one in found["changes"]] == [
        ("permitted_hours", "09-19", "06-22"),
        ("bookings_of_number", 5, 2),
        ("messages_to_number", 15, 5),
        ("sms_parts_a_day", 3000, 0),
    ]
    assert [(one["field"], one["id"]) for one in found["consequences"]] == [
        ("permitted_hours", "waits-for-morning"),
        ("permitted_hours", "early-or-late"),
        ("bookings_of_number", "booked-earlier-counts"),
        ("bookings_of_number", "families-share-numbers"),
        ("messages_to_number", "confirmations-held-back"),
        ("sms_parts_a_day", "only-cancellations-by-sms"),
    ]
    _, now = await catalog.send("GET", PATH, by=ADMIN)
    assert now["revision"] == 0


async def test_the_erasure_decision_is_kept_here_too_where_nobodys_details_are(catalog: Catalog) -> None:
    """`plats purge` erases nothing while one database does not know it."""
    body = {"reference": "KUN 2026/114", "decided_on": "2026-11-20", "days": 30}

    status, recorded = await catalog.send("POST", "/v1/erasure-decision", body, by=ADMIN)

    assert (status, recorded["decision"]["days"]) == (200, 30)
    assert (await catalog.send("GET", "/v1/erasure-decision", by=ADMIN))[1] == recorded
    _, preview = await catalog.send("GET", "/v1/erasure-preview?days=1", by=ADMIN)
    assert (preview["people"], preview["sessions"]) == (0, 0)
    assert (await catalog.send("POST", "/v1/erasure-decision", body, by=KISTA))[0] == 403
