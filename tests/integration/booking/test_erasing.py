"""How long people are known is decided over HTTP as on a terminal, and what that erases is counted before."""

from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.booking.usecases import privacy
from tests.integration.booking.conftest import Timed
from tests.support.samples import booking_body, numbers, session_state

DECISION = "/v1/erasure-decision"
PREVIEW = "/v1/erasure-preview"
BODY = {"reference": "KUN 2026/114", "decided_on": "2026-11-20", "days": 30}
Json = dict[str, Any]


async def ask(timed: Timed, method: str, path: str, body: object = None, role: str = "admin") -> tuple[int, Json]:
    headers = timed.issuer.headers(role, "kista")
    async with timed.booking.http.request(method, f"{timed.booking.url}{path}", json=body, headers=headers) as answer:
        return answer.status, await answer.json()


async def book(timed: Timed, people: int) -> None:
    session = await timed.booking.offer(session_state(capacity={"seats": 20}))
    for phone in numbers()[:people]:
        body = booking_body(session, reach={"by": "sms", "phone": phone})
        assert (await timed.booking.post("/v1/bookings", body))[0] == 201


async def test_without_a_decision_there_is_none(timed: Timed) -> None:
    assert await ask(timed, "GET", DECISION) == (200, {"decision": None})


async def test_a_decision_counts_from_when_it_is_recorded_and_is_audited_once(timed: Timed) -> None:
    status, recorded = await ask(timed, "POST", DECISION, BODY)
    again, same = await ask(timed, "POST", DECISION, BODY)

    assert (status, again, same) == (200, 200, recorded)
    assert BODY.items() <= recorded["decision"].items()
    assert recorded["decision"]["recorded_by"]
    _, audit = await ask(timed, "GET", "/v1/audit?action=erasure-decided")
    assert [entry["fields"] for entry in audit["items"]] == [["reference", "decided_on", "days"]]


async def test_what_a_decision_would_erase_is_counted_and_then_erased(timed: Timed) -> None:
    """Fails when the preview counts others than the eraser takes."""
    await book(timed, people=3)
    assert await ask(timed, "GET", f"{PREVIEW}?days=1") == (200, {"days": 1, "people": 0, "sessions": 0})
    await timed.clock.advance(timedelta(days=20))

    _, longer = await ask(timed, "GET", f"{PREVIEW}?days=30")
    _, shorter = await ask(timed, "GET", f"{PREVIEW}?days=7")

    assert (longer["people"], longer["sessions"]) == (0, 0)
    assert (shorter["people"], shorter["sessions"]) == (3, 1)
    await ask(timed, "POST", DECISION, BODY | {"days": 7})
    forgotten = await timed.booking.database.transact(privacy.forget_some)
    assert (forgotten.people, forgotten.sessions) == (3, 1)
    assert (await ask(timed, "GET", f"{PREVIEW}?days=7"))[1]["people"] == 0


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("reference", " "),
        ("reference", "two\nlines"),
        ("decided_on", "soon"),
        ("days", 0),
        ("days", 3651),
        ("days", "30"),
    ],
)
async def test_what_is_no_decision_is_refused_and_named(timed: Timed, field: str, value: object) -> None:
    status, refusal = await ask(timed, "POST", DECISION, BODY | {field: value})

    assert (status, refusal["type"], refusal["field"]) == (422, "invalid", field)


async def test_a_decision_of_a_day_to_come_is_none(timed: Timed) -> None:
    today = (await timed.clock.now()).astimezone(ZoneInfo("Europe/Stockholm")).date()

    async def decided(day: date) -> tuple[int, Json]:
        return await ask(timed, "POST", DECISION, BODY | {"decided_on": day.isoformat()})

    status, refusal = await decided(today + timedelta(days=1))
    assert (status, refusal["field"]) == (422, "decided_on")
    assert (await decided(today))[0] == 200


async def test_only_administrators_decide(timed: Timed) -> None:
    for method, path in (("GET", DECISION), ("POST", DECISION), ("GET", f"{PREVIEW}?days=3")):
        status, refusal = await ask(timed, method, path, BODY if method == "POST" else None, role="staff")
        assert (status, refusal["type"]) == (403, "forbidden")
