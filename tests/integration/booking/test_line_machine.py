"""Every operation on seats and waiting list in any order, on a real database whose clock is in the test's hands.

Hypothesis chooses what happens; booking does it, and so does a librarian on paper (``tests/support/paper.py``). After
each step both must say the same: who has what, who was told what, and until when. ``PLATS_LINE_MINUTES=15`` tries
other steps each time and goes on for so long; with ``-s`` one sees how many were tried.
"""

import os
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, TypeVar
from uuid import UUID, uuid4

import asyncpg
import pytest
from hypothesis import HealthCheck, Phase, note, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from services.booking import domain, queries
from services.booking.reach import Reach
from services.booking.store import sessions
from services.booking.usecases import booking, desk, desk_booking, holding, moving, waiting
from services.booking.usecases.sessions import look_after, remind
from shared.auth import Staff
from shared.db import Connection
from shared.events import (
    AnyEvent,
    Availability,
    AvailabilityChanged,
    BookingState,
    MessageDispatch,
    MessageFailed,
    MessageFailure,
    MessageSent,
    Reply,
    ReplyReceived,
    SessionCancellation,
    SessionCancelled,
    SessionRef,
    SessionState,
    SessionWithdrawn,
)
from shared.ids import new_id
from tests.integration.booking.conftest import KEY
from tests.integration.booking.house import DAYTIME, House, Seen, still
from tests.support.databases import Databases
from tests.support.paper import ACTIVE, AWAY, STOCKHOLM, WAITS, Entry, No, Paper, Party, Seats, Sheet, Terms, Wish, Word
from tests.support.samples import published, session_state

T = TypeVar("T")
Work = Callable[[Connection], Awaitable[T]]

MINUTES = float(os.environ.get("PLATS_LINE_MINUTES", "0"))
EXAMPLES, STEPS = 80, 60

EVES = (
    "2026-03-03T10:30",
    "2026-03-27T18:15",
    "2026-03-28T20:45",  # the clocks go forward that night
    "2026-06-05T23:40",
    "2026-10-23T14:15",
    "2026-10-24T21:50",  # ... and back
)
"""When a story begins, by the clock on the wall."""

STEPS_OF_A_STORY = {
    "some_come": 6,
    "somebody_books": 8,
    "somebody_holds": 6,
    "somebody_types_on": 8,
    "somebody_releases": 2,
    "a_seat_is_given_back": 9,
    "a_wait_is_given_up": 3,
    "fewer_come": 6,
    "somebody_moves": 7,
    "an_offer_is_told": 9,
    "an_offer_is_answered": 9,
    "something_else_is_answered": 4,
    "staff_book": 7,
    "staff_see_who_came": 4,
    "somebody_stands_by": 3,
    "catalog_changes_the_capacity": 5,
    "catalog_changes_something_else": 4,
    "catalog_publishes_another": 9,
    "an_event_comes_late": 4,
    "an_event_comes_again": 2,
    "time_passes": 6,
    "something_is_due": 9,
    "the_list_is_filled": 5,
    "somebody_comes_at_the_last_moment": 8,
    "somebody_looks": 3,
}
"""What may happen, and how often: more of what makes others possible."""

PEOPLE = "abcdefghijklmn"
STAFF = Staff(subject="anna", role="staff", branches=frozenset({"kista"}))
REACHES: tuple[Literal["sms", "call", "email", "proxy", "none"], ...] = ("sms", "sms", "sms", "call", "email", "none")

tried: Counter[str] = Counter()
"""How often each step came to what end, and what was told."""

first_ones = st.sampled_from([0, 0, 0, 1, 1, 2, 3, 5])
"""One of several, the first more often."""

offs = st.sampled_from([timedelta(0), timedelta(0), timedelta(microseconds=1), timedelta(microseconds=-1)])
"""At a moment, just after and just before it."""

seldom = st.sampled_from([False, False, False, False, True])

parties = st.sampled_from([Party(1, 0), Party(1, 0), Party(2, 0), Party(1, 1), Party(1, 1), Party(1, 2), Party(3, 1)])
odd_parties = st.sampled_from([Party(0, 1), Party(0, 2), Party(0, 0), Party(5, 0), Party(4, 0), Party(2, 2)])


@st.composite
def terms(draw: st.DrawFn, now: datetime, activity: UUID) -> Terms:
    """A session that begins in some hours or days."""
    hours = draw(st.sampled_from([30, 49, 26, 73, 13, 25, 150, 4, 9, 1]))
    starts = now + timedelta(hours=hours, minutes=draw(st.sampled_from([0, 15])))
    return Terms(
        activity=activity,
        starts=starts,
        ends=starts + timedelta(minutes=90),
        room="",
        seats=draw(st.integers(1, 4)),
        queue=draw(st.sampled_from([4, 4, 2, 1, 3, 0])),
        counts=draw(st.sampled_from(["persons", "persons", "persons", "bookings", "children"])),
        party_max=4,
        fill_from_hours=draw(st.sampled_from([24, 24, 0, 3, 200])),
        offer_minutes=draw(st.sampled_from([240, 30, 60])),
        reminder_hours=draw(st.sampled_from([24, 24, 2, 48, 0])),
        late_hours=draw(st.sampled_from([24, 2])),
        reconfirm=draw(st.booleans()),
        opens=draw(st.sampled_from([None, None, None, None, None, now + timedelta(hours=2)])) if hours > 6 else None,
        closes=draw(st.sampled_from([None, None, starts - timedelta(hours=3)])) if hours > 6 else None,
    )


def reach(person: int) -> Reach:
    """How somebody is reached; two and two share a number."""
    by = REACHES[person % len(REACHES)]
    match by:
        case "none":
            return Reach(by=by)
        case "email":
            return Reach(by=by, email=f"sara{person}@example.org")
        case _:
            return Reach(by=by, phone=f"+4670174061{person // 2}")


def told_of(party: Party) -> domain.Party:
    """A party as booking knows it."""
    return domain.Party(adults=party.adults, children=party.children)


def asks(
    session: UUID, who: int, party: Party, *, hold: UUID | None, queue: bool
) -> tuple[booking.Request, str | None]:
    """What somebody asks for, and who they are if they can be known again."""
    how = reach(who)
    request = booking.Request(
        session_id=session,
        party=told_of(party),
        name=f"Sara {PEOPLE[who]}",
        reach=how,
        language="sv",
        hold=hold,
        queue=queue,
    )
    return request, None if how.by == "none" else PEOPLE[who]


class Line(RuleBasedStateMachine):
    """One story of three sessions, two of them of one activity."""

    def __init__(self, house: House) -> None:
        super().__init__()
        self.house = house
        self.catalog: dict[UUID, tuple[SessionState, int, Terms]] = {}
        """What catalog says of its sessions; not of those it has cancelled."""
        self.browsers: list[UUID] = []
        """Every hold there ever was."""
        self.post: list[tuple[AnyEvent, Callable[[], None]]] = []
        """What was told and has not arrived, with what it comes to on paper."""
        self.heard: list[AnyEvent] = []
        self.let_in: set[UUID] = set()
        """Bookings that staff let in whatever there was."""
        self.seen = Seen()
        self.steps = 0

    @initialize(eve=st.sampled_from(EVES), data=st.data())
    def begin(self, eve: str, data: st.DataObject) -> None:
        """Catalog publishes three sessions, and people come for the first."""
        self.paper = Paper(datetime.fromisoformat(eve).replace(tzinfo=STOCKHOLM).astimezone(UTC))
        self.house.stop_at(self.paper.now)
        one, other = uuid4(), uuid4()
        self.activities = one, one, other
        self.current = [self.new_session(data, activity, n) for n, activity in enumerate(self.activities)]
        self.check()
        self.some_come(data)

    @rule(
        what=st.sampled_from([what for what, weight in STEPS_OF_A_STORY.items() for _ in range(weight)]), data=st.data()
    )
    def step(self, what: str, data: st.DataObject) -> None:
        """One thing happens; where it cannot, what others need: a line, or a seat for its head."""
        if getattr(self, what)(data) is not NotImplemented:
            return
        if any(self.is_lively(entry) for entry in self.paper.entries.values()):
            self.a_seat_is_given_back(data)
        else:
            self.some_come(data)

    # What the steps are made of.

    def both(self, step: str, work: Work[T], noted: Callable[[T | None], object]) -> bool:
        """Do the same in booking and on paper: both do it, or both refuse it for the same reason; tells which."""
        note(f"{self.paper.now:%d %H:%M:%S.%f} {step}")
        outcome, value = self.house.attempt(work)
        said = None
        try:
            noted(value)
        except No as no:
            said = no.args[0]
        assert outcome == said, f"{step}: booking says {outcome or 'yes'}, the rules {said or 'yes'}"
        tried[f"{step}: {outcome or 'done'}"] += 1
        self.check()
        return outcome is None

    def tell(self, told: AnyEvent, noted: Callable[[], None], *, later: bool) -> None:
        """Have an event arrive, twice as always; or keep it back."""
        self.post.append((told, noted))
        if not later:
            self.arrive(len(self.post) - 1)

    def arrive(self, nth: int) -> None:
        told, noted = self.post.pop(nth)
        note(f"{self.paper.now:%d %H:%M:%S.%f} {told.type}")
        self.house.hear(told, told)
        noted()
        self.heard.append(told)
        tried[f"{told.routing_key}, twice"] += 1
        self.check()

    def pick(self, data: st.DataObject, *states: str) -> Entry | None:
        """A booking in one of these states, first of a session to come with a line; or any where none are asked for."""
        pool = [entry for entry in self.paper.entries.values() if not states or entry.state in states]
        pool.sort(key=lambda entry: not self.is_lively(entry))
        return pool[data.draw(first_ones if states else st.integers(0, 19)) % len(pool)] if pool else None

    def is_lively(self, entry: Entry) -> bool:
        """Whether others wait for its seat."""
        sheet = self.paper.sheets[entry.session]
        return not self.is_over(sheet) and bool(self.paper.of(sheet, "queued"))

    def session(self, data: st.DataObject) -> UUID:
        """Mostly the first, and mostly one that has not begun."""
        first = data.draw(st.sampled_from([0, 0, 0, 1, 1, 2]))
        order = [self.current[(first + n) % 3] for n in range(3)]
        ahead = [session for session in order if not self.is_over(self.paper.sheets[session])]
        return ahead[0] if ahead and not data.draw(seldom) else order[0]

    def full_session(self, data: st.DataObject) -> UUID:
        """One where somebody waits, if there is one; but not always."""
        lively = [entry.session for entry in self.paper.entries.values() if self.is_lively(entry)]
        return lively[-1] if lively and not data.draw(seldom) else self.session(data)

    def new_session(self, data: st.DataObject, activity: UUID, walk_in: int) -> UUID:
        """Catalog publishes another one, with a walk-in reserve."""
        state = session_state(activity_id=activity, capacity={"seats": walk_in, "walk_in": walk_in})
        id_, now = state.session_id, data.draw(terms(self.paper.now, activity))
        self.catalog[id_] = state, 1, now
        sheet = self.paper.sheets[id_] = Sheet(id_, now, open=now.is_open(self.paper.now))
        self.house.hear(self.publication(id_))
        sheet.told.append(self.paper.seats(sheet))
        return id_

    def publication(self, id_: UUID) -> AnyEvent:
        """A session as catalog has it now."""
        state, revision, now = self.catalog[id_]
        walk_in = state.capacity.walk_in
        changes = {
            "revision": revision,
            "starts_at": now.starts,
            "ends_at": now.ends,
            "room": now.room,
            "capacity": {"seats": now.seats + walk_in, "walk_in": walk_in, "queue": now.queue},
            "counts": now.counts,
            "opens_at": now.opens,
            "closes_at": now.closes,
            "policies": {
                "party_max": now.party_max,
                "late_cancel_hours": now.late_hours,
                "fill_from_hours": now.fill_from_hours,
                "offer_minutes": now.offer_minutes,
                "reminder_hours": now.reminder_hours,
                "reconfirm": now.reconfirm,
            },
        }
        return published(SessionState.model_validate(state.model_dump() | changes))

    def fitting(self, data: st.DataObject, session: UUID) -> Party:
        """A party that mostly may come to this session."""
        party = data.draw(odd_parties if data.draw(seldom) else parties)
        if self.paper.sheets[session].terms.counts == "children" and party.children == 0 < party.adults < 4:
            return Party(1, party.adults)
        return party

    # What visitors do.

    def some_come(self, data: st.DataObject) -> None:
        """People who have nothing here yet, until some of them wait; one of them may still be typing."""
        session = self.session(data)
        if self.is_over(self.paper.sheets[session]):
            self.catalog_publishes_another(data)
            return
        if data.draw(st.booleans()):
            self.take(session, self.fitting(data, session), None)
        for _ in range(data.draw(st.integers(2, 6))):
            there = {entry.person for entry in self.paper.of(self.paper.sheets[session], *ACTIVE)}
            who = next((n for n in range(len(PEOPLE)) if PEOPLE[n] not in there and reach(n).by != "none"), 0)
            done = self.book(session, who, self.fitting(data, session), hold=None, queue=True)
            waiting_ = len(self.paper.of(self.paper.sheets[session], "queued"))
            if not done or waiting_ > 1 or waiting_ == self.paper.sheets[session].terms.queue:
                break

    def somebody_books(self, data: st.DataObject) -> None:
        session, hold = self.session(data), self.hold(data)
        who = data.draw(st.integers(0, len(PEOPLE) - 1))
        self.book(session, who, self.fitting(data, session), hold=hold, queue=not data.draw(seldom))

    def book(self, session: UUID, who: int, party: Party, *, hold: UUID | None, queue: bool) -> bool:
        request, person = asks(session, who, party, hold=hold, queue=queue)

        def noted(made: queries.KnownBooking | None) -> None:
            wish = Wish(made.id if made else uuid4(), party, person, request.reach.by, hold, queue)
            state = self.paper.book(session, wish)
            assert made is not None
            assert made.state == state

        step = "book with hold" if hold in self.holds() else "book"
        return self.both(step, lambda conn: booking.book(conn, request, KEY, DAYTIME), noted)

    def book_again(self, data: st.DataObject, entry: Entry) -> None:
        """The same person in the same session."""
        if entry.person:
            who = PEOPLE.index(entry.person)
            self.book(entry.session, who, entry.party, hold=self.hold(data), queue=data.draw(st.booleans()))

    def holds(self) -> list[UUID]:
        """All that are in the database, whether their time is over or not."""
        return [id_ for sheet in self.paper.sheets.values() for id_ in sheet.holds]

    def hold(self, data: st.DataObject) -> UUID | None:
        """What a browser may have: a hold that still is, none, or one that was."""
        choice = [*self.holds()[:2], None, *self.browsers[-2:]]
        return choice[data.draw(first_ones) % len(choice)]

    def somebody_holds(self, data: st.DataObject) -> None:
        """A visitor begins to type, or goes on: here or in another session, for as many or for others."""
        session = self.session(data)
        self.take(session, self.fitting(data, session), self.hold(data))

    def somebody_types_on(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """The same browser says that its visitor is still there: in time and again, or at the last moment."""
        holds = [(sheet.id, id_) for sheet in self.paper.sheets.values() for id_ in sheet.holds]
        if not holds:
            return NotImplemented
        session, hold = holds[data.draw(first_ones) % len(holds)]
        party = Party(1, int(self.paper.sheets[session].terms.counts == "children"))
        until = self.paper.sheets[session].holds[hold].until
        if data.draw(st.booleans()):
            self.let_it_be(until + data.draw(offs))
            return self.take(session, party, hold)
        for _ in range(data.draw(st.integers(1, 6))):
            self.let_it_be(until - timedelta(minutes=1))
            self.take(session, party, hold)
            if hold not in self.paper.sheets[session].holds:
                break
            until = self.paper.sheets[session].holds[hold].until
        return None

    def take(self, session: UUID, party: Party, before: UUID | None) -> None:
        wanted = holding.HoldRequest(session_id=session, party=told_of(party), hold=before)

        def noted(given: domain.Held | None) -> None:
            id_ = given.id if given else uuid4()
            hold = self.paper.hold(session, party, before, id_)
            assert given is not None
            assert (given.seats, given.until, given.longest) == (
                hold.seats,
                hold.until,
                hold.since + timedelta(hours=1),
            )
            if id_ not in self.browsers:
                self.browsers.append(id_)

        self.both("hold again" if before in self.holds() else "hold", lambda conn: holding.take(conn, wanted), noted)

    def somebody_releases(self, data: st.DataObject) -> Any:  # noqa: ANN401
        if not self.browsers:
            return NotImplemented
        hold = self.browsers[-1 - data.draw(first_ones) % len(self.browsers)]
        return self.both("release", lambda conn: holding.release(conn, hold), lambda _: self.paper.release(hold))

    def a_seat_is_given_back(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data, "confirmed")
        return self.let_go(data, entry) if entry else NotImplemented

    def a_wait_is_given_up(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data, *WAITS)
        return self.let_go(data, entry) if entry else NotImplemented

    def let_go(self, data: st.DataObject, entry: Entry) -> None:
        step = f"cancel, {entry.state}"
        if data.draw(seldom):
            work = self.at("staff", entry, lambda conn: desk.cancel(conn, entry.id))
            self.both(step, work, lambda _: self.paper.take_back(entry.id))
        else:
            work = self.at("page", entry, lambda conn: waiting.let_go(conn, entry.id, "visitor"))
            self.both(step, work, lambda _: self.paper.let_go(entry.id, "visitor"))

    def fewer_come(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data, *ACTIVE) if not data.draw(seldom) else self.pick(data)
        return self.shrink(data, entry) if entry else NotImplemented

    def shrink(self, data: st.DataObject, entry: Entry) -> None:
        adults, children = data.draw(st.sampled_from([(1, 0), (0, 1), (1, 1), (2, 0), (0, 0), (-1, 0)]))
        party = Party(max(0, entry.party.adults - adults), max(0, entry.party.children - children))

        async def work(conn: Connection) -> None:
            await booking.shrink(conn, await queries.booking_by_id(conn, entry.id), told_of(party))

        self.both(f"shrink, {entry.state}", work, lambda _: self.paper.shrink(entry.id, party))

    def somebody_moves(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data, *ACTIVE) if not data.draw(seldom) else self.pick(data)
        return self.move(data, entry) if entry else NotImplemented

    def move(self, data: st.DataObject, entry: Entry) -> None:
        """Mostly to the other session of the activity."""
        session = self.session(data) if data.draw(seldom) else self.current[entry.session == self.current[0]]
        self.both(
            f"move, {entry.state}",
            lambda conn: moving.move(conn, entry.id, session, DAYTIME),
            lambda _: self.paper.move(entry.id, session),
        )

    # What is told and answered.

    def an_offer_is_told(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """Once; or again some minutes later, which gives nobody more time: it is over when it would have been."""
        entry = self.pick(data, "offered")
        if entry is None:
            return NotImplemented
        self.tell_of(data, entry)
        if data.draw(st.booleans()):
            self.let_it_be(self.paper.now + timedelta(minutes=10))
            self.tell_of(data, entry)
            self.let_it_be(self.paper.entries[entry.id].answer_by or self.paper.now)
        return None

    def tell_of(self, data: st.DataObject, entry: Entry) -> None:
        """By a message that is sent now and heard of now or later, or by phone; or no message arrives."""
        at = self.paper.now
        how = data.draw(st.sampled_from(["sent", "sent", "sent later", "ring", "failed", "another sent"]))
        about: dict[str, Any] = {"about": entry.id, "contact_ref": uuid4(), "message_id": new_id(), "revision": 1}
        about |= {"template": "confirmed" if how == "another sent" else "offered", "channel": "sms"}
        if how == "ring":
            work = self.at("staff", entry, lambda conn: desk.told(conn, entry.id, DAYTIME))
            self.both(f"ring, {entry.state}", work, lambda _: self.paper.ring(entry.id))
            return
        if how == "failed":
            failed = MessageFailed.of(about["message_id"], MessageFailure(**about, reason="unreachable"))
            self.tell(failed, lambda: self.paper.not_told(entry.id), later=False)
            return
        sent = MessageSent.of(about["message_id"], MessageDispatch(**about, sent_at=at))
        told = (lambda: None) if how == "another sent" else (lambda: self.paper.told(entry.id, at))
        self.tell(sent, told, later=how == "sent later")

    def an_offer_is_answered(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data, "offered")
        return self.answer(data, entry) if entry else NotImplemented

    def something_else_is_answered(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data)
        return self.answer(data, entry) if entry else NotImplemented

    def answer(self, data: st.DataObject, entry: Entry) -> None:
        """Yes or no: on the page, at the desk, or by SMS that arrives now or later."""
        place = data.draw(st.sampled_from(["page", "page", "staff", "SMS", "SMS", "SMS later"]))
        says: Literal["yes", "no"] = data.draw(st.sampled_from(["yes", "yes", "no"]))
        step = f"{says} at {place}, {entry.state}"
        if place in {"page", "staff"}:
            if says == "yes":
                work = self.at(place, entry, lambda conn: waiting.accept(conn, entry.id, DAYTIME))
                self.both(step, work, lambda _: self.paper.accept(entry.id))
            else:
                work = self.at(place, entry, lambda conn: waiting.decline(conn, entry.id))
                self.both(step, work, lambda _: self.paper.decline(entry.id))
            return
        tried[step] += 1
        self.reply(entry, says, later=place == "SMS later")

    def reply(self, entry: Entry, says: Literal["yes", "no"], *, later: bool) -> None:
        at = self.paper.now
        facts = Reply(reply_id=new_id(), revision=1, contact_ref=uuid4(), about=entry.id, says=says, received_at=at)
        self.tell(ReplyReceived.of(facts.reply_id, facts), lambda: self.paper.reply(entry.id, says, at), later=later)

    def an_event_comes_late(self, data: st.DataObject) -> Any:  # noqa: ANN401
        return self.arrive(data.draw(first_ones) % len(self.post)) if self.post else NotImplemented

    def an_event_comes_again(self, data: st.DataObject) -> Any:  # noqa: ANN401
        if not self.heard:
            return NotImplemented
        self.house.hear(self.heard[data.draw(st.integers(0, 19)) % len(self.heard)])
        tried["an event again"] += 1
        return self.check()

    # What staff do at the desk.

    def at(self, place: str, entry: Entry, work: Work[None]) -> Work[None]:
        """As staff do it, for a booking of their session; or as its visitor does."""
        session, id_ = entry.session, entry.id

        async def at_the_desk(conn: Connection) -> None:
            await desk.require(conn, session, id_)
            await work(conn)

        return at_the_desk if place == "staff" else work

    def staff_book(self, data: st.DataObject) -> None:
        """For somebody new, for somebody who waits, or who has a seat; also on purpose where it is full."""
        session, who = self.full_session(data), data.draw(st.integers(0, len(PEOPLE) - 1))
        waiting_ = self.pick(data, *WAITS)
        if waiting_ and waiting_.person and data.draw(st.booleans()):
            session, who = waiting_.session, PEOPLE.index(waiting_.person)
        self.book_at_desk(data, session, who)

    def book_at_desk(self, data: st.DataObject, session: UUID, who: int) -> None:
        party, override, queue = self.fitting(data, session), data.draw(st.booleans()), data.draw(st.booleans())
        request, person = asks(session, who, party, hold=None, queue=queue)
        before = {entry.id: entry.state for entry in self.paper.entries.values()}

        def noted(made: queries.KnownBooking | None) -> None:
            wish = Wish(made.id if made else uuid4(), party, person, request.reach.by, None, queue)
            id_ = self.paper.book_at_desk(session, wish, override=override)
            assert made is not None
            assert (made.id, made.state) == (id_, self.paper.entries[id_].state)
            if override:
                self.let_in.add(id_)

        known = next((state for id_, state in before.items() if self.is_of(id_, session, person)), "new")
        step = f"{'override' if override else 'book'} at the desk, {known}"
        work = lambda conn: desk_booking.book(conn, request, STAFF, KEY, DAYTIME, override=override)  # noqa: E731
        self.both(step, work, noted)

    def is_of(self, booking_: UUID, session: UUID, person: str | None) -> bool:
        """Whether this person has a seat with that booking, or waits with it."""
        entry = self.paper.entries[booking_]
        return bool(person) and (entry.session, entry.person) == (session, person) and entry.state in ACTIVE

    def desk_again(self, data: st.DataObject, entry: Entry) -> None:
        """The same person at the desk."""
        if entry.person:
            self.book_at_desk(data, entry.session, PEOPLE.index(entry.person))

    def staff_see_who_came(self, data: st.DataObject) -> Any:  # noqa: ANN401
        begun = any(sheet.terms.starts <= self.paper.now for sheet in self.paper.sheets.values())
        entry = self.pick(data, "confirmed") if begun and not data.draw(seldom) else self.pick(data)
        if entry is None:
            return NotImplemented
        return self.attend(data, entry)

    def attend(self, data: st.DataObject, entry: Entry) -> None:
        attendance: domain.Mark | None = data.draw(
            st.sampled_from(["no_show", "no_show", "came", None, "excused", "revoked"])
        )
        self.both(
            f"{attendance or 'nothing'} instead of {entry.attendance or 'nothing'}",
            lambda conn: desk.attend(conn, entry.session, entry.id, attendance),
            lambda _: self.paper.attend(entry.id, attendance),
        )

    def somebody_stands_by(self, data: st.DataObject) -> Any:  # noqa: ANN401
        entry = self.pick(data) if data.draw(seldom) else self.pick(data, "closed")
        return self.stand_by(data, entry) if entry else NotImplemented

    def stand_by(self, _: st.DataObject, entry: Entry) -> None:
        self.both(
            f"stand by, {entry.state}",
            lambda conn: desk.seat_standby(conn, entry.session, entry.id),
            lambda _: self.paper.stand_by(entry.id),
        )

    # What catalog tells.

    def catalog_changes_the_capacity(self, data: st.DataObject) -> None:
        seats, queue = data.draw(st.sampled_from([2, 3, 4, 1, 5, 0])), data.draw(st.sampled_from([4, 4, 2, 1, 0]))
        self.change(data, self.full_session(data), seats=seats, queue=queue)

    def catalog_changes_something_else(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """A session moves, takes longer, is as it was, opens or closes for newcomers, or is not offered any more."""
        session = self.full_session(data)
        what = data.draw(
            st.sampled_from(
                [0.25, 1, -0.25, 24, -1, 168, -4, -24, "room", "end", "nothing", "withdrawn", "withdrawn", "cancelled"]
                + ["opening"] * 6
            )
        )
        if session not in self.catalog:
            return NotImplemented
        starts = self.catalog[session][2].starts
        match what:
            case "withdrawn" | "cancelled":
                self.end(data, session, what)
            case "opening":
                soon = self.paper.now + timedelta(hours=1)
                between = st.sampled_from([(None, None), (None, self.paper.now), (None, soon), (soon, None)])
                opens, closes = data.draw(between)
                self.change(data, session, opens=opens, closes=closes)
            case "room":
                self.change(data, session, room=data.draw(st.sampled_from(["Studion", ""])))
            case "end":
                self.change(data, session, ends=starts + timedelta(minutes=120))
            case "nothing":
                self.change(data, session)
            case hours:
                moved = starts + timedelta(hours=float(str(hours)))
                self.change(data, session, starts=moved, ends=moved + timedelta(minutes=90))
        return None

    def change(self, data: st.DataObject, session: UUID, **changes: Any) -> None:  # noqa: ANN401 - fields of Terms
        """Catalog changes a session, unless it has cancelled it."""
        if session in self.catalog:
            state, revision, now = self.catalog[session]
            revision, told = revision + 1, replace(now, **changes)
            self.catalog[session] = state, revision, told
            tried[f"change of {', '.join(changes) or 'nothing'}"] += 1
            noted = lambda: self.paper.publish(session, revision, told)  # noqa: E731 - as for the other events
            self.tell(self.publication(session), noted, later=data.draw(seldom))

    def end(self, data: st.DataObject, session: UUID, how: str) -> None:
        """Catalog withdraws or cancels a session."""
        state, revision, now = self.catalog.pop(session)
        revision += 1
        if how == "withdrawn":
            self.catalog[session] = state, revision, now
            withdrawn = SessionWithdrawn.of(session, SessionRef(session_id=session, revision=revision))
            self.tell(withdrawn, lambda: self.paper.withdraw(session, revision), later=data.draw(seldom))
            self.something_happens_to_what_is_not_offered(data, session)
        else:
            facts = SessionCancellation(session_id=session, revision=revision, reason="illness")
            cancelled = SessionCancelled.of(session, facts)
            self.tell(cancelled, lambda: self.paper.cancel(session, revision), later=data.draw(seldom))

    def something_happens_to_what_is_not_offered(self, data: st.DataObject, session: UUID) -> None:
        """Somebody gives a seat back, which nobody gets before it is offered again."""
        somebody, again = data.draw(st.tuples(st.booleans(), st.booleans()))
        seated = self.paper.of(self.paper.sheets[session], "confirmed")
        if somebody and seated:
            self.let_go(data, seated[0])
        if again:
            self.change(data, session)

    def catalog_publishes_another(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """Instead of one that has begun."""
        over = [n for n, session in enumerate(self.current) if self.is_over(self.paper.sheets[session])]
        if not over:
            return NotImplemented
        self.current[over[0]] = self.new_session(data, self.activities[over[0]], over[0])
        tried["another session"] += 1
        return self.check()

    def is_over(self, sheet: Sheet) -> bool:
        return sheet.status == "cancelled" or self.paper.now >= sheet.terms.starts

    # Time.

    def time_passes(self, data: st.DataObject) -> None:
        minutes = data.draw(st.sampled_from([1, 5, 15, 16, 60, 240]))
        self.until(data, self.paper.now + timedelta(minutes=minutes))

    def something_is_due(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """To the next moment that matters, or just before or after it."""
        off = data.draw(offs)
        moments = sorted({at + off for at in self.paper.moments() if at + off > self.paper.now})
        return self.until(data, moments[data.draw(first_ones) % len(moments)]) if moments else NotImplemented

    def the_list_is_filled(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """It is time to pass who needs more seats than are free; and nobody has looked."""
        for session in self.current:
            sheet = self.paper.sheets[session]
            fills = sheet.terms.starts - timedelta(hours=sheet.terms.fill_from_hours)
            free = self.paper.free(sheet)
            fits = [entry.seats <= free for entry in self.paper.of(sheet, "queued")]
            if any(fits) and not fits[0] and self.paper.now < fills:
                return self.let_it_be(fills + data.draw(offs))
        return NotImplemented

    def somebody_comes_at_the_last_moment(self, data: st.DataObject) -> Any:  # noqa: ANN401
        """Their time is up just before, then or just after; and nobody has looked."""
        entry = self.pick(data, "offered") or self.pick(data, *ACTIVE)
        if entry is None:
            return NotImplemented
        if entry.state == "offered" and entry.answer_by is None and data.draw(st.booleans()):
            self.tell_of(data, entry)
        entry = self.paper.entries[entry.id]
        ends = entry.answer_by or self.paper.sheets[entry.session].terms.starts
        if entry.state == "offered" and data.draw(seldom):
            return self.a_yes_in_time_is_late(entry, ends)
        self.let_it_be(ends + data.draw(offs))
        deeds = (
            self.shrink,
            self.answer,
            self.let_go,
            self.move,
            self.tell_of,
            self.attend,
            self.stand_by,
            self.desk_again,
        )
        return data.draw(st.sampled_from((*deeds, self.book_again)))(data, entry)

    def a_yes_in_time_is_late(self, entry: Entry, ends: datetime) -> None:
        """It was said in time and takes its time to arrive; nobody has looked meanwhile."""
        self.let_it_be(ends - timedelta(microseconds=1))
        self.reply(entry, "yes", later=True)
        self.let_it_be(ends + timedelta(seconds=1))
        tried["a yes in time is late"] += 1
        self.arrive(len(self.post) - 1)

    def let_it_be(self, at: datetime) -> None:
        """Time never goes back."""
        self.paper.now = max(at, self.paper.now)
        self.house.stop_at(self.paper.now)
        tried["time passes"] += 1
        self.check()

    def until(self, data: st.DataObject, at: datetime) -> None:
        self.let_it_be(at)
        if data.draw(st.booleans()):
            self.time_is_kept()
            self.people_are_reminded()

    def somebody_looks(self, data: st.DataObject) -> None:
        self.time_is_kept() if data.draw(st.booleans()) else self.people_are_reminded()

    def time_is_kept(self) -> None:
        """As the timekeeper does it."""
        for session in self.house.run(lambda conn: sessions.due(conn, 50)):
            self.house.run(lambda conn, session=session: look_after(conn, session))  # type: ignore[misc]  # bound now
            self.paper.look(session)
            tried["a look after a session"] += 1
            self.check()
        assert not self.seen.due, "a look does not end what it is for"

    def people_are_reminded(self) -> None:
        self.house.run(remind)
        self.paper.remind()
        tried["a look after reminders"] += 1
        self.check()

    # What must hold.

    def check(self) -> None:
        """After each step: the same is on paper and in the database; and what holds whatever is on paper."""
        self.steps += 1
        shown = list(self.paper.sheets.values())[self.steps % len(self.paper.sheets)]
        line = [entry.id for entry in self.paper.of(shown, "queued")]
        seen = self.house.see(self.seen, shown.id, line[self.steps % len(line)] if line else None)
        self.is_as_on_paper(seen)
        self.was_told_once(seen)
        for sheet in self.paper.sheets.values():
            self.seats_are_exact(sheet, seen)
            self.nobody_was_overtaken(sheet, seen)
        self.what_is_shown_is_so(shown, line, seen)
        assert self.paper.overdue() <= seen.due, "time has changed a session, and nobody is to look at it"
        self.seen = seen

    def is_as_on_paper(self, seen: Seen) -> None:
        bookings = {id_: _on_paper(entry) for id_, entry in self.paper.entries.items()}
        assert {id_: _in_database(row) for id_, row in seen.bookings.items()} == bookings
        holds = {
            id_: (sheet.id, hold.seats, hold.since, hold.until)
            for sheet in self.paper.sheets.values()
            for id_, hold in sheet.holds.items()
        }
        assert {id_: tuple(row)[1:] for id_, row in seen.holds.items()} == holds
        for sheet in self.paper.sheets.values():
            row = seen.sessions[sheet.id]
            expected = sheet.status, self.paper.taken(sheet), len(sheet.told)
            assert (row["status"], row["taken"], row["revision"]) == expected

    def was_told_once(self, seen: Seen) -> None:
        """What was told in this step is what is new on paper, without a gap between revisions."""
        words: dict[UUID, list[tuple[int, Word]]] = {id_: [] for id_ in self.paper.entries}
        seats: dict[UUID, list[Seats]] = {id_: [] for id_ in self.paper.sheets}
        for told in seen.told:
            if isinstance(told, AvailabilityChanged):
                seats[told.data.session_id].append(_seats(told.data))
            elif isinstance(told.data, BookingState):
                row, word = seen.bookings[told.data.booking_id], _word(told)
                words[told.data.booking_id].append((told.data.revision, word))
                assert [getattr(told.data, fact) for fact in _FACTS] == [row[fact] for fact in _FACTS]
                tried[f"({word.what} is told)"] += 1
        for entry in self.paper.entries.values():
            known = self.seen.bookings[entry.id]["revision"] if entry.id in self.seen.bookings else 0
            assert words[entry.id] == list(enumerate(entry.told, start=1))[known:]
            assert [word.what for _, word in words[entry.id][1:]] in ([], ["offered"]), "one event, and what follows it"
            assert len(set(entry.reminded_of)) == len(entry.reminded_of), "reminded once of a start"
        for sheet in self.paper.sheets.values():
            known = self.seen.sessions[sheet.id]["revision"] if sheet.id in self.seen.sessions else 0
            assert seats[sheet.id] == sheet.told[known:]
            assert len(seats[sheet.id]) <= 1, "how full it is is told once in a step"
            assert sheet.told[-1] == self.paper.seats(sheet), "what was told last is so"

    def seats_are_exact(self, sheet: Sheet, seen: Seen) -> None:
        """Counted from the rows alone."""
        row, before = seen.sessions[sheet.id], self.seen.sessions.get(sheet.id)
        had = sum(one["seats"] for one in seen.bookings.values() if one["session_id"] == sheet.id and _sits(one))
        assert row["taken"] == had + _held(seen, sheet)
        assert row["ceiling"] == max(sheet.terms.seats, row["taken"])
        assert row["overbooked"] == sheet.let_in
        others, others_before = (one["taken"] - one["overbooked"] if one else 0 for one in (row, before))
        assert others <= max(others_before, sheet.terms.seats), "let in above the capacity, and not on purpose"

    def nobody_was_overtaken(self, sheet: Sheet, seen: Seen) -> None:
        """From the rows alone: who was let in, and who was left behind."""
        here = [row for row in seen.bookings.values() if row["session_id"] == sheet.id]
        line = sorted((row for row in here if row["state"] == "queued"), key=lambda row: row["joined"])
        if not line:
            return
        early = self.paper.now < sheet.terms.starts - timedelta(hours=sheet.terms.fill_from_hours)
        for row in (row for row in here if row["state"] == "offered" and not self.was(row, "offered")):
            passed = [one for one in line if one["joined"] < row["joined"] and one["seats"] <= sheet.terms.seats]
            assert not (passed and early), "before the list is filled only its head is offered a seat"
            wanted = [self.seen.bookings.get(one["id"], one)["seats"] for one in passed]
            assert all(seats > row["seats"] for seats in wanted), "a party that fits was passed"
        coming = [row for row in here if row["state"] == "confirmed" and not self.was(row, *ACTIVE, "closed")]
        coming = [row for row in coming if row["id"] not in self.let_in]
        released = _held(self.seen, sheet) - _held(seen, sheet)
        assert sum(row["seats"] for row in coming) <= max(0, released), "a newcomer passed who waits"
        assert released >= 0, "seats are held that somebody waits for"
        offering = sheet.status == "published" and self.paper.now <= sheet.terms.starts - timedelta(minutes=30)
        free = sheet.terms.seats - seen.sessions[sheet.id]["taken"]
        able = [row["seats"] for row in line if row["seats"] <= sheet.terms.seats]
        assert not (offering and able and able[0] <= free), "a seat is free, and the head of those who could fit does"

    def was(self, row: asyncpg.Record, *states: str) -> bool:
        """Whether a booking was in one of these states in this session before the step."""
        before = self.seen.bookings.get(row["id"])
        return before is not None and before["session_id"] == row["session_id"] and before["state"] in states

    def what_is_shown_is_so(self, sheet: Sheet, line: list[UUID], seen: Seen) -> None:
        """Of one session and one booking after each step, in turn."""
        assert seen.desk is not None
        assert (seen.desk.capacity, seen.desk.taken) == (sheet.terms.seats, self.paper.taken(sheet))
        assert {one.id: (one.position, one.answer_by, one.to_call, one.reconfirmed) for one in seen.desk.bookings} == {
            entry.id: (
                line.index(entry.id) + 1 if entry.id in line else None,
                entry.answer_by if entry.state == "offered" else None,
                entry.to_call(sheet.terms.starts, self.paper.now),
                entry.reconfirmed,
            )
            for entry in self.paper.entries.values()
            if entry.session == sheet.id
        }
        assert seen.page is None or seen.page.position == line.index(seen.page.id) + 1

    def teardown(self) -> None:
        self.house.clear()


_FACTS = ("session_id", "adults", "children", "seats")


def _in_database(row: asyncpg.Record) -> tuple[object, ...]:
    """A booking as it is in the database ..."""
    offered = row["state"] == "offered"
    return (
        *(row[name] for name in ("session_id", "state", "revision", "adults", "children", "seats")),
        row["answer_by"] if offered else None,
        row["untold"] if offered else False,
        *(row[name] for name in ("remind_at", "reconfirmed", "attendance")),
    )


def _on_paper(entry: Entry) -> tuple[object, ...]:
    """... and as it is on paper."""
    offered = entry.state == "offered"
    return (
        *(entry.session, entry.state, len(entry.told), *entry.party, entry.seats),
        entry.answer_by if offered else None,
        entry.untold if offered else False,
        *(entry.remind_at, entry.reconfirmed, entry.attendance),
    )


_OF_SERIES = {"series_booking_id"}
"""What one message tells of several dates, or of other sessions than those of a story."""


def _word(told: AnyEvent) -> Word:
    """What an event says, without what every event about a booking says."""
    data = told.data
    assert isinstance(data, BookingState)
    names = type(data).model_fields.keys() - BookingState.model_fields.keys() - _OF_SERIES
    more = {name: getattr(data, name) for name in names}
    return Word(told.type.split(".")[2], str(data.state), tuple(sorted(more.items())))


def _seats(data: Availability) -> Seats:
    return Seats(data.capacity, data.taken, data.left, data.queue_capacity, data.queue_left)


def _sits(row: asyncpg.Record) -> bool:
    return bool(row["state"] == "offered" or (row["state"] == "confirmed" and row["attendance"] not in AWAY))


def _held(seen: Seen, sheet: Sheet) -> int:
    return sum(row["seats"] for row in seen.holds.values() if row["session_id"] == sheet.id)


@pytest.fixture
async def dsn(databases: Databases) -> str:
    return await still(databases)


@pytest.mark.timeout(600 + 2 * 60 * MINUTES)
def test_every_seat_finds_its_visitor_whatever_happens_in_whatever_order(dsn: str) -> None:
    """Fails when any step does another thing than the rules say, or the same twice, or too late."""
    tried.clear()
    stories = steps = 0
    chosen = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        derandomize=not MINUTES,
        database=None,
        deadline=None,
        print_blob=False,
        report_multiple_bugs=False,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )
    began = time.monotonic()
    with House.on(dsn) as house:

        class Story(Line):
            def __init__(self) -> None:
                super().__init__(house)

            def teardown(self) -> None:
                nonlocal stories, steps
                stories, steps = stories + 1, steps + self.steps
                super().teardown()

        while not stories or time.monotonic() < began + 60 * MINUTES:
            run_state_machine_as_test(Story, settings=chosen)
    print(f"\n{steps} steps in {stories} stories, {time.monotonic() - began:.0f} s")  # noqa: T201 - with -s only
    for step, times in sorted(tried.items()):
        print(f"{times:8} {step}")  # noqa: T201
