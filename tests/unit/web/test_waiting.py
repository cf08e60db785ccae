import pytest
from babel import Locale

from services.web.rendering import from_now


@pytest.mark.parametrize(
    ("seconds", "told"),
    [
        (1, "om 1 minut"),
        (60, "om 1 minut"),
        (61, "om 2 minuter"),
        (5400, "om 90 minuter"),
        (5401, "om 2 timmar"),
        (7201, "om 3 timmar"),
        (86400, "om 24 timmar"),
    ],
)
def test_a_wait_is_rounded_up_to_what_people_say(seconds: int, told: str) -> None:
    """Fails when it is rounded down: whoever then tries again is refused again."""
    assert from_now(seconds, Locale.parse("sv")) == told


def test_a_wait_is_told_in_the_visitors_language() -> None:
    assert from_now(720, Locale.parse("en_GB")) == "in 12 minutes"
