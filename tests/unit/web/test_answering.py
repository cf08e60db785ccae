"""Until when an offer may be answered, in words that agree with the message about it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.web.pages.my_booking import said_until

NOW = datetime(2026, 3, 3, 12, 1, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("until", "said"),
    [("13.04.59", "13.00.00"), ("13.05.00", "13.05.00"), ("12.05.10", "12.05.00"), ("12.04.59", "12.04.59")],
)
def test_a_time_is_told_as_the_message_tells_it_unless_that_has_been(until: str, said: str) -> None:
    """Fails when it is rounded up, or somebody who still has minutes reads a time that is over."""

    def at(text: str) -> datetime:
        return datetime.strptime(f"2026-03-03 {text}+0000", "%Y-%m-%d %H.%M.%S%z")

    assert said_until(at(until), NOW) == at(said)


def test_before_anybody_was_told_there_is_no_time() -> None:
    assert said_until(None, NOW + timedelta(hours=1)) is None
