from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

import pytest

from services.catalog.demo import PROGRAMME, Row
from services.catalog.domain import SMS_CHARACTERS, NewSession

STOCKHOLM = ZoneInfo("Europe/Stockholm")
ROWS = pytest.mark.parametrize("row", PROGRAMME, ids=[row.name for row in PROGRAMME])


def next_ones(row: Row, now: datetime, number: int = 2) -> list[NewSession]:
    return list(islice(row.sessions(now, STOCKHOLM), number))


@ROWS
@pytest.mark.parametrize(
    "now",
    [
        datetime(2026, 3, 3, 15, 59, tzinfo=UTC),
        datetime(2026, 3, 28, 23, 30, tzinfo=UTC),
        datetime(2026, 10, 24, 22, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
    ],
)
def test_an_occurrence_is_soon_and_never_in_the_past(row: Row, now: datetime) -> None:
    first, second = next_ones(row, now)

    assert now + timedelta(hours=1) <= first.starts_at < second.starts_at <= now + timedelta(days=15)


@ROWS
def test_the_clock_on_the_wall_is_the_same_in_summer_and_winter(row: Row) -> None:
    occurrences = next_ones(row, datetime(2026, 3, 16, tzinfo=UTC), 12)

    assert {session.starts_at.astimezone(STOCKHOLM).time() for session in occurrences} == {row.at}
    assert len({session.starts_at.timetz() for session in occurrences}) == 2


@ROWS
def test_an_occurrence_is_the_same_one_on_whatever_day_it_is_seen(row: Row) -> None:
    _, second = next_ones(row, datetime(2026, 3, 2, tzinfo=UTC))
    first, _ = next_ones(row, second.starts_at - timedelta(hours=2))

    assert first == second


@ROWS
def test_a_title_is_there_in_swedish_and_english_and_fits_a_message(row: Row) -> None:
    activity = row.activity()

    assert set(activity.titles) == set(activity.summaries) == {"sv", "en"}
    assert all(len(title) <= 14 and SMS_CHARACTERS.issuperset(title) for title in activity.sms_titles.values())


def test_names_that_ids_come_from_are_unique() -> None:
    assert len({row.name for row in PROGRAMME}) == len(PROGRAMME)
