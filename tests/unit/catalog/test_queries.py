from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from services.catalog.domain import Invalid
from services.catalog.queries.wishes import Wanted, window

STOCKHOLM = ZoneInfo("Europe/Stockholm")


def test_today_is_the_day_it_is_in_the_library() -> None:
    just_after_midnight = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)

    assert window(Wanted(), just_after_midnight, STOCKHOLM) == (datetime(2026, 3, 2, 23, tzinfo=UTC), None)


def test_a_day_may_have_23_hours() -> None:
    wanted = Wanted(from_=date(2026, 3, 29), to=date(2026, 3, 30))

    assert window(wanted, datetime(2026, 3, 1, tzinfo=UTC), STOCKHOLM) == (
        datetime(2026, 3, 28, 23, tzinfo=UTC),
        datetime(2026, 3, 29, 22, tzinfo=UTC),
    )


def test_a_window_that_ends_before_it_begins_is_none() -> None:
    with pytest.raises(Invalid) as refusal:
        window(Wanted(to=date(2026, 3, 2)), datetime(2026, 3, 2, 12, tzinfo=UTC), STOCKHOLM)

    assert refusal.value.field == "to"
