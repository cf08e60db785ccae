"""How the pages of libraries are put in order."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.web.offers import cards
from services.web.opening import Open
from services.web.pages.branches import BoardDay, districts, entries, size
from services.web.upstream import Branch, Session
from tests.unit.web.test_programme import NOW, session

START = datetime(2026, 3, 3, 14, tzinfo=UTC)


def slot(number: int, title: str = "Digital hjälp") -> Session:
    """One of several times in a row."""
    starts_at = START + timedelta(minutes=40 * number)
    return session(titles={"sv": title}, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=40))


def test_times_in_a_row_of_the_same_are_one_entry_on_the_board() -> None:
    """Fails when what differs is thrown together, or what comes again later is moved up to its first time."""
    shown = cards([slot(0), slot(1), slot(2, "Sagostund"), slot(3)], NOW)

    assert [[one.starts_at.minute for one in entry.sessions] for entry in entries(shown)] == [[0, 40], [20], [0]]


@pytest.mark.parametrize(
    ("name", "number", "expected"),
    [("Kista", 1, "large"), ("Kista", 2, "medium"), ("Kista", 4, "small"), ("K" * 60, 1, "medium")],
)
def test_the_more_there_is_to_say_the_smaller_the_letters(name: str, number: int, expected: str) -> None:
    """Fails when a full week, or a long name, gets letters that need a second page."""
    entry = entries(cards([slot(0)], NOW))
    days = [BoardDay(Open(date(2026, 3, 2), (), {}), entry * 3)] * number

    assert size(name, days) == expected


def test_parts_of_the_city_are_in_swedish_order_and_the_unknown_come_last() -> None:
    """Fails when Å comes before Z, or libraries without a part are lost."""
    parts = ["Örby", "", "Årsta", "Zinkensdamm", "Älvsjö", "Årsta"]
    libraries = [Branch(id=f"b{n}", name=f"B{n}", phone="", address="", district=part) for n, part in enumerate(parts)]

    found = [(district.name, [one.id for one in district.branches]) for district in districts(libraries)]

    assert found == [
        ("Zinkensdamm", ["b3"]),
        ("Årsta", ["b2", "b5"]),
        ("Älvsjö", ["b4"]),
        ("Örby", ["b0"]),
        ("", ["b1"]),
    ]
