"""What is counted of a session, and what of it is shown."""

from dataclasses import replace

import pytest

from services.booking.domain import Counted, Figure, Left, Question, figures, renewed, shown
from tests.unit.booking.samples import TERMS, session

ASKING = session(
    ask=(
        Question(id="topic", type="choice", options=("bankid", "printing")),
        Question(id="needs", type="choices", options=("lift", "loop")),
        Question(id="size", type="number"),
        Question(id="school", type="name", counted=False),
    )
).terms

ONE = Counted(
    state="confirmed",
    attendance="came",
    was=None,
    cancelled_by=None,
    language="sv",
    channel="web",
    adults=1,
    children=0,
    answers={},
)


def counted(*bookings: Counted, left: tuple[Left, ...] = ()) -> dict[tuple[str, str, str], tuple[int, int]]:
    rows = figures(ASKING, bookings, left, {})
    return {(row.figure, row.question, row.value): (row.bookings, row.total) for row in rows}


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "came"),
        ({"attendance": None}, "seated"),
        ({"attendance": "excused"}, "excused"),
        ({"attendance": "no_show"}, "no_show"),
        ({"state": "closed", "attendance": None}, "unmet"),
        ({"state": "cancelled", "attendance": None, "was": "queued", "cancelled_by": "visitor"}, "unmet"),
        ({"state": "cancelled", "attendance": None, "was": "queued", "cancelled_by": "library"}, "unmet"),
        ({"state": "cancelled", "attendance": None, "was": "confirmed", "cancelled_by": "visitor"}, "cancelled"),
        ({"state": "cancelled", "attendance": None, "was": None, "cancelled_by": "staff"}, "cancelled"),
        ({"state": "cancelled", "attendance": None, "was": "offered", "cancelled_by": "library"}, "session_cancelled"),
        ({"state": "cancelled", "attendance": "late_cancel", "was": "confirmed"}, "late_cancel"),
        ({"state": "cancelled", "attendance": "excused", "was": "confirmed"}, "excused"),
        ({"state": "cancelled", "attendance": "revoked", "was": "confirmed"}, "revoked"),
        ({"state": "declined", "attendance": None}, "declined"),
        ({"state": "expired", "attendance": None}, "expired"),
        ({"state": "queued", "attendance": None}, "queued"),
    ],
)
def test_each_booking_has_one_outcome(changes: dict[str, object], outcome: str) -> None:
    found = counted(replace(ONE, adults=2, **changes))  # type: ignore[arg-type]  # fields of a booking
    assert {key[2]: value for key, value in found.items() if key[0] == "outcome"} == {outcome: (1, 2)}


def test_the_seats_of_those_who_walk_in_are_seats_too() -> None:
    """Fails when more than all could have come."""
    mixed = replace(TERMS, mode="mixed", seats=10, walk_in=4)
    assert [(one.figure, one.total) for one in figures(mixed, [], [], {"adult": 4})] == [
        ("capacity", 10),
        ("walk_in", 4),
    ]


def test_who_was_there_is_counted_by_language_channel_age_and_answers() -> None:
    found = counted(
        replace(ONE, adults=1, children=2, answers={"topic": "bankid", "needs": ["lift", "loop"], "size": 24}),
        replace(ONE, attendance=None, language="ar", channel="desk", answers={"topic": "bankid", "school": "Kista"}),
        replace(ONE, attendance="no_show", language="so", answers={"topic": "printing", "size": 99}),
        replace(ONE, state="closed", attendance=None, language="fi"),
        left=(Left(seats=2, late=True), Left(seats=1, late=False), Left(seats=4, late=True)),
    )
    assert found == {
        ("capacity", "", "seats"): (0, TERMS.seats),
        ("outcome", "", "came"): (1, 3),
        ("outcome", "", "seated"): (1, 1),
        ("outcome", "", "no_show"): (1, 1),
        ("outcome", "", "unmet"): (1, 1),
        ("outcome", "", "moved_late"): (2, 6),
        ("outcome", "", "moved"): (1, 1),
        ("language", "", "sv"): (1, 3),
        ("language", "", "ar"): (1, 1),
        ("channel", "", "web"): (1, 3),
        ("channel", "", "desk"): (1, 1),
        ("age", "", "adults"): (2, 2),
        ("age", "", "children"): (1, 2),
        ("answer", "topic", "bankid"): (2, 4),
        ("answer", "needs", "lift"): (1, 3),
        ("answer", "needs", "loop"): (1, 3),
        ("answer", "size", "sum"): (1, 24),
    }


def test_walk_ins_are_counted_with_them() -> None:
    rows = figures(TERMS, [], [], {"child": 12, "adult": 7})
    assert [(row.value, row.total) for row in rows if row.figure == "walk_in"] == [("child", 12), ("adult", 7)]


def of(figure: str, question: str, **groups: int) -> list[Figure]:
    return [
        Figure(figure=figure, question=question, value=value, bookings=total, total=total)  # type: ignore[arg-type]
        for value, total in groups.items()
    ]


@pytest.mark.parametrize(
    ("groups", "seen"),
    [
        ({"sv": 12, "ar": 7}, {"sv": 12, "ar": 7}),
        ({"sv": 12, "ar": 5, "so": 4}, {"sv": 12, "ar": None, "so": None}),
        ({"sv": 12, "ar": 3, "so": 2}, {"sv": 12, "ar": None, "so": None}),
        ({"sv": 12, "ar": 3, "so": 1}, {"sv": None, "ar": None, "so": None}),
        ({"sv": 12, "ar": 6, "so": 1, "fi": 1}, {"sv": 12, "ar": None, "so": None, "fi": None}),
        ({"sv": 4}, {"sv": None}),
        ({"sv": 5}, {"sv": 5}),
    ],
)
def test_small_groups_are_not_shown_nor_can_be_reckoned(groups: dict[str, int], seen: dict[str, int | None]) -> None:
    assert {row.value: row.total for row in shown(of("language", "", **groups))} == seen


def test_each_question_is_looked_at_for_itself_and_outcomes_are_shown() -> None:
    rows = [*of("outcome", "", no_show=1), *of("answer", "topic", bankid=9, other=8), *of("answer", "needs", lift=2)]
    assert [row.total for row in shown(rows)] == [1, 9, 8, None]


def test_a_sum_is_hidden_where_few_answered() -> None:
    size = Figure(figure="answer", question="size", value="sum", bookings=1, total=27)
    assert shown([size])[0].total is None
    assert shown([replace(size, bookings=5)])[0].total == 27


def test_what_goes_with_people_is_counted_once_and_for_all() -> None:
    before = [*of("outcome", "", came=3, moved=2, moved_late=1), *of("answer", "topic", bankid=3, printing=2)]
    now = [*of("outcome", "", came=2, no_show=1, moved=3), *of("answer", "topic", bankid=1)]
    kept = {"came": 2, "no_show": 1, "moved": 3, "moved_late": 1, "bankid": 3, "printing": 2}
    assert {row.value: row.total for row in renewed(before, now, erased=True)} == kept
    kept = {"came": 2, "no_show": 1, "moved": 3, "moved_late": 1, "bankid": 1}
    assert {row.value: row.total for row in renewed(before, now, erased=False)} == kept
