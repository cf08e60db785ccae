"""One change for many sessions, by calendar and clock."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.catalog.domain import (
    Changed,
    Closed,
    Edit,
    Group,
    Invalid,
    LeftOut,
    Session,
    SessionChange,
    TermsChange,
    cancelled_together,
    changed_together,
)
from tests.unit.catalog.test_domain import TUESDAY

STOCKHOLM = ZoneInfo("Europe/Stockholm")
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=STOCKHOLM).astimezone(UTC)


def occasion(number: int, starts_at: datetime, **values: object) -> Session:
    made = replace(
        TUESDAY,
        id=UUID(int=number),
        revision=1,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=90),
        series_id=UUID(int=99),
        series_date=starts_at.astimezone(STOCKHOLM).date(),
    )
    return replace(made, **values)  # type: ignore[arg-type] # each caller gives a field its own type


DAYS = [date(2026, 3, 17) + timedelta(weeks=week) for week in range(4)]
"""Tuesdays; the clocks go forward on 29 March, between the second and the third."""
SERIES = [occasion(number, at(day, 17)) for number, day in enumerate(DAYS)]
GROUP = Group(chosen=SERIES[0], others=SERIES[1:])


def change(group: Group, terms: TermsChange | None = None, **values: object) -> Changed:
    edit = Edit(
        change=SessionChange(**values),  # type: ignore[arg-type] # each caller gives a field its own type
        terms=terms or TermsChange(),
        scope="following",
    )
    return changed_together(group, edit, NOW, STOCKHOLM)


def shown(result: Changed) -> list[str]:
    return [f"{after.starts_at.astimezone(STOCKHOLM):%a %d %b %H.%M}" for _, after in result.sessions]


def test_an_hour_later_is_an_hour_later_on_the_wall_on_both_sides_of_a_change_of_clocks() -> None:
    """Fails when the move is taken from moments: after 29 March it would be another time."""
    spring = change(GROUP, starts_at=at(DAYS[0], 18))
    autumn_days = [date(2026, 10, 20), date(2026, 10, 27)]
    autumn = [occasion(number, at(day, 17)) for number, day in enumerate(autumn_days)]

    assert shown(spring) == ["Tue 17 Mar 18.00", "Tue 24 Mar 18.00", "Tue 31 Mar 18.00", "Tue 07 Apr 18.00"]
    assert shown(change(Group(chosen=autumn[0], others=autumn[1:]), starts_at=at(autumn_days[0], 18))) == [
        "Tue 20 Oct 18.00",
        "Tue 27 Oct 18.00",
    ]
    assert {after.ends_at - after.starts_at for _, after in spring.sessions} == {timedelta(minutes=90)}
    assert {after.revision for _, after in spring.sessions} == {2}


def test_another_weekday_is_that_weekday_for_all() -> None:
    """Fails when days are moved by hours: the change of clocks would make some Wednesday's 16.00."""
    last = Group(chosen=SERIES[3], others=SERIES[:3])

    assert shown(change(GROUP, starts_at=at(date(2026, 3, 18), 17))) == [
        "Wed 18 Mar 17.00", "Wed 25 Mar 17.00", "Wed 01 Apr 17.00", "Wed 08 Apr 17.00",
    ]  # fmt: skip
    assert shown(change(last, starts_at=at(date(2026, 4, 6), 16, 30)))[0] == "Mon 16 Mar 16.30"


def test_what_differed_before_still_does_and_what_is_left_out_stays() -> None:
    moved = occasion(1, at(DAYS[1], 18, 30), room="Källaren")
    result = change(Group(chosen=SERIES[0], others=[moved]), starts_at=at(DAYS[0], 16))

    assert shown(result) == ["Tue 17 Mar 16.00", "Tue 24 Mar 17.30"]
    assert result.sessions[1][1].room == "Källaren"


def test_a_new_length_is_the_same_for_all() -> None:
    result = change(GROUP, ends_at=at(DAYS[0], 19))

    assert {after.ends_at - after.starts_at for _, after in result.sessions} == {timedelta(hours=2)}
    assert shown(result)[2] == "Tue 31 Mar 17.00"


def test_a_move_into_the_hour_that_the_clocks_jump_over_is_refused_by_name() -> None:
    sundays = [date(2026, 3, 22), date(2026, 3, 29)]
    nights = [occasion(number, at(day, 4)) for number, day in enumerate(sundays)]

    with pytest.raises(Invalid, match=r"2026-03-29 has no 02\.30") as refused:
        change(Group(chosen=nights[0], others=nights[1:]), starts_at=at(sundays[0], 2, 30))
    assert refused.value.field == "starts_at"


def test_what_has_begun_or_is_cancelled_or_closed_stays_and_is_told() -> None:
    begun = occasion(1, NOW - timedelta(minutes=1))
    cancelled = replace(SERIES[2], status="cancelled", cancel_reason="staff")
    closed = replace(SERIES[3], closed=True)
    group = Group(chosen=SERIES[1], others=[begun, cancelled, closed])
    told = (
        LeftOut(id=begun.id, why="begun"),
        LeftOut(id=cancelled.id, why="cancelled"),
        LeftOut(id=closed.id, why="closed"),
    )

    for result in (change(group, room="A"), cancelled_together(group, "illness", NOW, STOCKHOLM)):
        assert [before.id for before, _ in result.sessions] == [SERIES[1].id]
        assert result.left_out == told


def test_what_one_of_them_may_not_be_is_refused_for_all_with_its_date() -> None:
    """Fails when a rule is asked of the chosen one only."""
    tomorrow = occasion(0, NOW + timedelta(days=1))
    draft = replace(SERIES[1], status="draft")

    with pytest.raises(Invalid, match=r"2026-03-02: the start is in the past") as past:
        change(Group(chosen=SERIES[0], others=[tomorrow]), starts_at=at(date(2026, 3, 14), 17))
    with pytest.raises(Invalid, match="2026-03-24: a draft") as withdrawn:
        change(Group(chosen=SERIES[0], others=[draft]), status="withdrawn")
    assert (past.value.field, withdrawn.value.field) == ("starts_at", "status")


def test_who_chooses_what_is_over_changes_nothing_of_it() -> None:
    over = replace(SERIES[0], starts_at=NOW - timedelta(hours=2), ends_at=NOW)

    with pytest.raises(Closed):
        change(Group(chosen=over, others=SERIES[1:]), room="A")
    with pytest.raises(Closed):
        cancelled_together(Group(chosen=over, others=SERIES[1:]), "staff", NOW, STOCKHOLM)


def test_only_what_differs_is_changed() -> None:
    same = replace(SERIES[1], room="A")

    result = change(Group(chosen=SERIES[0], others=[same]), room="A")
    assert [after.id for _, after in result.sessions] == [SERIES[0].id]


def test_slots_keep_their_length_together_and_one_alone_may_have_another() -> None:
    start = at(DAYS[0], 14)
    slots = [occasion(n, start + n * timedelta(minutes=90), sitting_id=UUID(int=50)) for n in range(3)]
    longer = SessionChange(ends_at=start + timedelta(minutes=100))

    with pytest.raises(Invalid) as refused:
        changed_together(Group(chosen=slots[0], others=slots[1:]), Edit(change=longer, scope="sitting"), NOW, STOCKHOLM)
    assert refused.value.field == "ends_at"
    assert len(changed_together(Group(chosen=slots[0]), Edit(change=longer), NOW, STOCKHOLM).sessions) == 1
    moved = change(Group(chosen=slots[1], others=[slots[0], slots[2]]), starts_at=at(DAYS[0], 16))
    assert [text[-5:] for text in shown(moved)] == ["14.30", "16.00", "17.30"]
