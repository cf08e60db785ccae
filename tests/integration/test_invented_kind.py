"""A kind of activity that nobody thought of is one row of data: everything else knows policies, never kinds."""

import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from pydantic import SecretStr

from services.booking.app import create_app
from services.booking.settings import BookingSettings
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.samples import booking_body
from tests.support.servers import ROOT, eventually, free_port, running

Json = dict[str, Any]

ROW = """
    Kind(
        id="repair_cafe",
        labels={"sv": "Lagakafé", "en": "Repair café"},
        sms_labels={"sv": "Lagakafé", "en": "Repair café"},
        plain={
            "sv": "Du lagar det som är trasigt, och någon som kan visar hur.",
            "en": "You mend what is broken, and somebody who knows shows you how.",
        },
        minutes=75,
        terms=Terms(
            mode="booking",
            counts="bookings",
            seats=6,
            party_max=2,
            children=True,
            certificate=True,
            ask=(
                questions.Question(
                    id="thing",
                    type="choice",
                    labels={"sv": "Vad är trasigt?", "en": "What is broken?"},
                    options=(
                        questions.Option(id="bicycle", labels={"sv": "En cykel", "en": "A bicycle"}),
                        questions.Option(id="clothes", labels={"sv": "Kläder", "en": "Clothes"}),
                    ),
                ),
                questions.Question(
                    id="how_many", type="number", labels={"sv": "Hur många?", "en": "How many?"}, required=False, most=3
                ),
            ),
        ),
    ),
"""


@dataclass(frozen=True)
class Two:
    """A catalog that knows one kind more, and the booking service as it is."""

    catalog: str
    booking: str
    http: aiohttp.ClientSession
    staff: dict[str, str]

    async def post(self, url: str, body: object) -> tuple[int, Json]:
        async with self.http.post(url, json=body, headers=self.staff) as answer:
            return answer.status, await answer.json()

    async def get(self, url: str, **headers: str) -> Json:
        async with self.http.get(url, headers=headers) as answer:
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """What runs, with the row where README says that kinds are."""
    for part in ("services", "shared"):
        shutil.copytree(ROOT / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__", "built"))
    kinds = tmp_path / "services/catalog/kinds.py"
    kinds.write_text(kinds.read_text().replace("_ROWS = (", f"_ROWS = ({ROW}", 1))
    return tmp_path


@pytest.fixture
async def two(
    tree: Path, databases: Databases, broker: VirtualHost, http: aiohttp.ClientSession, issuer: Issuer
) -> AsyncIterator[Two]:
    port = free_port()
    catalog = f"http://127.0.0.1:{port}"
    environment = {
        "PLATS_PORT": str(port),
        "PLATS_KEY": "0c" * 32,
        "PLATS_DATABASE": await databases.create("catalog"),
        "PLATS_BROKER": broker.url,
        "PLATS_IDENTITY_ISSUER": issuer.url,
        "PLATS_DRAIN": "0",
    }
    settings = BookingSettings(
        key=SecretStr("0b" * 32),
        database=SecretStr(await databases.create("booking")),
        broker=SecretStr(broker.url),
        identity_issuer=issuer.url,
    )
    command = (sys.executable, "-m", "services.catalog")
    async with (
        running(command, environment, ready=f"{catalog}/health/live", tree=tree),
        serving(create_app(settings)) as booking,
    ):
        yield Two(catalog, booking, http, issuer.headers("staff", "kista"))


async def offered(two: Two) -> Json:
    """A session of the new kind that one can book."""
    activity = {"kind": "repair_cafe", "titles": {"sv": "Laga din cykel", "en": "Mend your bicycle"}}
    status, made = await two.post(f"{two.catalog}/v1/activities", activity)
    assert status == 201, made
    body = {
        "activity_id": made["id"],
        "branch_id": "kista",
        "starts_at": (datetime.now(UTC) + timedelta(days=3)).isoformat(),
    }
    status, session = await two.post(f"{two.catalog}/v1/sessions", body)
    assert status == 201, session

    async def bookable() -> Json | None:
        shown = await two.get(f"{two.catalog}/v1/sessions/{session['id']}")
        return shown if shown["bookable"] else None

    return await eventually(bookable)


async def test_a_kind_is_one_row_and_is_booked_with_its_answers(two: Two) -> None:
    """Fails when anything beside the row has to know a kind before it can be found, offered and booked."""
    session = await offered(two)
    assert session["kind_labels"] == {"sv": "Lagakafé", "en": "Repair café"}
    assert [question["id"] for question in session["ask"]] == ["thing", "how_many"]
    kinds = (await two.get(f"{two.catalog}/v1/kinds"))["items"]
    assert kinds[0]["id"] == "repair_cafe"
    found = await two.get(f"{two.catalog}/v1/sessions?kind=repair_cafe&q=lagakafe")
    assert [item["id"] for item in found["items"]] == [session["id"]]

    body = booking_body(session["id"], party={"adults": 1, "children": 1}, answers={"thing": "bicycle", "how_many": 2})
    status, made = await two.post(f"{two.booking}/v1/bookings", body)

    assert status == 201, made
    shown = await two.get(f"{two.booking}/v1/bookings/{made['code']}", **{"Plats-Proof": "0605"})
    assert shown["answers"] == {"thing": "bicycle", "how_many": 2}

    async def counted() -> bool:
        taken = await two.get(f"{two.catalog}/v1/sessions/{session['id']}")
        return bool(taken["seats"] == {"capacity": 6, "walk_in": 0, "left": 5})

    await eventually(counted)


REFUSED: list[tuple[Json, str, str]] = [
    ({}, "answer-missing", "answers.thing"),
    ({"thing": "car"}, "invalid-answer", "answers.thing"),
    ({"thing": "bicycle", "how_many": 4}, "invalid-answer", "answers.how_many"),
    ({"thing": "bicycle", "topic": "bankid"}, "unknown-question", "answers.topic"),
]


async def test_what_the_row_does_not_ask_for_is_refused(two: Two) -> None:
    """Fails when an answer is taken that the row does not allow, or the question at fault is not named."""
    session = await offered(two)

    for answers, type_, field in REFUSED:
        status, problem = await two.post(f"{two.booking}/v1/bookings", booking_body(session["id"], answers=answers))
        assert (status, problem["type"], problem["field"]) == (422, type_, field), answers
