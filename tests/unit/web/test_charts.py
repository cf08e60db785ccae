"""Columns that are as high as what they stand for, for whichever way one reads."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.web.charts import HEIGHT, Value, columns

COUNTS = st.lists(st.integers(0, 20_000) | st.none(), max_size=120)


def values(*counts: int | None) -> list[Value]:
    return [Value(label=f"{n}", number=count, whole=count is not None) for n, count in enumerate(counts)]


@given(COUNTS)
def test_a_column_is_as_high_as_what_it_stands_for(counts: list[int | None]) -> None:
    chart = columns(values(*counts))
    highest = chart.lines[-1].number
    assert 2 <= len(chart.lines) <= 5
    assert highest >= max((count or 0 for count in counts), default=0)
    for column in chart.columns:
        assert column.height == pytest.approx(HEIGHT * (column.value.number or 0) / highest, abs=0.1)
        assert column.top + column.height == pytest.approx(chart.ground, abs=0.2)
        assert column.start >= 0
        assert column.start + column.width <= 100.01


@given(COUNTS)
def test_columns_stand_beside_each_other_the_first_where_one_begins_to_read(counts: list[int | None]) -> None:
    there = [column.middle for column in columns(values(*counts)).columns]
    back = [column.middle for column in columns(values(*counts), "rtl").columns]
    assert there == sorted(there)
    assert back == sorted(back, reverse=True)
    for left, right in zip(columns(values(*counts)).columns, columns(values(*counts)).columns[1:], strict=False):
        assert left.start + left.width < right.start


@pytest.mark.parametrize(
    ("most", "lines"),
    [
        (0, [0, 1]),
        (3, [0, 1, 2, 3]),
        (9, [0, 5, 10]),
        (41, [0, 20, 40, 60]),
        (400, [0, 100, 200, 300, 400]),
    ],
)
def test_lines_stand_at_numbers_that_one_knows(most: int, lines: list[int]) -> None:
    assert [line.number for line in columns(values(most)).lines] == lines


def test_no_more_is_written_than_there_is_room_for() -> None:
    chart = columns(values(*range(53)))
    assert sum(column.labelled for column in chart.columns) <= 13
    assert sum(column.labelled_on_a_phone for column in chart.columns) <= 6
    assert all(column.labelled and column.labelled_on_a_phone for column in columns(values(1, 2, 3)).columns)
