"""When a session may be booked, how many seats its helpers make, and that a closed one stays as it is."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain import (
    NOTHING,
    Activity,
    Closed,
    Invalid,
    NewSession,
    Session,
    SessionChange,
    Terms,
    TermsChange,
    cancelled,
    changed,
    planned,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
START = NOW + timedelta(days=2)
COACHING = Activity(
    id=UUID(int=7),
    kind="digital_coaching",
    titles={"sv": "Digital coachning"},
    sms_titles={"sv": "Digital hjälp"},
    summaries={},
    languages=("sv",),
    level=None,
    minutes=40,
    terms=Terms(mode="booking", counts="bookings", seats=3, party_max=1, children=False, capacity_from="staffing"),
)
NO_TERMS = TermsChange()


def plan(terms: TermsChange = NO_TERMS, **values: object) -> Session:
    new = NewSession(id=UUID(int=1), activity_id=COACHING.id, branch_id="kista", starts_at=START, terms=terms)
    return planned(replace(new, **values), COACHING, NOW)  # type: ignore[arg-type] # each caller gives its own type


def change(session: Session, terms: TermsChange = NO_TERMS, **values: object) -> Session:
    return changed(session, SessionChange(**values), terms, NOW)  # type: ignore[arg-type] # as in plan()


@pytest.mark.parametrize(
    ("helpers", "seats"),
    [(None, 3), (0, 0), (1, 1), (3, 3), (4, 3)],
)
def test_there_are_no_more_seats_than_helpers_once_somebody_says_how_many(helpers: int | None, seats: int) -> None:
    assert plan(helpers=helpers).seats_offered == seats


def test_fewer_helpers_keep_fewer_seats_for_walk_ins() -> None:
    """Fails when more is kept for drop-ins than there is, or what staff set is lost."""
    session = plan(TermsChange(mode="mixed", seats=10, walk_in=4), helpers=3)

    assert (session.seats_offered, session.walk_in_offered) == (3, 3)
    assert (session.terms.seats, session.terms.walk_in) == (10, 4)
    assert change(session, helpers=NOTHING).walk_in_offered == 4


def test_helpers_count_only_where_they_make_the_seats() -> None:
    """Fails when a number that changes nothing is taken, or stays behind when the seats no longer depend on it."""
    session = plan(helpers=2)

    fixed = change(session, TermsChange(capacity_from="session"))
    assert (fixed.helpers, fixed.seats_offered) == (None, 3)
    with pytest.raises(Invalid) as refusal:
        change(fixed, helpers=2)
    assert refusal.value.field == "helpers"
    with pytest.raises(Invalid):
        plan(TermsChange(capacity_from="session"), helpers=2)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"opens_at": START}, "opens_at"),
        ({"closes_at": START + timedelta(minutes=1)}, "closes_at"),
        ({"opens_at": NOW, "closes_at": NOW}, "closes_at"),
        ({"opens_at": NOW, "terms": TermsChange(mode="drop_in")}, "opens_at"),
        ({"closes_at": NOW, "terms": TermsChange(mode="drop_in")}, "closes_at"),
    ],
)
def test_times_between_which_nobody_could_book_are_refused(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        plan(**values)

    assert refusal.value.field == field


def test_booking_is_closed_at_once_and_opened_again() -> None:
    """Fails when a time that has passed is refused, or one that was set cannot be taken away."""
    session = plan(opens_at=NOW - timedelta(days=1), closes_at=START)
    closed = change(session, closes_at=NOW - timedelta(seconds=1))
    opened = change(closed, opens_at=NOTHING, closes_at=NOTHING)

    assert closed.closes_at == NOW - timedelta(seconds=1)
    assert (opened.opens_at, opened.closes_at, opened.revision) == (None, None, 3)
    assert change(opened, opens_at=NOTHING) is opened


def test_a_start_that_comes_before_the_close_of_booking_takes_its_place() -> None:
    """Fails when a session cannot be moved forward because booking would have closed later."""
    session = plan(closes_at=START - timedelta(hours=1))

    assert change(session, starts_at=START - timedelta(hours=2)).closes_at is None
    assert change(session, starts_at=START + timedelta(days=7)).closes_at == START - timedelta(hours=1)
    with pytest.raises(Invalid) as refusal:
        change(session, starts_at=START - timedelta(hours=2), closes_at=START - timedelta(hours=1))
    assert refusal.value.field == "closes_at"


def test_a_start_that_comes_before_booking_opens_is_refused() -> None:
    session = plan(opens_at=START - timedelta(hours=1))

    with pytest.raises(Invalid) as refusal:
        change(session, starts_at=START - timedelta(hours=2))
    assert refusal.value.field == "opens_at"


def test_what_becomes_a_drop_in_has_no_times_of_booking() -> None:
    session = plan(opens_at=NOW, closes_at=START - timedelta(hours=1))

    assert (dropped := change(session, TermsChange(mode="drop_in"))).opens_at is None
    assert dropped.closes_at is None


def test_a_closed_session_is_neither_changed_nor_cancelled() -> None:
    """Fails when the figures of a session could be of another one than was held."""
    closed = replace(plan(), closed=True)

    with pytest.raises(Closed):
        change(closed, room="A")
    with pytest.raises(Closed):
        cancelled(closed, "staff", NOW)
