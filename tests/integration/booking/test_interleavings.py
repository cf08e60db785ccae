"""Two or three things at once, statement by statement in every order: whoever is first, the same holds at the end.

The clock stands still; where time passes between two statements, that is one of the things that are done.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Literal
from uuid import UUID, uuid4

import pytest

from services.booking.app import REFUSALS
from services.booking.domain import Party
from services.booking.events import handlers
from services.booking.reach import Reach
from services.booking.usecases import booking, desk, holding, moving, waiting
from services.booking.usecases.sessions import look_after, remind
from shared.db import Connection
from shared.events import AnyEvent, Reply, ReplyReceived, SessionCancellation, SessionCancelled, SessionState
from shared.failures import mark
from shared.ids import new_id
from tests.integration.booking.conftest import HOURS, KEY
from tests.integration.booking.house import CLEAR, still
from tests.support.clock import STOP
from tests.support.databases import Databases
from tests.support.orders import Stage, Work, every_order
from tests.support.samples import published, session_state

NOW = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
STARTS = NOW + timedelta(days=3)
ACTIVITY = uuid4()
DO = handlers(HOURS)


class Play:
    """One scene, set anew for each order of its statements, and what there is when it is over."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.sessions: list[SessionState] = []
        self._people = 0

    async def now(self, at: datetime) -> None:
        await self.stage.watch.execute(STOP, at)

    async def begin(self, *seats: int, queue: int = 8, **changes: object) -> None:
        """Sessions of one activity with so many seats, and nobody in them."""
        await self.now(NOW)
        await self.stage.watch.execute(CLEAR)
        common = {"activity_id": ACTIVITY, "starts_at": STARTS, "ends_at": STARTS + timedelta(hours=1)} | changes
        self.sessions = [session_state(**common, capacity={"seats": n, "queue": queue}) for n in seats]
        for state in self.sessions:
            await self.do(hears(published(state)))

    async def do(self, work: Work) -> object:
        """Do something before the scene."""
        async with self.stage.watch.transaction():
            return await work(self.stage.watch)

    def books(self, *, place: int = 0, adults: int = 1, hold: UUID | None = None, queue: bool = True) -> Work:
        """Somebody new books."""
        self._people += 1
        request = booking.Request(
            session_id=self.sessions[place].session_id,
            party=Party(adults=adults, children=0),
            name=f"Sara {'abcdefghij'[self._people % 10]}",
            reach=Reach(by="email", email=f"sara{self._people}@example.org"),
            language="sv",
            hold=hold,
            queue=queue,
        )

        async def work(conn: Connection) -> UUID:
            return (await booking.book(conn, request, KEY, HOURS)).id

        return work

    async def booked(self, *, place: int = 0, adults: int = 1) -> UUID:
        """Somebody who has booked before the scene."""
        made = await self.do(self.books(place=place, adults=adults))
        assert isinstance(made, UUID)
        return made

    def holds(self, hold: UUID | None = None) -> Work:
        """A browser wants a seat held, or its hold to go on."""
        wanted = holding.HoldRequest(
            session_id=self.sessions[0].session_id, party=Party(adults=1, children=0), hold=hold
        )

        async def work(conn: Connection) -> UUID:
            return (await holding.take(conn, wanted)).id

        return work

    async def held(self) -> UUID:
        """A hold from before the scene."""
        hold = await self.do(self.holds())
        assert isinstance(hold, UUID)
        return hold

    def with_seats(self, seats: int) -> AnyEvent:
        """Catalog's word that the first session has so many seats."""
        capacity = self.sessions[0].capacity.model_copy(update={"seats": seats})
        return published(self.sessions[0].model_copy(update={"revision": 2, "capacity": capacity}))

    def at(self, starts: datetime) -> AnyEvent:
        """Catalog's word that the first session begins then."""
        times = {"starts_at": starts, "ends_at": starts + timedelta(hours=1)}
        return published(self.sessions[0].model_copy(update={"revision": 2} | times))

    async def offered(self) -> tuple[UUID, UUID]:
        """A session with one seat, on offer until four hours from now, and the next in the line."""
        await self.begin(1)
        seated, first, second = [await self.booked() for _ in range(3)]
        await self.do(lets_go(seated))
        await self.do(lambda conn: waiting.told(conn, first, None, HOURS))
        return first, second

    async def states(self, *bookings: UUID) -> list[str]:
        """What became of bookings."""
        rows = await self.stage.watch.fetch("SELECT id, state FROM booking WHERE id = ANY($1)", bookings)
        found = {row["id"]: row["state"] for row in rows}
        return [found[id_] for id_ in bookings]

    async def told(self, booking: UUID) -> list[str]:
        """What was told of a booking, in order."""
        rows = await self.stage.watch.fetch(
            "SELECT routing_key, revision FROM outbox WHERE aggregate = $1 ORDER BY revision", f"booking/{booking}"
        )
        assert [row["revision"] for row in rows] == list(range(1, len(rows) + 1)), "no gap, and nothing twice"
        return [row["routing_key"].split(".")[1] for row in rows]

    async def exact(self, *taken: int) -> None:
        """So many seats are taken in each session: had, on offer or held, told last, and not above the ceiling."""
        rows = await self.stage.watch.fetch(
            """
            SELECT s.taken, s.ceiling, s.revision, array_agg(o.revision ORDER BY o.revision) AS told,
                (array_agg(convert_from(o.body, 'UTF8')::jsonb -> 'data' ORDER BY o.revision DESC))[1] AS last,
                (SELECT coalesce(sum(seats), 0) FROM booking b
                 WHERE b.session_id = s.id AND b.state IN ('confirmed', 'offered')
                     AND b.attendance IS DISTINCT FROM 'no_show')
                + (SELECT coalesce(sum(seats), 0) FROM hold h WHERE h.session_id = s.id) AS had
            FROM session s JOIN outbox o ON o.aggregate = 'availability/' || s.id
            WHERE s.id = ANY($1) GROUP BY s.id ORDER BY array_position($1, s.id)
            """,
            [state.session_id for state in self.sessions],
        )
        assert [(row["taken"], row["had"]) for row in rows] == [(seats, seats) for seats in taken]
        for row in rows:
            assert row["taken"] <= row["ceiling"]
            assert row["told"] == list(range(1, row["revision"] + 1))
            assert row["last"]["taken"] == row["taken"]


def lets_go(id_: UUID, by: Literal["visitor", "staff"] = "visitor") -> Work:
    return lambda conn: waiting.let_go(conn, id_, by)


def accepts(id_: UUID) -> Work:
    return lambda conn: waiting.accept(conn, id_, HOURS)


def moves(id_: UUID, session: SessionState) -> Work:
    return lambda conn: moving.move(conn, id_, session.session_id, HOURS)


def looks_after(session: SessionState) -> Work:
    return lambda conn: look_after(conn, session.session_id)


def hears(event: AnyEvent) -> Work:
    return lambda conn: DO[type(event)](conn, event)


def replies(id_: UUID, says: Literal["yes", "no"]) -> Work:
    facts = Reply(reply_id=new_id(), revision=1, contact_ref=uuid4(), about=id_, says=says, received_at=NOW)
    return hears(ReplyReceived.of(facts.reply_id, facts))


def delivered(event: AnyEvent) -> Work:
    """As the queue delivers it: noted first."""

    async def work(conn: Connection) -> None:
        if await mark(conn, event):
            await DO[type(event)](conn, event)

    return work


def cancelled(session: SessionState) -> AnyEvent:
    facts = SessionCancellation(session_id=session.session_id, revision=2, reason="illness")
    return SessionCancelled.of(session.session_id, facts)


def it_gets(at: datetime) -> Work:
    return lambda conn: conn.execute(STOP, at)


def said(outcome: object) -> str:
    """What somebody is told: the problem's name, or that it is done. What is no refusal is a fault."""
    if isinstance(outcome, Exception):
        assert isinstance(outcome, tuple(REFUSALS)), repr(outcome)
        return type(outcome).__name__
    return "done"


@pytest.fixture
async def play(databases: Databases) -> AsyncIterator[Play]:
    async with Stage.on(await still(databases)) as stage:
        yield Play(stage)


async def tried(
    play: Play,
    scene: Callable[[], Awaitable[Mapping[str, Work]]],
    judge: Callable[[dict[str, str]], Awaitable[None]],
    *,
    fine: bool = True,
) -> None:
    """Play a scene in every order of all statements, or of those that matter to others; prints how many (-s)."""

    async def judged(outcome: Mapping[str, object]) -> None:
        await judge({name: said(one) for name, one in outcome.items()})

    play.stage.step_by(fine=fine)
    orders = await every_order(play.stage, scene, judged)
    print(f"{orders} orders")  # noqa: T201 - with -s only
    assert orders > 2, "statement by statement, not one after the other"


async def test_two_book_the_last_seat(play: Play) -> None:
    """Fails when the session's row is read without its lock."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        return {"one": play.books(queue=False), "other": play.books(queue=False)}

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["SoldOut", "done"]
        await play.exact(1)

    await tried(play, scene, judge)


async def test_two_hold_the_last_seat_while_another_books_it(play: Play) -> None:
    """Fails when held seats are not counted."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        return {"one": play.holds(), "other": play.holds(), "newcomer": play.books(queue=False)}

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["SoldOut", "SoldOut", "done"]
        await play.exact(1)

    await tried(play, scene, judge, fine=False)


async def test_the_same_person_books_twice_at_once(play: Play) -> None:
    """Fails without the index on who has a seat: whoever comes second cannot see the first."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(3)
        twice = play.books()
        return {"one": twice, "other": twice}

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["AlreadyBooked", "done"]
        await play.exact(1)

    await tried(play, scene, judge)


async def test_two_want_the_last_place_in_the_line(play: Play) -> None:
    """Fails when one more is let in than the line holds."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1, queue=2)
        await play.booked()
        await play.booked()
        return {"one": play.books(), "other": play.books()}

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["QueueFull", "done"]
        await play.exact(1)

    await tried(play, scene, judge)


async def test_who_joins_the_line_at_once_has_a_place_of_their_own(play: Play) -> None:
    """Fails when the place in the line is taken before the session's row is held."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        await play.booked()
        return {"one": play.books(), "other": play.books(), "third": play.books()}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        rows = await play.stage.watch.fetch(
            """
            SELECT (convert_from(o.body, 'UTF8')::jsonb -> 'data' ->> 'position')::int AS place
            FROM booking b JOIN outbox o ON o.aggregate = 'booking/' || b.id AND o.routing_key = 'booking.queued.v1'
            WHERE b.session_id = $1 ORDER BY b.joined
            """,
            play.sessions[0].session_id,
        )
        assert [row["place"] for row in rows] == [1, 2, 3]

    await tried(play, scene, judge, fine=False)


async def test_an_offer_is_accepted_while_its_time_runs_out_and_somebody_looks(play: Play) -> None:
    """Fails when time is looked at before the session's row is held, or when an answer after the deadline counts."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        later = NOW + timedelta(hours=4)
        return {"accept": accepts(first), "time": it_gets(later), "look": looks_after(play.sessions[0])}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome["time"] == outcome["look"] == "done"
        states = await play.states(first, second)
        if outcome["accept"] == "done":
            assert states == ["confirmed", "queued"]
            assert await play.told(first) == ["queued", "offered", "confirmed"]
        else:
            assert outcome["accept"] == "OfferGone"
            assert states in (["expired", "offered"], ["offered", "queued"]), "passed on, or nobody has looked since"
        await play.exact(1)
        await play.do(looks_after(play.sessions[0]))
        assert await play.states(first, second) in (["confirmed", "queued"], ["expired", "offered"])
        assert await play.told(second) in (["queued"], ["queued", "offered"])
        await play.exact(1)

    await tried(play, scene, judge, fine=False)


async def test_an_answer_that_was_in_time_and_the_timekeeper_who_finds_it_over(play: Play) -> None:
    """Whoever has their turn first: the seat is never with two. Fails without the session's lock."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        await play.now(NOW + timedelta(hours=4))
        return {"reply": replies(first, "yes"), "look": looks_after(play.sessions[0])}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome == {"reply": "done", "look": "done"}
        assert await play.states(first, second) in (["confirmed", "queued"], ["expired", "offered"])
        await play.exact(1)

    await tried(play, scene, judge)


async def test_an_offer_is_declined_while_somebody_is_told_of_it_and_its_session_is_cancelled(play: Play) -> None:
    """Fails when what a booking is, is asked before the session's row is held."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        await play.begin(1)
        seated, first, second = [await play.booked() for _ in range(3)]
        await play.do(lets_go(seated))
        return {
            "decline": lambda conn: waiting.decline(conn, first),
            "told": lambda conn: waiting.told(conn, second, None, HOURS),
            "cancel": hears(cancelled(play.sessions[0])),
        }

    async def judge(outcome: dict[str, str]) -> None:
        assert (outcome["told"], outcome["cancel"]) == ("done", "done")
        declined = outcome["decline"] == "done"
        assert declined or outcome["decline"] == "OfferGone"
        assert await play.states(first, second) == ["declined" if declined else "cancelled", "cancelled"]
        assert await play.told(first) == ["queued", "offered", "declined" if declined else "cancelled"]
        assert await play.told(second) == ["queued", *["offered"] * declined, "cancelled"]
        await play.exact(0)

    await tried(play, scene, judge, fine=False)


async def test_a_seat_is_given_back_while_a_newcomer_books_and_the_timekeeper_looks(play: Play) -> None:
    """It is the first in the line's. Fails when the offer is made after the transaction that frees the seat."""
    seated, first = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal seated, first
        await play.begin(1)
        seated, first = await play.booked(), await play.booked()
        return {"cancel": lets_go(seated), "newcomer": play.books(queue=False), "look": looks_after(play.sessions[0])}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome == {"cancel": "done", "newcomer": "SoldOut", "look": "done"}
        assert await play.states(seated, first) == ["cancelled", "offered"]
        assert await play.told(first) == ["queued", "offered"]
        await play.exact(1)

    await tried(play, scene, judge, fine=False)


async def test_two_give_their_seats_back_at_once_and_the_line_moves_up_in_order(play: Play) -> None:
    """Fails when who is next is asked before the session's row is held: the first would be offered two seats."""
    line: list[UUID] = []

    async def scene() -> Mapping[str, Work]:
        await play.begin(2)
        one, other, *line[:] = [await play.booked() for _ in range(5)]
        return {"one": lets_go(one), "other": lets_go(other)}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.states(*line) == ["offered", "offered", "queued"]
        assert [await play.told(one) for one in line[:2]] == [["queued", "offered"]] * 2
        await play.exact(2)

    await tried(play, scene, judge)


async def test_the_capacity_is_lowered_while_somebody_books(play: Play) -> None:
    """Fails when the session's row is read without its lock."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(2)
        await play.booked()
        return {"book": play.books(queue=False), "lower": hears(play.with_seats(1))}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome["lower"] == "done"
        await play.exact(2 if outcome["book"] == "done" else 1)
        row = await play.stage.watch.fetchrow(
            "SELECT ceiling, seats FROM session WHERE id = $1", play.sessions[0].session_id
        )
        assert row is not None
        assert tuple(row) == (2 if outcome["book"] == "done" else 1, 1)

    await tried(play, scene, judge)


async def test_the_capacity_is_raised_while_a_seat_is_given_back_and_a_newcomer_comes(play: Play) -> None:
    """Fails when free seats are offered before the session's row is held, or left to newcomers."""
    line: list[UUID] = []

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        seated, *line[:] = [await play.booked() for _ in range(4)]
        return {"cancel": lets_go(seated), "raise": hears(play.with_seats(2)), "newcomer": play.books(queue=False)}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome == {"cancel": "done", "raise": "done", "newcomer": "SoldOut"}
        assert await play.states(*line) == ["offered", "offered", "queued"]
        await play.exact(2)

    await tried(play, scene, judge, fine=False)


async def test_a_booking_is_moved_and_cancelled_at_once(play: Play) -> None:
    """Its seat here goes to who waits, the one there is left or never had. Fails when either trusts what it read."""
    moving_, first = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal moving_, first
        await play.begin(1, 1)
        moving_, first = await play.booked(), await play.booked()
        return {"move": moves(moving_, play.sessions[1]), "cancel": lets_go(moving_)}

    async def judge(outcome: dict[str, str]) -> None:
        assert outcome["cancel"] == "done"
        moved = ["moved"] if outcome["move"] == "done" else []
        assert moved or outcome["move"] == "Closed"
        assert await play.told(moving_) == ["confirmed", *moved, "cancelled"]
        assert await play.states(moving_, first) == ["cancelled", "offered"]
        await play.exact(1, 0)

    await tried(play, scene, judge)


@pytest.mark.parametrize(("seats", "outcome"), [(2, "done"), (1, "SoldOut")])
async def test_two_change_places_crosswise(play: Play, seats: int, outcome: str) -> None:
    """Fails when the session that is left is locked first: two who do so wait for each other."""
    here, there = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal here, there
        await play.begin(seats, seats)
        here, there = await play.booked(), await play.booked(place=1)
        return {"one": moves(here, play.sessions[1]), "other": moves(there, play.sessions[0])}

    async def judge(outcomes: dict[str, str]) -> None:
        assert set(outcomes.values()) == {outcome}
        assert await play.states(here, there) == ["confirmed", "confirmed"]
        await play.exact(1, 1)

    await tried(play, scene, judge)


async def test_one_booking_is_moved_to_two_places_at_once(play: Play) -> None:
    """It ends in one of them, by way of the other. Fails when where it is, is asked only once."""
    moving_ = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal moving_
        await play.begin(1, 1, 1)
        moving_ = await play.booked()
        return {"one": moves(moving_, play.sessions[1]), "other": moves(moving_, play.sessions[2])}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(moving_) == ["confirmed", "moved", "moved"]
        where = await play.stage.watch.fetchval("SELECT session_id FROM booking WHERE id = $1", moving_)
        await play.exact(*(int(state.session_id == where) for state in play.sessions))
        assert where != play.sessions[0].session_id

    await tried(play, scene, judge)


async def test_somebody_moves_in_while_another_books_the_last_seat_there(play: Play) -> None:
    """Nobody is left without any. Fails when the old seat is given up before the new one is had."""
    moving_ = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal moving_
        await play.begin(1, 1)
        moving_ = await play.booked()
        return {"move": moves(moving_, play.sessions[1]), "book": play.books(place=1, queue=False)}

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["SoldOut", "done"]
        assert await play.states(moving_) == ["confirmed"]
        await play.exact(*((0, 1) if outcome["move"] == "done" else (1, 1)))

    await tried(play, scene, judge)


async def test_a_hold_is_renewed_while_its_time_runs_out_and_somebody_looks(play: Play) -> None:
    """Fails when the hold's time is asked before the session's row is held."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        hold = await play.held()
        later = NOW + timedelta(minutes=15)
        return {"renew": play.holds(hold), "time": it_gets(later), "look": looks_after(play.sessions[0])}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        rows = await play.stage.watch.fetch(
            "SELECT since, until FROM hold WHERE session_id = $1", play.sessions[0].session_id
        )
        later = NOW + timedelta(minutes=15)
        assert [tuple(row) for row in rows] in (
            [],  # it was renewed before, and that ended
            [(NOW, later)],  # ... and nobody has looked since
            [(later, later + timedelta(minutes=15))],  # a new one
        )
        await play.exact(len(rows))

    await tried(play, scene, judge, fine=False)


async def test_a_hold_is_booked_while_its_time_runs_out_and_a_newcomer_comes(play: Play) -> None:
    """Fails when a hold counts for who has it and no longer for the others."""

    async def scene() -> Mapping[str, Work]:
        await play.begin(1)
        hold = await play.held()
        later = NOW + timedelta(minutes=15)
        return {
            "typist": play.books(hold=hold, queue=False),
            "time": it_gets(later),
            "newcomer": play.books(queue=False),
        }

    async def judge(outcome: dict[str, str]) -> None:
        booked = [name for name in ("typist", "newcomer") if outcome[name] == "done"]
        assert len(booked) == 1
        await play.exact(1)

    await tried(play, scene, judge, fine=False)


async def test_two_timekeepers_pass_an_offer_on_once(play: Play) -> None:
    """Fails when a session is looked after without its lock."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        await play.now(NOW + timedelta(hours=4))
        return {"one": looks_after(play.sessions[0]), "other": looks_after(play.sessions[0])}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(first) == ["queued", "offered", "offer_expired"]
        assert await play.told(second) == ["queued", "offered"]
        await play.exact(1)

    await tried(play, scene, judge)


async def reminded(play: Play) -> UUID:
    """Somebody whose time to be reminded has come."""
    await play.begin(2)
    booked = await play.booked()
    await play.now(NOW + timedelta(days=2))
    return booked


async def test_two_remind_the_same_person_once(play: Play) -> None:
    """Fails when who is due is read without taking it."""
    booked = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booked
        booked = await reminded(play)
        return {"one": remind, "other": remind}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(booked) == ["confirmed", "reminder_due"]

    await tried(play, scene, judge)


async def test_who_cancels_is_not_reminded_afterwards(play: Play) -> None:
    """Fails when the reminder is emitted for the state that was read before the booking's row was held."""
    booked = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booked
        booked = await reminded(play)
        return {"remind": remind, "cancel": lets_go(booked)}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(booked) in (["confirmed", "cancelled"], ["confirmed", "reminder_due", "cancelled"])
        await play.do(remind)
        assert (await play.told(booked))[-1] == "cancelled"
        await play.exact(0)

    await tried(play, scene, judge)


async def test_who_is_reminded_while_the_session_moves_is_reminded_of_the_new_time_too(play: Play) -> None:
    """Fails when taking a reminder undoes what the move has set."""
    booked = uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal booked
        booked = await reminded(play)
        return {"remind": remind, "move": hears(play.at(STARTS + timedelta(days=2)))}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        due = await play.stage.watch.fetchval("SELECT remind_at FROM booking WHERE id = $1", booked)
        assert due == STARTS + timedelta(days=1)
        told = await play.told(booked)
        assert told in (["confirmed", "rescheduled"], ["confirmed", "reminder_due", "rescheduled"])
        await play.now(due)
        await play.do(remind)
        assert await play.told(booked) == [*told, "reminder_due"]

    await tried(play, scene, judge)


@pytest.mark.parametrize("said_", [("yes", "yes"), ("yes", "no"), ("no", "no")])
async def test_two_answers_arrive_at_once(play: Play, said_: tuple[Literal["yes", "no"], Literal["yes", "no"]]) -> None:
    """The one whose turn comes first has its effect, the other what it means then. Fails without the session's lock."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        return {"one": replies(first, said_[0]), "other": replies(first, said_[1])}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        told = (await play.told(first))[2:]
        assert (
            told
            in {
                ("yes", "yes"): [["confirmed"]],
                ("yes", "no"): [["confirmed", "cancelled"], ["declined"]],
                ("no", "no"): [["declined"]],
            }[said_]
        )
        passed_on = told[-1] != "confirmed"
        assert await play.states(second) == ["offered" if passed_on else "queued"]
        await play.exact(1)

    await tried(play, scene, judge, fine=False)


async def test_one_answer_is_delivered_twice_at_once(play: Play) -> None:
    """Fails when an event is noted after its effect."""
    first, second = uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal first, second
        first, second = await play.offered()
        facts = Reply(reply_id=new_id(), revision=1, contact_ref=uuid4(), about=first, says="no", received_at=NOW)
        twice = delivered(ReplyReceived.of(facts.reply_id, facts))
        return {"one": twice, "other": twice}

    async def judge(outcome: dict[str, str]) -> None:
        assert set(outcome.values()) == {"done"}
        assert await play.told(first) == ["queued", "offered", "declined"]
        assert await play.told(second) == ["queued", "offered"]
        await play.exact(1)

    await tried(play, scene, judge)


async def test_two_at_the_door_want_the_seat_of_who_has_not_come(play: Play) -> None:
    """Fails when the session's row is read without its lock, or when who comes late gets a seat that is gone."""
    late, one, other = uuid4(), uuid4(), uuid4()

    async def scene() -> Mapping[str, Work]:
        nonlocal late, one, other
        await play.begin(1)
        late, one, other = [await play.booked() for _ in range(3)]
        await play.now(STARTS + timedelta(minutes=10))
        session = play.sessions[0].session_id
        await play.do(looks_after(play.sessions[0]))
        await play.do(lambda conn: desk.attend(conn, session, late, "no_show"))
        return {
            "one": lambda conn: desk.seat_standby(conn, session, one),
            "other": lambda conn: desk.seat_standby(conn, session, other),
            "late": lambda conn: desk.attend(conn, session, late, "came"),
        }

    async def judge(outcome: dict[str, str]) -> None:
        assert sorted(outcome.values()) == ["SoldOut", "SoldOut", "done"]
        await play.exact(1)

    await tried(play, scene, judge, fine=False)
