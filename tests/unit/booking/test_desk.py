"""Staff book at the desk, and let in on purpose; queue tickets."""

from datetime import timedelta
from uuid import UUID

import pytest

from services.booking import domain
from services.booking.domain import (
    Accept,
    Book,
    BookAtDesk,
    Decline,
    GiveBack,
    MarkAbsent,
    Offered,
    Party,
    Publish,
    Queued,
    Seated,
    Session,
)
from services.booking.domain.tickets import Standing, Tap, TicketState, called, tapped
from tests.unit.booking.samples import BEFORE, START, after, one, refusal, session

ONE, TWO = Party(adults=1, children=0), Party(adults=2, children=0)
FIRST, SECOND = UUID(int=11), UUID(int=12)


def full(**changes: object) -> Session:
    return after(session(seats=2, queue=4, **changes), Book(party=TWO)).session


@pytest.mark.parametrize("changes", [{"booked_by": "staff"}, {"mode": "mixed", "walk_in": 5}])
def test_staff_book_what_visitors_may_not(changes: dict[str, object]) -> None:
    state, outcome = one(session(**changes), BookAtDesk(party=ONE))
    assert (outcome, state.taken) == (Seated(seats=1), 1)


def test_staff_book_before_booking_opens_and_after_it_closes() -> None:
    closed = session(opens_at=BEFORE - timedelta(days=2), closes_at=BEFORE - timedelta(days=1))
    assert one(closed, BookAtDesk(party=ONE))[1] == Seated(seats=1)
    assert one(session(opens_at=BEFORE + timedelta(days=1)), BookAtDesk(party=ONE))[1] == Seated(seats=1)


def test_staff_book_late_comers_until_the_end() -> None:
    ends = session().terms.ends_at
    assert one(session(), BookAtDesk(party=ONE), ends - timedelta(seconds=1))[1] == Seated(seats=1)
    for override in (False, True):
        assert refusal(one(session(), BookAtDesk(party=ONE, override=override), ends)[1]) is domain.Closed


@pytest.mark.parametrize("status", ["withdrawn", "cancelled"])
def test_what_is_not_offered_is_not_booked_either(status: str) -> None:
    assert refusal(one(session(status=status), BookAtDesk(party=ONE, override=True))[1]) is domain.Closed


@pytest.mark.parametrize(
    ("party", "why"),
    [
        (Party(adults=5, children=0), domain.PartyTooLarge),
        (Party(adults=0, children=0), domain.PartyEmpty),
    ],
)
def test_an_override_is_about_seats_and_nothing_else(party: Party, why: type[Exception]) -> None:
    assert refusal(one(full(), BookAtDesk(party=party, override=True))[1]) is why


def test_a_full_session_takes_nobody_without_an_override_but_into_the_line() -> None:
    assert refusal(one(full(), BookAtDesk(party=ONE))[1]) is domain.SoldOut
    assert one(full(), BookAtDesk(party=ONE, queue_as=FIRST))[1] == Queued(seats=1)
    unreachable = BookAtDesk(party=ONE, queue_as=FIRST, reachable=False)
    assert refusal(one(full(), unreachable)[1]) is domain.Unreachable


def test_an_override_lets_a_party_in_and_says_how_many_seats_it_adds() -> None:
    state, outcome = one(full(), BookAtDesk(party=TWO, override=True))
    assert outcome == Seated(seats=2, over=2)
    assert (state.taken, state.ceiling, state.overbooked, state.left) == (4, 4, 2, 0)
    nearly = after(session(seats=2), Book(party=ONE)).session
    state, outcome = one(nearly, BookAtDesk(party=TWO, override=True))
    assert outcome == Seated(seats=2, over=1)
    assert (state.taken, state.ceiling, state.overbooked) == (3, 3, 1)


def test_an_override_that_was_not_needed_is_none() -> None:
    state, outcome = one(session(seats=2), BookAtDesk(party=TWO, override=True))
    assert (outcome, state.overbooked) == (Seated(seats=2), 0)


def test_seats_let_in_go_first_when_seats_come_back() -> None:
    state = after(full(), BookAtDesk(party=TWO, override=True), GiveBack(seats=1, by="staff")).session
    assert (state.taken, state.ceiling, state.overbooked, state.left) == (3, 3, 1, 0)
    state = after(state, GiveBack(seats=2, by="staff")).session
    assert (state.taken, state.ceiling, state.overbooked, state.left) == (1, 2, 0, 1)


def test_an_offer_that_is_accepted_leaves_who_was_let_in_above() -> None:
    offered = after(full(), Book(party=ONE, queue_as=FIRST), GiveBack(seats=1, by="visitor")).session
    state = after(offered, BookAtDesk(party=ONE, override=True)).session
    assert (state.taken, state.overbooked) == (3, 1)
    for command in (Accept(id=FIRST, at=BEFORE), BookAtDesk(party=ONE, known=FIRST)):
        assert after(state, command).session.overbooked == 1


def test_more_seats_take_in_who_was_let_in() -> None:
    state = after(full(), BookAtDesk(party=ONE, override=True)).session
    more = session(seats=3).terms
    state = after(state, Publish(terms=more)).session
    assert (state.taken, state.ceiling, state.overbooked) == (3, 3, 0)


def test_an_override_comes_on_top_of_lowered_seats() -> None:
    lowered = after(full(), Publish(terms=session(seats=1).terms)).session
    assert (lowered.ceiling, lowered.overbooked) == (2, 0)
    state, outcome = one(lowered, BookAtDesk(party=ONE, override=True))
    assert outcome == Seated(seats=1, over=1)
    assert (state.taken, state.ceiling, state.overbooked) == (3, 3, 1)


def test_a_drop_in_has_no_seats_to_book_and_takes_an_override() -> None:
    drop_in = session(mode="drop_in")
    assert refusal(one(drop_in, BookAtDesk(party=ONE))[1]) is domain.SoldOut
    assert one(drop_in, BookAtDesk(party=ONE, override=True))[1] == Seated(seats=1, over=1)


def waiting() -> Session:
    """One seat of two is free, and FIRST waits for two; SECOND waits for one behind them."""
    state = after(session(seats=2, queue=4), Book(party=TWO), Book(party=TWO, queue_as=FIRST)).session
    state = after(state, Book(party=ONE, queue_as=SECOND)).session
    return after(state, GiveBack(seats=1, by="visitor")).session


def test_the_line_is_passed_by_an_override_only_and_that_is_said() -> None:
    assert waiting().free == 1
    assert refusal(one(waiting(), BookAtDesk(party=ONE))[1]) is domain.SoldOut
    state, outcome = one(waiting(), BookAtDesk(party=ONE, override=True))
    assert outcome == Seated(seats=1, over=0)
    assert [each.id for each in state.queued] == [FIRST, SECOND]


def test_who_has_an_offer_gets_those_seats_at_the_desk_and_the_offer_is_over() -> None:
    offered = after(full(), Book(party=ONE, queue_as=FIRST), GiveBack(seats=1, by="visitor")).session
    assert offered.line[0].offered
    state, outcome = one(offered, BookAtDesk(party=ONE, known=FIRST))
    assert (outcome, state.line, state.taken) == (Seated(seats=1), (), 2)
    decision = domain.decide(state, [Decline(id=FIRST)], BEFORE)
    assert refusal(decision.outcomes[0]) is domain.OfferGone


def test_who_has_an_offer_for_two_and_comes_alone_leaves_a_seat_for_the_next() -> None:
    state = after(full(), Book(party=TWO, queue_as=FIRST), Book(party=ONE, queue_as=SECOND)).session
    state = after(state, GiveBack(seats=2, by="visitor")).session
    decision = after(state, BookAtDesk(party=ONE, known=FIRST))
    assert decision.outcomes == (Seated(seats=1),)
    assert decision.happened == (Offered(id=SECOND),)


def test_who_waits_keeps_their_place_without_an_override_and_leaves_it_with_one() -> None:
    state, outcome = one(waiting(), BookAtDesk(party=ONE, known=SECOND))
    assert (refusal(outcome), [each.id for each in state.queued]) == (domain.SoldOut, [FIRST, SECOND])
    state, outcome = one(waiting(), BookAtDesk(party=ONE, known=SECOND, override=True))
    assert (outcome, [each.id for each in state.queued]) == (Seated(seats=1, over=0), [FIRST])


def test_who_was_let_in_and_does_not_come_gives_room_to_nobody_above_the_capacity() -> None:
    state = after(full(), BookAtDesk(party=ONE, override=True)).session
    state, _ = one(state, MarkAbsent(seats=1), START + timedelta(minutes=10))
    assert (state.taken, state.free, state.overbooked) == (2, 0, 0)


W, C, S, G = "waiting", "called", "served", "gave-up"


@pytest.mark.parametrize(
    ("state", "tap", "becomes"),
    [
        (C, "served", S),
        (C, "gave-up", G),
        (W, "gave-up", G),
        (C, "again", C),
        (G, "again", C),
        (S, "again", C),
        (S, "served", S),
        (G, "gave-up", G),
    ],
)
def test_what_taps_make_of_a_ticket(state: TicketState, tap: Tap, becomes: TicketState) -> None:
    assert tapped(Standing(state=state), tap).state == becomes


@pytest.mark.parametrize(
    ("state", "tap", "why"),
    [
        (W, "served", domain.TicketNotCalled),
        (W, "again", domain.TicketNotCalled),
        (S, "gave-up", domain.TicketDone),
        (G, "served", domain.TicketDone),
        (W, "undo", domain.NothingToUndo),
        (S, "undo", domain.NothingToUndo),
    ],
)
def test_taps_that_mean_nothing(state: TicketState, tap: Tap, why: type[Exception]) -> None:
    with pytest.raises(why):
        tapped(Standing(state=state), tap)


@pytest.mark.parametrize("tap", ["served", "gave-up", "again"])
def test_the_last_tap_is_taken_back_once(tap: Tap) -> None:
    before = called(Standing(state="waiting"))
    undone = tapped(tapped(before, tap), "undo")
    assert undone.state == ("waiting" if tap == "again" else "called")
    with pytest.raises(domain.NothingToUndo):
        tapped(undone, "undo")
