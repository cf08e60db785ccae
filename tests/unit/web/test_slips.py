"""What stands on a slip."""

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import segno

import services.web
from services.web.slips import Day, QrCode, qr_code, slip
from shared.i18n import Catalogs
from tests.unit.web.test_programme import session

LANGUAGES = Catalogs(Path(services.web.__file__).parent / "locales")
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def drawn(qr: QrCode) -> list[list[bool]]:
    """The squares of a QR code, as its path paints them."""
    squares = [[False] * qr.size for _ in range(qr.size)]
    for x, y, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1h-(\d+)z", qr.path):
        assert width == back
        for column in range(int(x), int(x) + int(width)):
            squares[int(y)][column] = True
    return squares


def test_the_qr_code_says_the_code_as_it_is_shown_and_nothing_more() -> None:
    """Fails when the path misses squares, the quiet zone is narrower than four, or the level is not M."""
    wanted = segno.make("K7F-4MQ", version=1, error="M", boost_error=False)

    squares = drawn(qr_code("K7F-4MQ"))

    inside = [row[4:-4] for row in squares[4:-4]]
    assert inside == [[bool(bit) for bit in row] for row in wanted.matrix]
    assert sum(map(sum, squares)) == sum(map(sum, inside))
    assert (wanted.error, len(squares)) == ("M", 21 + 2 * 4)


def test_the_day_is_the_local_one_in_the_words_of_the_page_and_of_the_library() -> None:
    """Fails when the day is that of UTC, or Swedish stands twice."""
    late = datetime(2026, 3, 3, 23, 30, tzinfo=UTC)  # 00.30 on Wednesday in Stockholm
    at_night = session(starts_at=late, ends_at=late + timedelta(hours=1))

    swedish, english = (slip("K7F-4MQ", at_night, LANGUAGES[tag], STOCKHOLM).day for tag in ("sv", "en"))

    assert swedish == Day("onsdag", None, "4 mars")
    assert english == Day("Wednesday", "onsdag", "4 March")


def test_without_a_session_there_is_still_the_code() -> None:
    known = slip("K7F-4MQ", None, LANGUAGES["sv"], STOCKHOLM)

    assert (known.code, known.day, bool(known.qr.path)) == ("K7F-4MQ", None, True)
