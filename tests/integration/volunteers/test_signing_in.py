"""Signing in with a code that is sent, and what those who did may see and change."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.events import VolunteerNotified
from tests.integration.volunteers.conftest import ADMIN, KISTA, Answer, Json, Volunteers
from tests.support.clock import Clock

PHONE = "070-174 06 05"


async def _ask(volunteers: Volunteers, reach: str = PHONE) -> Answer:
    return await volunteers.send("POST", "/v1/sign-in", {"reach": reach}, by=None)


async def _notices(volunteers: Volunteers) -> list[VolunteerNotified]:
    told = [event for event in await volunteers.told() if isinstance(event, VolunteerNotified)]
    return [event for event in told if event.data.notice == "sign_in"]


async def _sent(volunteers: Volunteers) -> list[Json]:
    """What is sent of the newest codes, as notify learns it."""
    about = [
        {"ref": str(event.data.contact_ref), "about": str(event.data.notice_id)} for event in await _notices(volunteers)
    ]
    url = f"{volunteers.url}/internal/contacts"
    async with volunteers.http.post(url, json={"about": about}, headers=volunteers.service_headers()) as answer:
        assert answer.status == 200
        return [one for one in (await answer.json())["items"] if one["code"]]


async def _verify(volunteers: Volunteers, code: str, reach: str = PHONE) -> Answer:
    return await volunteers.send("POST", "/v1/sign-in/verify", {"reach": reach, "code": code}, by=None)


async def _signed_in(volunteers: Volunteers, reach: str = PHONE) -> dict[str, str]:
    assert (await _ask(volunteers, reach))[0] == 202
    status, got = await _verify(volunteers, (await _sent(volunteers))[-1]["code"], reach)
    assert status == 200, got
    return {"Authorization": f"Bearer {got['token']}"}


async def _me(volunteers: Volunteers, headers: dict[str, str], **changes: object) -> Answer:
    method = "PATCH" if changes else "GET"
    return await volunteers.send(method, "/v1/me", changes or None, by=None, headers=headers)


def _wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1000000:06}"


async def test_a_code_signs_in_once_and_out_again(volunteers: Volunteers) -> None:
    bank = await volunteers.partner()
    amina = await volunteers.volunteer(partner_id=bank["id"], tasks=["coach"])
    assert await _ask(volunteers) == (202, {})
    (sent,) = await _sent(volunteers)
    assert (sent["by"], sent["phone"], len(sent["code"])) == ("sms", "+46701740605", 6)
    assert sent["until"] is not None

    answers = await asyncio.gather(*(_verify(volunteers, sent["code"]) for _ in range(4)))

    assert sorted(status for status, _ in answers) == [200, 403, 403, 403]
    token = next(got["token"] for status, got in answers if status == 200)
    headers = {"Authorization": f"Bearer {token}"}
    status, me = await _me(volunteers, headers)
    assert (status, me["name"], me["role"], me["coordinates"]) == (200, "Amina", "volunteer", None)
    assert (me["profile"]["id"], me["profile"]["partner"]) == (amina["id"], "Banken")
    assert me["profile"]["hours"] == {
        "year": me["profile"]["hours"]["year"],
        "done": 0,
        "planned": 0,
        "budget": 960,
    }
    stored = await volunteers.row("SELECT token_hash FROM helper_session")
    assert token.encode() not in stored["token_hash"]
    for _ in range(2):
        assert (await volunteers.send("DELETE", "/v1/sign-in", by=None, headers=headers))[0] == 204
    assert (await _me(volunteers, headers))[0] == 401


async def test_five_wrong_codes_use_up_the_right_one(volunteers: Volunteers) -> None:
    """Fails when codes can be tried out, one after the other or all at once."""
    await volunteers.volunteer()
    await _ask(volunteers)
    (sent,) = await _sent(volunteers)

    tries = await asyncio.gather(*(_verify(volunteers, _wrong(sent["code"])) for _ in range(5)))

    assert {(status, got["type"]) for status, got in tries} == {(403, "wrong-code")}
    assert (await _verify(volunteers, sent["code"]))[0] == 403
    await _ask(volunteers)
    (newer,) = await _sent(volunteers)
    assert (await _verify(volunteers, newer["code"]))[0] == 200


async def test_only_the_newest_code_counts(volunteers: Volunteers) -> None:
    await volunteers.volunteer()
    await _ask(volunteers)
    (first,) = await _sent(volunteers)
    await _ask(volunteers)
    (second,) = await _sent(volunteers)

    if first["code"] != second["code"]:
        assert (await _verify(volunteers, first["code"]))[0] == 403
    assert (await _verify(volunteers, second["code"]))[0] == 200


async def test_a_code_ends_and_a_session_ends(timed: tuple[Volunteers, Clock]) -> None:
    volunteers, clock = timed
    await volunteers.volunteer()
    await _ask(volunteers)
    (sent,) = await _sent(volunteers)
    await clock.advance(timedelta(minutes=15))
    assert (await _verify(volunteers, sent["code"]))[0] == 403

    headers = await _signed_in(volunteers)
    for _ in range(2):
        await clock.advance(timedelta(hours=11, minutes=50))
        assert (await _me(volunteers, headers))[0] == 200
    await clock.advance(timedelta(days=28))
    await volunteers.database.pool.execute("UPDATE helper_session SET last_at = last_at + interval '28 days'")
    assert (await _me(volunteers, headers))[0] == 200
    await clock.advance(timedelta(hours=11, minutes=50))
    assert (await _me(volunteers, headers))[0] == 200
    await clock.advance(timedelta(hours=11, minutes=50))
    assert (await _me(volunteers, headers))[0] == 200
    await clock.advance(timedelta(minutes=41))
    assert (await _me(volunteers, headers))[0] == 401, "thirty days are over"
    headers = await _signed_in(volunteers)
    await clock.advance(timedelta(hours=12))
    assert (await _me(volunteers, headers))[0] == 401, "nothing was done for twelve hours"


async def test_nobody_learns_who_helps(volunteers: Volunteers) -> None:
    await volunteers.volunteer(state="interest")
    await volunteers.volunteer(name="Berit", phone="070-174 06 06")
    ended = await volunteers.volunteer(name="Cilla", phone="070-174 06 07")
    await volunteers.send("POST", f"/v1/volunteers/{ended['id']}/state", {"state": "ended"})

    answers = [await _ask(volunteers, f"070-174 06 0{last}") for last in (5, 6, 7, 8)]

    assert answers == [(202, {})] * 4
    assert [one["name"] for one in await _sent(volunteers)] == ["Berit"]
    assert (await _verify(volunteers, "123456", "070-174 06 08"))[1]["type"] == "wrong-code"


async def test_five_codes_an_hour(timed: tuple[Volunteers, Clock]) -> None:
    volunteers, clock = timed
    await volunteers.volunteer()
    answers = await asyncio.gather(*(_ask(volunteers, phone) for phone in [PHONE, "0701740605", "+46701740605"] * 2))

    assert sorted(status for status, _ in answers) == [202] * 5 + [429]
    assert len(await _notices(volunteers)) == 5
    await clock.advance(timedelta(hours=1))
    assert (await _ask(volunteers))[0] == 202


async def test_six_codes_a_day(timed: tuple[Volunteers, Clock]) -> None:
    """Fails when whoever knows somebody's number has codes sent to it all day and night."""
    volunteers, clock = timed
    await volunteers.volunteer()
    said = []
    for _ in range(7):
        said.append((await _ask(volunteers))[0])
        await clock.advance(timedelta(hours=1))

    assert said == [202] * 6 + [429]
    assert len(await _notices(volunteers)) == 6
    await clock.advance(timedelta(hours=18))
    assert (await _ask(volunteers))[0] == 202


async def test_a_family_shares_a_phone_and_an_address_takes_any_case(volunteers: Volunteers) -> None:
    await volunteers.volunteer(email="Hem@example.com")
    await volunteers.volunteer(name="Berit", reach="email", email="hem@example.com")
    await _ask(volunteers, "HEM@example.com")

    sent = await _sent(volunteers)

    assert {one["by"] for one in sent} == {"email"}
    for one in sent:
        status, got = await _verify(volunteers, one["code"], "hem@EXAMPLE.com")
        assert status == 200
        _, me = await _me(volunteers, {"Authorization": f"Bearer {got['token']}"})
        assert me["name"] == one["name"]


@pytest.mark.parametrize("reach", ["amina", "08-508 310 00", "a@", "+44 7911 123456"])
async def test_what_is_no_phone_or_mailbox_is_said(volunteers: Volunteers, reach: str) -> None:
    status, problem = await _ask(volunteers, reach)
    assert (status, problem["field"]) == (422, "reach")


async def test_one_changes_what_is_one_s_own(volunteers: Volunteers) -> None:
    await volunteers.volunteer(branches=["kista"])
    headers = await _signed_in(volunteers)
    weekly = [{"weekday": 2, "starts": "14:00:00", "ends": "16:00:00"}]

    status, me = await _me(
        volunteers,
        headers,
        language="en",
        branches=["tensta"],
        languages=[{"language": "ar", "level": "native"}],
        availability={"weekly": weekly},
    )

    assert (status, me["language"], me["profile"]["branches"]) == (200, "en", ["tensta"])
    assert me["profile"]["languages"] == [{"language": "ar", "level": "native"}]
    assert me["profile"]["availability"] == {"weekly": weekly, "exceptions": []}
    assert (await _me(volunteers, headers, reach="email"))[1]["type"] == "invalid-email"
    for wrong in ({"tasks": ["coach"]}, {"hours_a_year": 99}, {"phone": "0701740609"}, {"partner_id": str(uuid4())}):
        assert (await _me(volunteers, headers, **wrong))[0] == 422, wrong


async def test_who_left_is_signed_out(volunteers: Volunteers) -> None:
    amina = await volunteers.volunteer()
    headers = await _signed_in(volunteers)
    await volunteers.send("POST", f"/v1/volunteers/{amina['id']}/state", {"state": "ended"})
    assert (await _me(volunteers, headers))[0] == 401


async def test_tokens_of_other_kinds_do_not_sign_in(volunteers: Volunteers) -> None:
    await volunteers.volunteer()
    for by, headers in ((None, {}), (ADMIN, {}), (None, volunteers.service_headers())):
        assert (await volunteers.send("GET", "/v1/me", by=by, headers=headers))[0] == 401
    headers = await _signed_in(volunteers)
    for path in ("/v1/volunteers", "/v1/coordinators", "/v1/partners", "/v1/audit"):
        assert (await volunteers.send("GET", path, by=None, headers=headers))[0] == 401


async def test_a_partner_s_coordinator_sees_own_people_only(volunteers: Volunteers) -> None:
    bank, cafe = await volunteers.partner(), await volunteers.partner(name="Kaffebolaget")
    amina = await volunteers.volunteer(partner_id=bank["id"], tasks=["homework"])
    await volunteers.volunteer(name="Berit", phone="070-174 06 06", partner_id=cafe["id"])
    await volunteers.volunteer(name="Cilla", phone="070-174 06 07")
    seen_on = f"{datetime.now(UTC).date() - timedelta(2)}"
    await volunteers.send("PUT", f"/v1/volunteers/{amina['id']}/register-note", {"seen_on": seen_on})
    coordinator = {"name": "Eva", "reach": "email", "email": "eva@example.com", "partner_id": bank["id"]}
    status, made = await volunteers.send("POST", "/v1/coordinators", coordinator)
    assert status == 201, made
    headers = await _signed_in(volunteers, "eva@example.com")

    _, me = await _me(volunteers, headers)
    _, page = await volunteers.send("GET", "/v1/me/people", by=None, headers=headers)

    assert (me["role"], me["profile"], me["coordinates"]["partner"]) == ("coordinator", None, "Banken")
    assert [one["name"] for one in page["items"]] == ["Amina"]
    assert page["items"][0].keys() == {"id", "name", "state", "tasks", "branches", "languages", "hours"}
    assert (await _me(volunteers, headers, language="en"))[0] == 403
    amina_headers = await _signed_in(volunteers)
    assert (await volunteers.send("GET", "/v1/me/people", by=None, headers=amina_headers))[0] == 403


async def test_coordinators_are_kept_by_administrators(volunteers: Volunteers) -> None:
    eva = {"name": "Eva", "reach": "sms", "phone": "070-174 06 08", "branches": ["kista"]}
    assert (await volunteers.send("POST", "/v1/coordinators", eva, by=KISTA))[0] == 403
    _, made = await volunteers.send("POST", "/v1/coordinators", eva)
    one = f"/v1/coordinators/{made['id']}"
    headers = await _signed_in(volunteers, eva["phone"])  # type: ignore[arg-type] # a phone is a text
    assert (await volunteers.send("GET", "/v1/me/people", by=None, headers=headers))[0] == 403
    assert (await volunteers.send("PATCH", one, {"active": False}, by=KISTA))[0] == 403
    assert (await volunteers.send("DELETE", one, by=KISTA))[0] == 403

    status, changed = await volunteers.send("PATCH", one, {"active": False, "name": "Eva B"})

    assert (status, changed["active"], changed["name"], changed["branches"]) == (200, False, "Eva B", ["kista"])
    assert (await _me(volunteers, headers))[0] == 401
    _, page = await volunteers.send("GET", "/v1/coordinators", by=KISTA)
    assert [(each["name"], each["reach"]["phone"]) for each in page["items"]] == [("Eva B", "070-… 08")]
    assert [(await volunteers.send("DELETE", one))[0] for _ in range(2)] == [204, 404]
    assert (await volunteers.row("SELECT count(*) FROM contact"))["count"] == 0


@pytest.mark.parametrize("what", ["volunteers", "coordinators"])
async def test_another_number_or_address_signs_out_everywhere(volunteers: Volunteers, what: str) -> None:
    """Fails when who has somebody's old phone goes on as them."""
    eva = {"name": "Eva", "reach": "sms", "phone": PHONE} | ({"state": "active"} if what == "volunteers" else {})
    _, made = await volunteers.send("POST", f"/v1/{what}", eva)
    for change, signed_in in (({"name": "Eva B"}, 200), ({"phone": "070-174 06 09"}, 401)):
        headers = await _signed_in(volunteers)
        assert (await volunteers.send("PATCH", f"/v1/{what}/{made['id']}", change))[0] == 200
        assert (await _me(volunteers, headers))[0] == signed_in
    headers = await _signed_in(volunteers, "070-174 06 09")
    assert (await volunteers.send("PATCH", f"/v1/{what}/{made['id']}", {"email": "e@example.com"}))[0] == 200
    assert (await _me(volunteers, headers))[0] == 401


@pytest.mark.parametrize("what", ["volunteers", "coordinators", "interest"])
async def test_nobody_chooses_to_be_rung(volunteers: Volunteers, what: str) -> None:
    """Fails when somebody waits for a call that nobody makes."""
    eva = {"name": "Eva", "reach": "call", "phone": PHONE}
    status, problem = await volunteers.send("POST", f"/v1/{what}", eva)
    assert (status, problem["type"], problem["errors"][0]["field"]) == (422, "invalid", "reach")
    if what == "interest":
        return
    _, made = await volunteers.send("POST", f"/v1/{what}", eva | {"reach": "sms"})
    status, problem = await volunteers.send("PATCH", f"/v1/{what}/{made['id']}", {"reach": "call"})
    assert (status, problem["errors"][0]["field"]) == (422, "reach")
    if what == "volunteers":
        await volunteers.send("POST", f"/v1/volunteers/{made['id']}/state", {"state": "agreement"})
        status, problem = await _me(volunteers, await _signed_in(volunteers), reach="call")
        assert (status, problem["errors"][0]["field"]) == (422, "reach")


INTEREST: Json = {
    "name": "Amina",
    "reach": "sms",
    "phone": PHONE,
    "tasks": ["coach"],
    "languages": [{"language": "ar"}],
}


async def test_somebody_would_like_to_help(volunteers: Volunteers) -> None:
    """Fails when a word of interest is lost, or is there twice when the form is sent twice."""
    bank = await volunteers.partner()
    body = INTEREST | {"branches": ["tensta"], "partner": bank["id"]}

    for _ in range(2):
        assert await volunteers.send("POST", "/v1/interest", body, by=None) == (202, {})

    _, page = await volunteers.send("GET", "/v1/volunteers", by=("staff", "tensta"))
    (amina,) = page["items"]
    assert (amina["state"], amina["partner_id"], amina["tasks"]) == ("interest", bank["id"], ["coach"])
    _, opened = await volunteers.send("GET", f"/v1/volunteers/{amina['id']}")
    assert [(step["state"], step["by"]) for step in opened["steps"]] == [("interest", "volunteer")]
    for wrong, field in (({"text": "Hej"}, "text"), ({"phone": "123"}, "phone"), ({"name": "www.spam.se"}, "name")):
        status, problem = await volunteers.send("POST", "/v1/interest", INTEREST | wrong, by=None)
        assert (status, problem["field"]) == (422, field)


async def test_interest_is_limited_by_number_and_by_network(volunteers: Volunteers) -> None:
    for name, status in (("A", 202), ("B", 202), ("C", 202), ("D", 429)):
        assert (await volunteers.send("POST", "/v1/interest", INTEREST | {"name": name}, by=None))[0] == status
    visitor = {
        "Plats-Service": volunteers.service_headers()["Authorization"],
        "Plats-Visitor-Address": "192.0.2.7",
    }
    sent = [
        await volunteers.send(
            "POST", "/v1/interest", INTEREST | {"phone": f"07017406{number}"}, by=None, headers=visitor
        )
        for number in range(10, 31)
    ]
    assert [status for status, _ in sent] == [202] * 20 + [429]
    forged = visitor | {"Plats-Service": "Bearer forged"}
    assert (await volunteers.send("POST", "/v1/interest", INTEREST, by=None, headers=forged))[0] == 401
