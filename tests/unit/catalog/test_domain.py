from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain import (
    Activity,
    Closed,
    Invalid,
    NewSession,
    Session,
    SessionChange,
    Terms,
    TermsChange,
    adapted,
    cancelled,
    changed,
    planned,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS = Terms(mode="booking", counts="persons", seats=15, queue=8, party_max=4, children=True)
MIXED = Terms(mode="mixed", counts="persons", seats=24, walk_in=8, queue=12, party_max=4, children=True)
CAFE = Activity(
    id=UUID(int=7),
    kind="language_cafe",
    titles={"sv": "Språkcafé"},
    sms_titles={"sv": "Språkcafé"},
    summaries={},
    languages=("sv",),
    level=None,
    minutes=90,
    terms=TERMS,
)
TUESDAY = Session(
    id=UUID(int=1),
    revision=3,
    status="published",
    activity_id=CAFE.id,
    branch_id="kista",
    place="branch",
    room="",
    starts_at=NOW + timedelta(days=2),
    ends_at=NOW + timedelta(days=2, minutes=90),
    terms=TERMS,
)
NOTHING = TermsChange()


def new(**values: object) -> NewSession:
    wish = NewSession(id=UUID(int=1), activity_id=CAFE.id, branch_id="kista", starts_at=NOW + timedelta(days=2))
    return replace(wish, **values)  # type: ignore[arg-type] # each caller gives a field its own type


def change(session: Session = TUESDAY, terms: TermsChange = NOTHING, **values: object) -> Session:
    return changed(session, SessionChange(**values), terms, NOW)  # type: ignore[arg-type] # as in new()


def test_a_session_takes_its_length_and_terms_from_its_activity() -> None:
    session = planned(new(), CAFE, NOW)

    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert session.terms == TERMS
    assert session.revision == 1


def test_a_session_may_differ_from_its_activity() -> None:
    session = planned(new(terms=TermsChange(mode="mixed", seats=24, walk_in=8)), CAFE, NOW)

    assert (session.terms.mode, session.terms.seats, session.terms.walk_in, session.terms.queue) == ("mixed", 24, 8, 8)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": NOW}, "starts_at"),
        ({"starts_at": NOW - timedelta(days=1)}, "starts_at"),
        ({"starts_at": NOW + timedelta(days=731)}, "starts_at"),
        ({"ends_at": NOW + timedelta(days=2)}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=1)}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=3, seconds=1)}, "ends_at"),
        ({"terms": TermsChange(mode="mixed", seats=5, walk_in=6)}, "capacity.walk_in"),
        ({"terms": TermsChange(walk_in=1)}, "capacity.walk_in"),
        ({"terms": TermsChange(mode="drop_in", queue=1)}, "capacity.queue"),
        ({"terms": TermsChange(counts="children", children=False)}, "children"),
    ],
)
def test_a_session_that_cannot_be_names_the_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(new(**values), CAFE, NOW)

    assert refusal.value.field == field


def test_a_reserve_and_a_queue_go_with_the_mode_that_had_them() -> None:
    booking = adapted(MIXED, TermsChange(mode="booking"))
    drop_in = adapted(MIXED, TermsChange(mode="drop_in"))

    assert (booking.walk_in, booking.queue) == (0, 12)
    assert (drop_in.walk_in, drop_in.queue) == (0, 0)


def test_a_change_raises_the_revision_by_one() -> None:
    assert change(room="Hörsalen").revision == 4


def test_a_change_of_nothing_is_the_same_session() -> None:
    assert change() is TUESDAY
    assert change(room="", starts_at=TUESDAY.starts_at, terms=TermsChange(seats=15)) is TUESDAY


@pytest.mark.parametrize("values", [{}, {"room": "A"}, {"status": "published"}])
def test_a_cancelled_session_does_not_change(values: dict[str, Any]) -> None:
    with pytest.raises(Closed):
        change(cancelled(TUESDAY, "illness", NOW), **values)


def test_a_session_that_is_over_does_not_change() -> None:
    over = replace(TUESDAY, starts_at=NOW - timedelta(hours=2), ends_at=NOW)

    with pytest.raises(Closed):
        change(over, room="A")
    with pytest.raises(Closed):
        cancelled(over, "staff", NOW)


def test_a_session_that_has_begun_keeps_its_start_but_may_change_otherwise() -> None:
    begun = replace(TUESDAY, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))

    assert change(begun, terms=TermsChange(seats=20)).terms.seats == 20
    with pytest.raises(Closed):
        change(begun, starts_at=NOW + timedelta(minutes=30))
    with pytest.raises(Invalid) as refusal:
        change(begun, ends_at=NOW - timedelta(minutes=1))
    assert refusal.value.field == "ends_at"


def test_a_session_cannot_move_into_the_past() -> None:
    with pytest.raises(Invalid) as refusal:
        change(starts_at=NOW - timedelta(minutes=1))

    assert refusal.value.field == "starts_at"


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("draft", "published", True),
        ("draft", "withdrawn", False),
        ("published", "withdrawn", True),
        ("published", "draft", False),
        ("withdrawn", "published", True),
        ("withdrawn", "draft", False),
    ],
)
def test_a_session_goes_through_its_statuses_in_order(before: str, after: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    session = replace(TUESDAY, status=before)  # type: ignore[arg-type] # the table holds plain strings

    if allowed:
        assert change(session, status=after).status == after
    else:
        with pytest.raises(Invalid) as refusal:
            change(session, status=after)
        assert refusal.value.field == "status"


def test_a_withdrawn_session_changes_only_when_it_is_published_again() -> None:
    withdrawn = replace(TUESDAY, status="withdrawn")

    with pytest.raises(Invalid) as refusal:
        change(withdrawn, room="A")
    assert refusal.value.field == "status"
    assert change(withdrawn, room="A", status="published").room == "A"


def test_cancelling_twice_keeps_the_first_reason() -> None:
    once = cancelled(TUESDAY, "illness", NOW)

    assert (once.status, once.cancel_reason, once.revision) == ("cancelled", "illness", 4)
    assert cancelled(once, "staff", NOW) is once
