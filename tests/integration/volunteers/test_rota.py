"""The rota of a library's friends, and swaps between two of them."""

import asyncio
import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import asyncpg
import pytest

from services.volunteers.domain.rota import MONTH
from shared.events import AssignmentAccepted, AssignmentProposed, Reply, ReplyReceived, ShiftCancelled, StaffingChanged
from tests.integration.volunteers.conftest import ADMIN, COORDINATOR, KISTA, Answer, Json, Volunteers
from tests.integration.volunteers.helped import (
    FRIEND,
    HOST,
    STAFF,
    ask,
    coordinator,
    person,
    session,
    shift,
    signed_in,
)

SOON = datetime.now(UTC).replace(hour=16, minute=0, second=0, microsecond=0) + timedelta(days=3)


async def evenings(volunteers: Volunteers, number: int) -> list[UUID]:
    """An evening without staff each week."""
    return [await session(volunteers, SOON + timedelta(weeks=week), 180, helping=FRIEND) for week in range(number)]


async def propose(
    volunteers: Volunteers, *, send: bool, by: tuple[str, ...] | None = STAFF, since: str | None = None
) -> Answer:
    body = {"branch": "tensta", "send": send, "from": since}
    return await volunteers.send("POST", "/v1/rota/propose", body, by=by)


def people(rota: Json) -> list[list[tuple[str, str]]]:
    return [[(one["name"], one["state"]) for one in item["people"]] for item in rota["items"]]


async def test_friends_are_asked_four_months_ahead_as_was_proposed(volunteers: Volunteers) -> None:
    """Fails when others are asked than were shown, nobody is told why, or asking again asks twice."""
    names = [f"Vän {letter}" for letter in "ABCDEFGH"]
    for name in names:
        await person(volunteers, name, tasks=("friend",))
    await person(volunteers, "Bara coach", tasks=("coach",))
    await person(volunteers, "Vilar", state="paused")
    await person(volunteers, "I Kista", branches=("kista",))
    await evenings(volunteers, 16)

    status, shown = await propose(volunteers, send=False)
    assert (status, shown["asked"]) == (200, 0)
    assert [[state for _, state in item] for item in people(shown)] == [["proposed", "proposed"]] * 16
    assert not [one for one in await volunteers.told() if isinstance(one, AssignmentProposed)]
    assert (await propose(volunteers, send=False))[1] == shown

    status, asked = await propose(volunteers, send=True)

    assert (status, asked["asked"]) == (200, 32)
    assert [[name for name, _ in item] for item in people(asked)] == [
        [name for name, _ in item] for item in people(shown)
    ]
    assert {state for item in people(asked) for _, state in item} == {"asked"}
    assert {one["turns"] for one in asked["friends"]} == {4}
    first = asked["items"][0]["people"][0]
    assert first["why"] == {"can": "untold", "turns": 0, "last": None, "sooner": False, "others": 7}
    told = [one.data for one in await volunteers.told() if isinstance(one, AssignmentProposed)]
    assert len(told) == 32
    assert {one.task for one in told} == {"friend"}

    status, again = await propose(volunteers, send=True)
    assert (status, again["asked"]) == (200, 0)
    _, rota = await volunteers.send("GET", "/v1/rota?branch=tensta", by=STAFF)
    assert people(rota) == people(asked)
    assert [item["gap"] for item in rota["items"]] == [2] * 16


async def test_two_who_ask_at_once_ask_everybody_once(volunteers: Volunteers, replica: Volunteers) -> None:
    """Fails when two who plan different stretches of time fill one chair twice."""
    for name in "ABCD":
        await person(volunteers, name, tasks=("friend",))
    await evenings(volunteers, 4)

    later = (SOON + timedelta(weeks=1)).date().isoformat()
    answers = await asyncio.gather(
        *(propose(at, send=True, since=since) for at in (volunteers, replica) for since in (None, later))
    )

    assert [status for status, _ in answers] == [200] * 4
    assert sum(answer["asked"] for _, answer in answers) == 8
    assert (await volunteers.row("SELECT count(*) AS n FROM shift WHERE state = 'asked'"))["n"] == 8


async def test_a_no_goes_to_somebody_else_and_never_back(volunteers: Volunteers) -> None:
    amina, berit, cilla = [await person(volunteers, name, tasks=("friend",)) for name in ("Amina", "Berit", "Cilla")]
    (evening,) = await evenings(volunteers, 1)
    await volunteers.database.pool.execute(
        """
        INSERT INTO availability_exception (id, volunteer_id, first_day, last_day, available)
        VALUES ($1, $2, $3, $3, false)
        """,
        uuid4(),
        cilla,
        SOON.date(),
    )
    _, asked = await propose(volunteers, send=True)
    assert {one["volunteer_id"] for one in asked["items"][0]["people"]} == {str(amina), str(berit)}
    (hers,) = [one["shift_id"] for one in asked["items"][0]["people"] if one["volunteer_id"] == str(amina)]
    await ask(volunteers, await signed_in(volunteers, amina), "POST", f"/v1/assignments/{hers}/decline")

    _, again = await propose(volunteers, send=True)
    assert again["asked"] == 0
    await volunteers.database.pool.execute("DELETE FROM availability_exception")
    _, again = await propose(volunteers, send=True)
    assert (again["asked"], again["items"][0]["people"][-1]["volunteer_id"]) == (1, str(cilla))
    assert (await volunteers.row("SELECT session_id FROM shift WHERE volunteer_id = $1", cilla))[
        "session_id"
    ] == evening


async def test_who_gives_no_more_hours_is_passed_over(volunteers: Volunteers) -> None:
    """Fails when the rota stops at somebody who cannot be asked after all."""
    full, other = [await person(volunteers, name, tasks=("friend",)) for name in ("A", "B")]
    await volunteers.database.pool.execute("UPDATE volunteer SET hours_a_year = 1 WHERE id = $1", full)
    await evenings(volunteers, 1)
    _, asked = await propose(volunteers, send=True)
    assert [one["volunteer_id"] for one in asked["items"][0]["people"]] == [str(other)]


async def test_the_rota_is_for_the_library_and_for_a_year_at_most(volunteers: Volunteers) -> None:
    await evenings(volunteers, 1)
    for by, expected in ((KISTA, 403), (COORDINATOR, 403), (None, 401), (ADMIN, 200)):
        assert (await propose(volunteers, send=False, by=by))[0] == expected
        assert (await volunteers.send("GET", "/v1/rota?branch=tensta", by=by))[0] == expected
    for wrong in ("from=2027-01-01&to=2027-01-01", "from=2027-01-01&to=2029-01-01", "from=x", "staff=1"):
        status, problem = await volunteers.send("GET", f"/v1/rota?branch=tensta&{wrong}", by=STAFF)
        assert (status, problem["type"]) == (422, "invalid")


class Pair:
    """Two friends with a turn each, a week apart, beside two others."""

    def __init__(self, volunteers: Volunteers) -> None:
        self.volunteers = volunteers
        self.names: dict[str, UUID] = {}
        self.tokens: dict[str, str] = {}
        self.shifts: dict[str, UUID] = {}
        self.evenings: list[UUID] = []

    async def made(self) -> "Pair":
        self.evenings = await evenings(self.volunteers, 2)
        for name, evening in (("amina", 0), ("berit", 1), ("cilla", 0), ("dora", 1)):
            self.names[name] = await person(self.volunteers, f"{name.title()} Ek", tasks=("friend",))
            self.tokens[name] = await signed_in(self.volunteers, self.names[name])
            path = f"/v1/sessions/{self.evenings[evening]}/shifts"
            body = {"volunteer_id": str(self.names[name]), "ask": False}
            status, made = await self.volunteers.send("POST", path, body, by=STAFF)
            assert status == 201, made
            self.shifts[name] = UUID(made["items"][0]["id"])
        return self

    async def ask(self, who: str, method: str, path: str, body: object = None, at: Volunteers | None = None) -> Answer:
        return await ask(at or self.volunteers, self.tokens[who], method, path, body)

    async def swap(self, **body: object) -> UUID:
        """Amina asks Berit to swap, unless it is said otherwise; gives the shift that is asked for."""
        sent = {name.strip("_"): str(value) for name, value in body.items()} or {"with": str(self.shifts["berit"])}
        status, asked = await self.ask("amina", "POST", f"/v1/shifts/{self.shifts['amina']}/swap", sent)
        assert status == 201, asked
        return UUID(asked["shift_id"])

    async def on_duty(self) -> list[set[str]]:
        """Who keeps each evening open."""
        rows = await self.volunteers.database.pool.fetch(
            "SELECT session_id, volunteer_id FROM shift WHERE state = 'on_duty'"
        )
        by_id = {id_: name for name, id_ in self.names.items()}
        return [
            {by_id[row["volunteer_id"]] for row in rows if row["session_id"] == evening} for evening in self.evenings
        ]


async def taken_back(pair: Pair, path: str) -> int:
    """Amina asks nobody any more."""
    headers = {"Authorization": f"Bearer {pair.tokens['amina']}"}
    async with pair.volunteers.http.delete(f"{pair.volunteers.url}{path}", headers=headers) as answer:
        return answer.status


BEFORE = [{"amina", "cilla"}, {"berit", "dora"}]
AFTER = [{"berit", "cilla"}, {"amina", "dora"}]


@pytest.fixture
async def pair(volunteers: Volunteers) -> Pair:
    return await Pair(volunteers).made()


async def test_two_friends_swap_when_both_say_yes(pair: Pair) -> None:
    """Fails when a swap leaves a chair empty, moves one only, or tells booking of a change that is none."""
    volunteers = pair.volunteers
    staffing = len([one for one in await volunteers.told() if isinstance(one, StaffingChanged)])
    status, offered = await pair.ask("amina", "GET", f"/v1/shifts/{pair.shifts['amina']}/swaps")
    assert status == 200
    assert {(one["shift_id"], one["first_name"]) for one in offered["items"]} == {
        (str(pair.shifts["berit"]), "Berit"),
        (str(pair.shifts["dora"]), "Dora"),
    }

    asked = await pair.swap()
    assert await pair.on_duty() == BEFORE
    proposal = [one.data for one in await volunteers.told() if isinstance(one, AssignmentProposed)][-1]
    assert (proposal.assignment_id, proposal.stand_in, proposal.in_return) == (asked, True, pair.evenings[1])

    (question,) = (await pair.ask("berit", "GET", "/v1/me/assignments"))[1]["questions"]
    assert (question["id"], datetime.fromisoformat(question["in_return"])) == (str(asked), SOON + timedelta(weeks=1))
    (own,) = (await pair.ask("amina", "GET", "/v1/me/assignments"))[1]["next"]
    assert (own["id"], own["passing_on"], own["in_return"]) == (str(pair.shifts["amina"]), True, None)

    assert (await pair.ask("berit", "POST", f"/v1/assignments/{asked}/accept", {}))[0] == 200
    assert await pair.on_duty() == AFTER
    assert len([one for one in await volunteers.told() if isinstance(one, StaffingChanged)]) == staffing
    accepted = [one.data for one in await volunteers.told() if isinstance(one, AssignmentAccepted)]
    assert [one.session_id for one in accepted[-2:]] == pair.evenings
    ended = [one.data for one in await volunteers.told() if isinstance(one, ShiftCancelled)]
    quietly = {one.assignment_id: one.quietly for one in ended}
    assert quietly == {pair.shifts["amina"]: False, pair.shifts["berit"]: True}
    assert (await pair.ask("berit", "POST", f"/v1/assignments/{asked}/accept", {}))[0] == 200
    assert await pair.on_duty() == AFTER


async def test_a_swap_is_answered_by_sms_too_and_once(pair: Pair) -> None:
    asked = await pair.swap()
    reply = Reply.model_validate(
        {
            "reply_id": uuid4(),
            "revision": 1,
            "contact_ref": uuid4(),
            "about": asked,
            "says": "yes",
            "received_at": datetime.now(UTC),
        }
    )
    event = ReplyReceived.of(reply.reply_id, reply)
    await pair.volunteers.hear(event, event)
    assert await pair.on_duty() == AFTER


async def test_a_no_leaves_everything_as_it_was(pair: Pair) -> None:
    asked = await pair.swap()
    assert (await pair.ask("berit", "POST", f"/v1/assignments/{asked}/decline"))[0] == 200
    assert await pair.on_duty() == BEFORE
    assert (
        await pair.ask("amina", "POST", f"/v1/shifts/{pair.shifts['amina']}/swap", {"with": str(pair.shifts["dora"])})
    )[0] == 201


async def test_a_swap_is_taken_back(pair: Pair) -> None:
    asked = await pair.swap()
    path = f"/v1/shifts/{pair.shifts['amina']}/swap"
    assert (await pair.ask("cilla", "DELETE", path))[0] == 404
    assert await taken_back(pair, path) == 204
    status, problem = await pair.ask("berit", "POST", f"/v1/assignments/{asked}/accept", {})
    assert (status, problem["type"]) == (409, "already-answered")
    assert await pair.on_duty() == BEFORE


async def test_who_is_not_on_duty_any_more_swaps_nothing(pair: Pair) -> None:
    """Fails when a yes moves one of the two although the other is gone."""
    for gone in ("amina", "berit"):
        asked = await pair.swap()
        await pair.volunteers.send("POST", f"/v1/shifts/{pair.shifts[gone]}/cancel", by=STAFF)
        left = await pair.on_duty()
        status, problem = await pair.ask("berit", "POST", f"/v1/assignments/{asked}/accept", {})
        assert (status, problem["type"]) == (409, "already-answered")
        assert await pair.on_duty() == left
        await pair.volunteers.send(
            "POST",
            f"/v1/sessions/{pair.evenings[0 if gone == 'amina' else 1]}/shifts",
            {"volunteer_id": str(pair.names[gone]), "ask": False},
            by=STAFF,
        )
        for name in ("amina", "berit"):
            row = await pair.volunteers.row(
                "SELECT id FROM shift WHERE volunteer_id = $1 AND state = 'on_duty'", pair.names[name]
            )
            pair.shifts[name] = row["id"]
        await pair.volunteers.database.pool.execute("UPDATE shift SET state = 'cancelled' WHERE state = 'asked'")


async def test_no_chair_is_seen_empty_while_many_swap_at_once(pair: Pair, replica: Volunteers) -> None:
    """Fails when somebody else can see, or take, a chair in the middle of a swap."""
    asked = await pair.swap()
    seen: list[list[set[str]]] = []
    done = asyncio.Event()

    async def look() -> None:
        while not done.is_set():
            seen.append(await pair.on_duty())

    async def answer() -> list[int]:
        path = f"/v1/assignments/{asked}/accept"
        late = await person(pair.volunteers, "Elsa", tasks=("friend",))
        token = await signed_in(pair.volunteers, late)
        offers = [ask(replica, token, "POST", f"/v1/sessions/{evening}/offer", {}) for evening in pair.evenings]
        accepts = [pair.ask("berit", "POST", path, {}, at) for at in (pair.volunteers, replica, pair.volunteers)]
        answers = await asyncio.gather(*accepts, *offers)
        done.set()
        return [status for status, _ in answers]

    _, statuses = await asyncio.gather(look(), answer())
    assert statuses == [200, 200, 200, 409, 409]
    assert all(one in (BEFORE, AFTER) for one in seen)
    assert await pair.on_duty() == AFTER


async def test_of_a_swap_and_a_cancellation_at_once_one_wins(pair: Pair, replica: Volunteers) -> None:
    """Fails when somebody ends up on duty twice, or nobody where nobody said no."""
    asked = await pair.swap()
    (swapped, _), _ = await asyncio.gather(
        pair.ask("berit", "POST", f"/v1/assignments/{asked}/accept", {}),
        replica.send("POST", f"/v1/shifts/{pair.shifts['amina']}/cancel", by=STAFF),
    )
    assert await pair.on_duty() == (AFTER if swapped == 200 else [{"cilla"}, {"berit", "dora"}])


async def test_another_friend_takes_a_turn_and_until_then_it_stays_ones_own(pair: Pair) -> None:
    await person(pair.volunteers, "Bara coach", tasks=("coach",))
    path = f"/v1/shifts/{pair.shifts['amina']}/swap"
    await pair.swap(to=(elsa := await person(pair.volunteers, "Elsa", tasks=("friend",))))
    assert await pair.on_duty() == BEFORE
    assert await taken_back(pair, path) == 204
    status, problem = await pair.ask("amina", "POST", path, {"to": str(elsa)})
    assert (status, problem["type"]) == (409, "not-possible-now"), "nobody is asked twice"

    status, asked = await pair.ask("amina", "POST", path, {})

    assert status == 201
    row = await pair.volunteers.row("SELECT volunteer_id FROM shift WHERE id = $1", UUID(asked["shift_id"]))
    (chosen,) = [name for name, id_ in pair.names.items() if id_ == row["volunteer_id"]]
    assert chosen in {"berit", "dora"}
    assert (await pair.ask(chosen, "POST", f"/v1/assignments/{asked['shift_id']}/accept", {}))[0] == 200
    assert await pair.on_duty() == [{chosen, "cilla"}, {"berit", "dora"}]


async def test_who_is_asked_to_cover_fills_no_chair(pair: Pair) -> None:
    """Fails when a chair that nobody has stays empty because somebody is asked to take another one."""
    await person(pair.volunteers, "Elsa", tasks=("friend",))
    await pair.volunteers.send("POST", f"/v1/shifts/{pair.shifts['cilla']}/cancel", by=STAFF)
    await pair.swap()
    _, asked = await propose(pair.volunteers, send=True)
    assert asked["asked"] == 1
    assert asked["items"][0]["people"][-1]["name"] in {"Cilla Ek", "Elsa"}, "whose turn it is, of the two who are free"


async def test_only_ones_own_turn_to_come_is_swapped_and_with_whom_it_can_be(pair: Pair) -> None:
    volunteers = pair.volunteers

    async def refused(who: str, mine: object, **body: object) -> tuple[int, str]:
        sent = {name.strip("_"): str(value) for name, value in body.items()}
        status, problem = await pair.ask(who, "POST", f"/v1/shifts/{mine}/swap", sent)
        return status, problem["type"]

    amina, berit, cilla = pair.shifts["amina"], pair.shifts["berit"], pair.shifts["cilla"]
    assert await refused("cilla", amina, with_=berit) == (404, "unknown-shift")
    assert await refused("amina", uuid4(), with_=berit) == (404, "unknown-shift")
    assert await refused("amina", amina, with_=uuid4()) == (404, "unknown-shift")
    assert await refused("amina", amina, with_=cilla) == (409, "not-possible-now")
    assert await refused("amina", amina, with_=amina) == (409, "not-possible-now")
    assert await refused("amina", amina, to=pair.names["cilla"]) == (409, "already-busy")
    assert await refused("amina", amina, to=uuid4()) == (404, "unknown-volunteer")
    coach = await person(volunteers, "Cissi", tasks=("coach",))
    assert await refused("amina", amina, to=coach) == (409, "not-possible-now")
    elsewhere = await person(volunteers, "Erik", tasks=("friend",), branches=("kista",))
    assert await refused("amina", amina, to=elsewhere) == (409, "not-possible-now")
    assert await refused("amina", amina, to=pair.names["berit"], with_=berit) == (422, "invalid")
    at_once = await session(volunteers, SOON + timedelta(hours=1), 180, helping=FRIEND)
    other = await shift(volunteers, at_once, await person(volunteers, "Fia", tasks=("friend",)))
    assert await refused("amina", amina, with_=other) == (409, "not-possible-now")
    cafe = await shift(volunteers, await session(volunteers, SOON + MONTH, helping=HOST), pair.names["amina"])
    assert await refused("amina", cafe, with_=berit) == (409, "not-possible-now")
    await pair.swap()
    assert await refused("amina", amina, with_=pair.shifts["dora"]) == (409, "already-answered")
    assert (await ask(volunteers, await coordinator(volunteers, None), "POST", f"/v1/shifts/{amina}/swap", {}))[
        0
    ] == 403


async def test_friends_are_asked_five_times_a_day_by_one_of_them(pair: Pair) -> None:
    """Fails when asking and taking it back in turn writes to as many people as there are, again and again."""
    path = f"/v1/shifts/{pair.shifts['amina']}/swap"
    others = [await person(pair.volunteers, f"Vän {number}", tasks=("friend",)) for number in range(6)]
    for one in others[:5]:
        await pair.swap(to=one)
        assert await taken_back(pair, path) == 204
    status, problem = await pair.ask("amina", "POST", path, {"to": str(others[5])})
    assert (status, problem["type"]) == (429, "too-many-requests")


@pytest.mark.parametrize("seed", range(2))
async def test_many_who_swap_at_once_keep_every_chair(volunteers: Volunteers, replica: Volunteers, seed: int) -> None:
    """Fails when swaps that cross each other empty a chair, seat one person twice, or leave an evening with three."""
    chance = random.Random(seed)  # noqa: S311 - so that a failure can be had again
    nights = await evenings(volunteers, 4)
    tokens: dict[UUID, str] = {}
    for night in nights:
        for _ in range(2):
            who = await person(volunteers, f"Vän {len(tokens)}", tasks=("friend",))
            tokens[who] = await signed_in(volunteers, who)
            await shift(volunteers, night, who)

    async def seated() -> list[asyncpg.Record]:
        return await volunteers.database.pool.fetch(
            "SELECT id, session_id, volunteer_id FROM shift WHERE state = 'on_duty' ORDER BY session_id, volunteer_id"
        )

    for _ in range(4):
        turns = await seated()
        pairs = [chance.sample(turns, 2) for _ in range(6)]
        asked = await asyncio.gather(
            *(
                ask(volunteers, tokens[own["volunteer_id"]], "POST", f"/v1/shifts/{own['id']}/swap", with_(other["id"]))
                for own, other in pairs
            )
        )
        questions = [
            (tokens[other["volunteer_id"]], made["shift_id"], chance.choice(["accept", "accept", "decline"]))
            for (_, other), (status, made) in zip(pairs, asked, strict=True)
            if status == 201
        ]
        answers = await asyncio.gather(
            *(
                ask(at, token, "POST", f"/v1/assignments/{id_}/{answer}", {})
                for token, id_, answer in questions
                for at in (volunteers, replica)
            )
        )
        assert {status for status, _ in answers} <= {200, 409}
        now = await seated()
        assert Counter(turn["session_id"] for turn in now) == dict.fromkeys(nights, 2)
        assert {turn["volunteer_id"] for turn in now} == tokens.keys()
    row = await volunteers.row("SELECT count(*) AS n FROM shift WHERE in_return IS NOT NULL AND state = 'on_duty'")
    assert row["n"] > 0


def with_(shift_id: UUID) -> Json:
    return {"with": str(shift_id)}
