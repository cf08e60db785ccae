"""Partners: organisations whose people help, as administrators keep them."""

import asyncio
from uuid import uuid4

import asyncpg
import pytest

from tests.integration.volunteers.conftest import COORDINATOR, KISTA, Json, Volunteers


async def test_partners_are_added_listed_and_changed(volunteers: Volunteers) -> None:
    """Fails when a partner is not kept as it was said, or the list is not in Swedish order."""
    bank = await volunteers.partner(phone="08-465 004 60")
    assert {name: bank[name] for name in ("revision", "hours_a_year", "phone", "active")} == {
        "revision": 1,
        "hours_a_year": 16,
        "phone": "08-465 004 60",
        "active": True,
    }
    await volunteers.partner(name="Ängelns förening", hours_a_year=40)

    status, changed = await volunteers.change(bank, name="Ånga AB", active=False)

    assert (status, changed["revision"], changed["active"]) == (200, 2, False)
    _, page = await volunteers.send("GET", by=KISTA)
    assert ([one["name"] for one in page["items"]], page["next"]) == (["Ånga AB", "Ängelns förening"], None)
    assert (await volunteers.send("GET", f"/v1/partners/{bank['id']}", by=KISTA)) == (200, changed)
    _, same = await volunteers.change(bank, active=False)
    assert same["revision"] == 2
    done = (await volunteers.send("GET", f"/v1/audit?object={bank['id']}"))[1]["items"]
    assert [(one["action"], one["fields"]) for one in done] == [("changed", ["name", "active"]), ("created", [])]


async def test_a_partner_is_added_once_under_a_key(volunteers: Volunteers) -> None:
    """Fails when a form that is sent twice makes two, or another form under its key is taken for it."""
    key = {"Idempotency-Key": str(uuid4())}
    body = {"name": "Banken"}

    answers = await asyncio.gather(*(volunteers.send("POST", body=body, headers=key) for _ in range(4)))

    assert [status for status, _ in answers] == [201] * 4
    assert len({made["id"] for _, made in answers}) == 1
    status, problem = await volunteers.send("POST", body={"name": "Kaffebolaget"}, headers=key)
    assert (status, problem["type"]) == (422, "idempotency-key-reused")
    await volunteers.change(answers[0][1], name="Nya banken")
    assert (await volunteers.send("POST", body=body, headers=key))[1]["name"] == "Nya banken"


async def test_two_partners_have_two_names(volunteers: Volunteers) -> None:
    await volunteers.partner()
    other = await volunteers.partner(name="Kaffebolaget")

    refused = [await volunteers.send("POST", body={"name": "Banken"}), await volunteers.change(other, name="Banken")]

    assert [(status, problem["type"], problem["field"]) for status, problem in refused] == [
        (409, "name-taken", "name")
    ] * 2


async def test_who_changes_a_partner_second_sees_what_the_first_changed(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    await volunteers.change(bank, revision=1, hours_a_year=24)
    await volunteers.change(bank, revision=2, hours_a_year=32, active=False)
    await volunteers.change(bank, revision=3, active=True)

    status, problem = await volunteers.change(bank, revision=1, name="Nya banken")

    assert (status, problem["type"], problem["revision"]) == (409, "stale-revision", 4)
    (changed,) = problem["changes"]
    assert (changed["field"], changed["was"], changed["is"], changed["by"]) == ("hours_a_year", 16, 32, "admin")


BAD: list[tuple[Json, str]] = [
    ({"name": ""}, "name"),
    ({"name": "x" * 81}, "name"),
    ({"name": "Ban\nken"}, "name"),
    ({"hours_a_year": 0}, "hours_a_year"),
    ({"hours_a_year": "16"}, "hours_a_year"),
    ({"phone": "ring Eva"}, "phone"),
    ({"coordinator": "eva"}, "coordinator"),
]


async def test_what_no_partner_may_be_names_the_field(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    for values, field in BAD:
        for status, problem in (
            await volunteers.send("POST", body={"name": "Kaffebolaget"} | values),
            await volunteers.change(bank, **values),
        ):
            assert (status, problem["type"], problem["field"]) == (422, "invalid", field), values


@pytest.mark.parametrize(
    ("by", "reads", "changes"), [(None, 401, 401), (KISTA, 200, 403), (("staff",), 403, 403), (COORDINATOR, 403, 403)]
)
async def test_staff_see_partners_and_only_administrators_change_them(
    volunteers: Volunteers, by: tuple[str, ...] | None, reads: int, changes: int
) -> None:
    bank = await volunteers.partner()

    assert (await volunteers.send("GET", by=by))[0] == reads
    assert (await volunteers.send("GET", f"/v1/partners/{bank['id']}", by=by))[0] == reads
    assert (await volunteers.change(bank, by=by, active=False))[0] == changes
    assert (await volunteers.send("POST", body={"name": "A"}, by=by))[0] == changes


async def test_there_is_no_such_partner(volunteers: Volunteers) -> None:
    for id_ in (str(uuid4()), "banken"):
        for method, body in (("GET", None), ("PATCH", {"active": False})):
            status, problem = await volunteers.send(method, f"/v1/partners/{id_}", body)
            assert (status, problem["type"]) == (404, "unknown-partner")


async def test_the_database_refuses_what_the_rules_forbid(volunteers: Volunteers) -> None:
    await volunteers.partner()
    refused = []
    conn = await asyncpg.connect(volunteers.dsn)
    try:
        for statement in (
            "UPDATE partner SET revision = 0",
            "UPDATE partner SET name = ''",
            "UPDATE partner SET hours_a_year = 0",
            "INSERT INTO partner_change SELECT id, 2, 'name', '1', '1', 'admin' FROM partner",
            "INSERT INTO partner_change SELECT id, 2, 'name', '1', '2', 'Eva' FROM partner",
            "UPDATE audit SET subject = 'nobody'",
        ):
            with pytest.raises(asyncpg.IntegrityConstraintViolationError) as refusal:
                await conn.execute(statement)
            refused.append(refusal.value.constraint_name)
    finally:
        await conn.close()
    assert refused == [
        "partner_revision_positive",
        "partner_name_given",
        "partner_hours_in_a_year",
        "partner_change_is_one",
        "partner_change_role_known",
        "audit_stays",
    ]
