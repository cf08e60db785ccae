"""The waiting list: in order, whole parties, nobody overtaken."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from services.booking import domain
from services.booking.domain import (
    Accept,
    Book,
    Decline,
    End,
    GiveBack,
    Leave,
    LeftWaiting,
    Offered,
    OfferExpired,
    Party,
    Publish,
    Queued,
    Seated,
    Session,
    Shrink,
    Told,
    decide,
)
from tests.unit.booking.samples import BEFORE, START, TERMS, after, one, refusal, session

A, B, C, D = (UUID(int=n) for n in range(10, 14))
NEAR = START - timedelta(hours=5)
"""Within the time in which a party that fits may pass one that does not."""
MINUTE = timedelta(minutes=1)


def party(people: int) -> Party:
    return Party(adults=people, children=0)


def join(booking: UUID, people: int = 1, *, reachable: bool = True) -> Book:
    return Book(party=party(people), queue_as=booking, reachable=reachable)


def full(*waiting: tuple[UUID, int], seats: int = 4, **changes: object) -> Session:
    """A session without a free seat, and who waits for it."""
    state = session(seats=seats, **changes).with_taken(seats)
    return after(state, *(join(booking, people) for booking, people in waiting)).session


def leaves(seats: int) -> GiveBack:
    return GiveBack(seats=seats, by="library")


def test_who_joins_stands_at_the_end() -> None:
    state, outcome = one(full((A, 1), (B, 2)), join(C, 4))
    assert outcome == Queued(seats=4)
    assert [state.position(booking) for booking in (A, B, C, D)] == [1, 2, 3, None]
    assert (state.taken, state.left, state.queue_left) == (4, 0, 5)


def test_nobody_waits_where_there_is_a_seat() -> None:
    state, outcome = one(session(), join(A))
    assert outcome == Seated(seats=1)
    assert state.line == ()


@pytest.mark.parametrize(
    ("changes", "people", "reachable", "before_start", "expected"),
    [
        ({"queue": 2}, 1, True, timedelta(days=3), domain.QueueFull),
        ({"queue": 0}, 1, True, timedelta(days=3), domain.SoldOut),
        ({}, 1, False, timedelta(days=3), domain.Unreachable),
        ({}, 1, True, timedelta(minutes=29), domain.QueueClosed),
        ({}, 1, True, timedelta(minutes=30), None),
        ({}, 1, True, timedelta(0), domain.Closed),
        ({}, 5, True, timedelta(days=3), domain.PartyTooLarge),
        ({"seats": 3}, 4, True, timedelta(days=3), domain.SoldOut),  # never so many seats, however long they wait
        ({"status": "withdrawn"}, 1, True, timedelta(days=3), domain.Closed),
    ],
)
def test_who_may_not_wait(
    changes: dict[str, object],
    people: int,
    reachable: bool,  # noqa: FBT001 - a table's column
    before_start: timedelta,
    expected: type[Exception] | None,
) -> None:
    terms = replace(TERMS, **({"seats": 4} | changes))  # type: ignore[arg-type]  # any field of Terms
    before = replace(full((A, 1), (B, 1)), terms=terms).with_taken(4)
    state, outcome = one(before, join(C, people, reachable=reachable), START - before_start)
    assert refusal(outcome) == expected
    if expected is not domain.Closed:
        assert (state.waiting(C) is None) == (expected is not None)


def test_a_newcomer_never_overtakes_who_waits() -> None:
    """Also not into a seat that the head of the list cannot use. Fails when free seats are left to newcomers."""
    state = after(full((A, 3)), leaves(1)).session
    assert (state.free, state.left) == (1, 0)
    assert refusal(one(state, Book(party=party(1)))[1]) is domain.SoldOut
    assert isinstance(one(state, join(B))[1], Queued)


def test_a_free_seat_is_offered_to_the_head_and_counted() -> None:
    decision = after(full((A, 1), (B, 1)), leaves(1))
    assert decision.happened == (Offered(id=A),)
    assert (decision.session.taken, decision.session.left) == (4, 0)
    assert decision.session.position(B) == 1
    assert decision.session.position(A) is None


def test_a_party_is_offered_all_its_seats_or_none() -> None:
    state = full((A, 3), (B, 1))
    decision = after(state, leaves(2))
    assert decision.happened == (), "the head needs three, and nobody passes it"
    decision = after(decision.session, leaves(1))
    assert decision.happened == (Offered(id=A),)


def test_who_could_never_fit_keeps_nobody_waiting() -> None:
    """Staff took seats away after they had joined. Fails when the head of the line is asked for whoever it is."""
    state = after(full((A, 4), (B, 1)), Publish(terms=replace(TERMS, seats=3))).session
    decision = after(state, leaves(2))
    assert decision.happened == (Offered(id=B),)
    assert decision.session.position(A) == 1
    more = after(decision.session, leaves(2), Publish(terms=replace(TERMS, seats=5)))
    assert more.happened == (Offered(id=A),)


def test_near_the_start_the_first_party_that_fits_is_offered_the_seat() -> None:
    """Fails when only the head is considered until the end."""
    state = after(full((A, 3), (B, 2), (C, 1), (D, 1)), leaves(1)).session
    assert decide(state, [], state.terms.fill_from - MINUTE).happened == ()
    assert decide(state, [], state.terms.fill_from).happened == (Offered(id=C),)


def test_as_many_as_fit_are_offered_seats_at_once() -> None:
    assert after(full((A, 1), (B, 2), (C, 1)), leaves(4)).happened == (Offered(id=A), Offered(id=B), Offered(id=C))


@pytest.mark.parametrize(("before_start", "offered"), [(30, True), (29, False), (0, False)])
def test_the_last_offer_is_half_an_hour_before_the_start(before_start: int, offered: bool) -> None:  # noqa: FBT001 - a table's column
    decision = decide(full((A, 1)), [leaves(1)], START - before_start * MINUTE)
    assert (Offered(id=A) in decision.happened) == offered


def test_more_seats_are_offered_and_fewer_take_no_offer_back() -> None:
    state = full((A, 1), (B, 1), (C, 1))
    more = after(state, Publish(terms=replace(state.terms, seats=6)))
    assert more.happened == (Offered(id=A), Offered(id=B))
    fewer = after(more.session, Publish(terms=replace(state.terms, seats=2)))
    assert (fewer.session.taken, fewer.session.ceiling) == (6, 6)
    assert isinstance(one(fewer.session, Accept(id=A, at=BEFORE))[1], Seated)


def test_who_accepts_has_the_seats() -> None:
    offered = after(full((A, 2), (B, 1)), leaves(2)).session
    state, outcome = one(offered, Accept(id=A, at=BEFORE))
    assert outcome == Seated(seats=2)
    assert (state.taken, state.waiting(A)) == (4, None)


@pytest.mark.parametrize("command", [Accept(id=A, at=BEFORE), Decline(id=A)])
def test_only_an_offer_is_answered(command: Accept | Decline) -> None:
    assert refusal(one(full((A, 1)), command)[1]) is domain.OfferGone
    assert refusal(one(full(), command)[1]) is domain.OfferGone


def test_who_declines_lets_the_next_have_it_at_once() -> None:
    """In the same decision, and so in the same transaction."""
    offered = after(full((A, 1), (B, 1)), leaves(1)).session
    decision = after(offered, Decline(id=A))
    assert decision.happened == (Offered(id=B),)
    assert decision.session.taken == 4


def test_who_leaves_lets_those_behind_move_up() -> None:
    state = after(full((A, 3), (B, 1)), leaves(1)).session
    decision = after(state, Leave(id=A))
    assert decision.happened == (Offered(id=B),)


def test_an_offer_nobody_was_told_of_waits() -> None:
    """Its clock has not begun: a message that is late, or held for the night, costs nobody their turn."""
    offered = after(full((A, 1), (B, 1)), leaves(1)).session
    assert decide(offered, [], START - 2 * MINUTE).happened == ()


def test_an_offer_that_is_not_answered_goes_on_by_itself() -> None:
    offered = after(full((A, 1), (B, 1)), leaves(1)).session
    told = after(offered, Told(id=A, answer_by=BEFORE + 60 * MINUTE)).session
    assert told.wakes_at(BEFORE) == BEFORE + 60 * MINUTE
    assert decide(told, [], BEFORE + 59 * MINUTE).happened == ()
    late = decide(told, [Accept(id=A, at=BEFORE + 60 * MINUTE)], BEFORE + 60 * MINUTE)
    assert late.happened == (OfferExpired(id=A), Offered(id=B))
    assert refusal(late.outcomes[0]) is domain.OfferGone
    assert late.session.taken == 4


def test_who_was_told_twice_has_the_time_they_were_told_first() -> None:
    told = after(after(full((A, 1)), leaves(1)).session, Told(id=A, answer_by=BEFORE + 60 * MINUTE)).session
    again = after(told, Told(id=A, answer_by=BEFORE + 90 * MINUTE)).session
    assert again == told


def test_an_answer_in_time_does_not_become_late_on_its_way() -> None:
    """Fails when what is over ends before an answer is looked at that was given before."""
    told = after(after(full((A, 1), (B, 1)), leaves(1)).session, Told(id=A, answer_by=BEFORE + 60 * MINUTE)).session
    decision = decide(told, [Accept(id=A, at=BEFORE + 59 * MINUTE)], BEFORE + 75 * MINUTE)
    assert decision.outcomes == (Seated(seats=1),)
    assert decision.happened == ()


def test_at_the_start_everything_that_waits_ends() -> None:
    state = after(full((A, 1), (B, 1), (C, 1)), leaves(1)).session
    decision = decide(state, [], START)
    assert decision.happened == (OfferExpired(id=A), LeftWaiting(id=B), LeftWaiting(id=C))
    assert (decision.session.line, decision.session.taken) == ((), 3)
    assert decision.session.wakes_at(START) is None


def test_no_offer_outlasts_a_start_that_is_moved_forward() -> None:
    told = after(after(full((A, 1)), leaves(1)).session, Told(id=A, answer_by=BEFORE + 240 * MINUTE)).session
    sooner = replace(told.terms, starts_at=BEFORE + 120 * MINUTE, ends_at=BEFORE + 180 * MINUTE)
    waiting = after(told, Publish(terms=sooner)).session.waiting(A)
    assert waiting is not None
    assert waiting.answer_by == sooner.starts_at


def test_a_cancelled_session_has_nobody_any_more() -> None:
    """Also not who would have been offered a seat in the same breath."""
    offered = after(full((A, 1), (B, 1)), leaves(1)).session
    told = after(offered, Told(id=A, answer_by=BEFORE + 60 * MINUTE)).session
    decision = decide(told, [End(status="cancelled")], BEFORE + 60 * MINUTE)
    assert decision.happened == (OfferExpired(id=A),)
    assert (decision.session.line, decision.session.taken, decision.session.wakes_at(BEFORE)) == ((), 0, None)


def test_a_session_that_is_withdrawn_offers_nothing_until_it_is_back() -> None:
    state = after(full((A, 1)), End(status="withdrawn")).session
    assert after(state, leaves(1)).happened == ()
    freed = after(state, leaves(1)).session
    assert after(freed, Publish(terms=replace(TERMS, seats=4))).happened == (Offered(id=A),)


def test_a_party_that_waits_may_become_smaller_and_then_fit() -> None:
    state = after(full((A, 3)), leaves(1)).session
    shrinks = Shrink(id=A, seats=3, booked=party(3), coming=party(1))
    decision = after(state, shrinks)
    assert decision.happened == (Offered(id=A),)
    assert decision.session.taken == 4


def test_a_party_that_shrinks_on_an_offer_lets_the_next_have_the_seats() -> None:
    offered = after(full((A, 3), (B, 2)), leaves(3)).session
    decision = after(offered, Shrink(id=A, seats=3, booked=party(3), coming=party(1)))
    assert decision.happened == (Offered(id=B),)
    assert decision.session.taken == 4


def test_somebody_looks_when_a_party_that_fits_may_pass() -> None:
    state = full((A, 3), (B, 1))
    assert state.wakes_at(BEFORE) == state.terms.fill_from
    assert state.wakes_at(NEAR) == START
    assert full().wakes_at(BEFORE) is None
