from datetime import time

import pytest
from pydantic import ValidationError

from shared.hours import Window
from shared.settings import MessagingSettings


@pytest.mark.parametrize(
    ("text", "expected"),
    [("09-19", Window(time(9), time(19))), ("00-24", Window(time(0), None)), ("07-21", Window(time(7), time(21)))],
)
def test_permitted_hours(text: str, expected: Window, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATS_KEY", "00")
    monkeypatch.setenv("PLATS_PERMITTED_HOURS", text)
    assert MessagingSettings().permitted_hours == expected


@pytest.mark.parametrize("text", ["9-19", "19-09", "09-25", "always", ""])
def test_hours_that_make_no_sense_are_refused(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PLATS_KEY", "00")
    monkeypatch.setenv("PLATS_PERMITTED_HOURS", text)
    with pytest.raises(ValidationError, match="write permitted hours like"):
        MessagingSettings()
