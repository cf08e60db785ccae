from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shared.i18n import Catalogs

STOCKHOLM = ZoneInfo("Europe/Stockholm")
EMPTY = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n\n'


@pytest.fixture
def catalogs(tmp_path: Path) -> Catalogs:
    """English translated; Swedish and Arabic without a text."""
    texts = {"sv": "", "ar": "", "en": 'msgid "Boka"\nmsgstr "Book"\n'}
    for tag, text in texts.items():
        (tmp_path / tag).mkdir()
        (tmp_path / tag / "messages.po").write_text(EMPTY + text)
    (tmp_path / "not-a-language.txt").write_text("")
    return Catalogs(tmp_path)


def test_a_language_is_a_folder_and_swedish_comes_first(catalogs: Catalogs) -> None:
    assert catalogs.tags == ["sv", "ar", "en"]
    assert "en" in catalogs
    assert "fi" not in catalogs


def test_texts_fall_back_to_swedish(catalogs: Catalogs) -> None:
    assert catalogs["en"].gettext("Boka") == "Book"
    assert catalogs["sv"].gettext("Boka") == "Boka"
    assert catalogs["tlh"].tag == "sv"


def test_names_and_directions(catalogs: Catalogs) -> None:
    assert [(catalogs[tag].name, catalogs[tag].direction) for tag in ("sv", "en", "ar")] == [
        ("Svenska", "ltr"),
        ("English", "ltr"),
        ("العربية", "rtl"),
    ]


@pytest.mark.parametrize(
    ("at", "day", "time"),
    [
        (datetime(2026, 3, 3, 16, 0, tzinfo=UTC), "tisdag 3 mars", "17.00"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), "söndag 29 mars", "01.59"),  # the clock goes forward
        (datetime(2026, 3, 29, 1, 0, tzinfo=UTC), "söndag 29 mars", "03.00"),
        (datetime(2026, 10, 25, 1, 0, tzinfo=UTC), "söndag 25 oktober", "02.00"),  # and back
        (datetime(2026, 12, 31, 23, 30, tzinfo=UTC), "fredag 1 januari", "00.30"),
    ],
)
def test_days_and_times_are_local_and_on_a_24_hour_clock(catalogs: Catalogs, at: datetime, day: str, time: str) -> None:
    assert (catalogs["sv"].day(at, STOCKHOLM), catalogs["sv"].time(at, STOCKHOLM)) == (day, time)
    assert catalogs["en"].time(at, STOCKHOLM) == time
    assert catalogs["ar"].time(at, STOCKHOLM) == time


def test_english_days_are_in_the_british_order(catalogs: Catalogs) -> None:
    assert catalogs["en"].day(datetime(2026, 3, 3, 16, 0, tzinfo=UTC), STOCKHOLM) == "Tuesday 3 March"
