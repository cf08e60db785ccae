from datetime import date
from urllib.parse import parse_qsl

import pytest

from services.web.wishes import Wishes, local_day, pages, refused
from shared.problems import FieldError, Problem

TUESDAY = date(2026, 11, 24)

QUERIES: list[tuple[dict[str, str], str]] = [
    ({}, ""),
    ({"kind": "", "where": "", "when": "", "near": "", "language": "", "q": "", "page": ""}, ""),
    ({"q": " BankID ", "kind": "it_host"}, "?kind=it_host&q=BankID"),
    ({"free": "1", "page": "2"}, "?free=1&page=2"),
    ({"free": "yes", "page": "1"}, ""),
    ({"when": "week", "date": "2026-11-24"}, "?when=week"),
    ({"when": "date", "date": "2026-11-24"}, "?when=date&date=2026-11-24"),
    ({"when": "2026-11-24"}, "?when=date&date=2026-11-24"),
    ({"date": "2026-11-24"}, "?when=date&date=2026-11-24"),
    ({"when": "2026-02-30", "date": "x"}, "?when=date&date=2026-02-30"),
    ({"when": "date"}, ""),
    ({"when": "someday"}, "?when=someday"),
    ({"utm_source": "poster", "cursor": "x", "where": "kista"}, "?where=kista"),
    ({"near": "S:t Eriksplan & Co"}, "?near=S%3At+Eriksplan+%26+Co"),
    ({"q": "%ED%A0%80 \x00 å"}, "?q=%25ED%25A0%2580+%00+%C3%A5"),
]


@pytest.mark.parametrize(("query", "address"), QUERIES)
def test_one_address_says_the_same_in_fewest_words(query: dict[str, str], address: str) -> None:
    """Fails when an empty wish, a stranger's parameter or a date that means nothing stays in it."""
    assert Wishes.asked(query).address == address


@pytest.mark.parametrize(("query", "address"), QUERIES)
def test_that_address_leads_to_itself(query: dict[str, str], address: str) -> None:
    """Fails when a redirect to it would be redirected again."""
    shared = parse_qsl(address.removeprefix("?"))

    assert Wishes.asked(dict(shared)).pairs == shared
    assert Wishes.asked(dict(shared)) == Wishes.asked(query)


@pytest.mark.parametrize("when", ["today", "tomorrow", "week", "weekend", "date", ""])
@pytest.mark.parametrize("day", range(23, 30))
def test_days_of_a_week_on_each_of_its_days(day: int, when: str) -> None:
    """Fails when the weekend of a Sunday is the next one, or a week begins before today."""
    today, sunday = date(2026, 11, day), 29
    expected = {
        "today": (day, day + 1),
        "tomorrow": (day + 1, day + 2),
        "week": (day, sunday + 1),
        "weekend": (max(day, sunday - 1), sunday + 1),
        "date": (27, 28),
    }

    wishes = Wishes(when=when, date="2026-11-27" if when == "date" else "")

    span = wishes.span(today)
    assert span == (
        tuple(date(2026, 11, one) if one <= 30 else date(2026, 12, one - 30) for one in expected[when])
        if when
        else (None, None)
    )


@pytest.mark.parametrize(
    ("today", "when", "first", "after"),
    [
        (date(2026, 3, 28), "weekend", date(2026, 3, 28), date(2026, 3, 30)),
        (date(2026, 3, 28), "tomorrow", date(2026, 3, 29), date(2026, 3, 30)),
        (date(2026, 3, 29), "today", date(2026, 3, 29), date(2026, 3, 30)),
        (date(2026, 10, 24), "weekend", date(2026, 10, 24), date(2026, 10, 26)),
        (date(2026, 10, 25), "weekend", date(2026, 10, 25), date(2026, 10, 26)),
        (date(2026, 12, 31), "tomorrow", date(2027, 1, 1), date(2027, 1, 2)),
        (date(2026, 12, 31), "week", date(2026, 12, 31), date(2027, 1, 4)),
        (date(2028, 2, 28), "tomorrow", date(2028, 2, 29), date(2028, 3, 1)),
    ],
)
def test_days_are_local_dates_over_clock_changes_and_the_turn_of_a_year(
    today: date, when: str, first: date, after: date
) -> None:
    """Fails when a day is 24 hours, as it is not when clocks change."""
    assert Wishes(when=when).span(today) == (first, after)


@pytest.mark.parametrize(
    ("wishes", "asked"),
    [
        (Wishes(), {"audience": "everyone"}),
        (Wishes(kind="class_visit"), {"kind": "class_visit"}),
        (Wishes(where="online"), {"audience": "everyone", "place": "online"}),
        (Wishes(where="kista", near="Slussen"), {"audience": "everyone", "branch": "kista", "near": "Slussen"}),
        (Wishes(when="today"), {"audience": "everyone", "from": "2026-11-24", "to": "2026-11-25"}),
        (
            Wishes(language="ar", q="saga", free="1"),
            {"audience": "everyone", "language": "ar", "q": "saga", "free": "true"},
        ),
    ],
)
def test_catalog_is_asked_in_its_own_words(wishes: Wishes, asked: dict[str, str]) -> None:
    assert wishes.wanted(TUESDAY) == asked
    assert wishes.at(3).paged(TUESDAY) == asked | {"page": "3", "limit": "24"}


@pytest.mark.parametrize(
    ("page", "number"),
    [
        *[("", 1), ("2", 2), ("9999", 9999)],
        *[(odd, None) for odd in ("0", "-1", "2.0", "x", "٣", "10000", "1_0", " 2")],
        pytest.param("9" * 5000, None, id="endless"),
    ],
)
def test_a_page_has_a_number_or_there_is_no_such_page(page: str, number: int | None) -> None:
    """Fails when a number too long to be one is read, or what is none is taken for the first page."""
    assert Wishes(page=page).number == number


@pytest.mark.parametrize(("total", "last"), [(0, 0), (1, 1), (24, 1), (25, 2), (1500, 63)])
def test_pages_hold_all_that_is_found(total: int, last: int) -> None:
    assert pages(total) == last


@pytest.mark.parametrize(
    ("wishes", "fields"),
    [
        (Wishes(), []),
        (Wishes(when="date", date="2028-02-29"), []),
        (Wishes(when="someday"), ["when"]),
        (Wishes(when="date", date="2026-02-30"), ["when"]),
        (Wishes(when="date", date="20261124"), ["when"]),
        (Wishes(when="date", date="1926-11-24"), ["when"]),
        (Wishes(when="date", date="9999-12-31"), ["when"]),
        (Wishes(near="x" * 101, q="x" * 101), ["near", "q"]),
        (Wishes(near="x" * 100, q="x" * 100), []),
    ],
)
def test_what_nobody_can_be_asked_is_told_beside_its_field(wishes: Wishes, fields: list[str]) -> None:
    assert [fault.field for fault in wishes.faults()] == fields


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-24", TUESDAY),
        ("2026-11-31", None),
        ("2026-W48-2", None),
        ("20261124", None),
        ("２０２６-11-24", None),
        ("2026-11-24\n", None),
        ("2199-12-31", None),
        ("0001-01-01", None),
        ("", None),
    ],
)
def test_a_day_is_written_in_one_way(text: str, day: date | None) -> None:
    """Fails when Python's wider idea of ISO dates is ours: one day would have many addresses."""
    assert local_day(text) == day


def problem(*fields: str, status: int = 422) -> Problem:
    return Problem("invalid", status, "", errors=tuple(FieldError(field=field, detail="") for field in fields))


@pytest.mark.parametrize(
    ("answer", "fields"),
    [
        (problem("near"), ["near"]),
        (problem("branch", "kind"), ["where", "kind"]),
        (problem("from", "to"), ["when"]),
        (problem("q", "page"), ["q"]),
        (Problem("invalid", 422, "", field="branch"), ["where"]),
    ],
)
def test_what_catalog_does_not_understand_is_told_beside_its_field(answer: Problem, fields: list[str]) -> None:
    assert [fault.field for fault in refused(answer)] == fields


@pytest.mark.parametrize("answer", [problem("page"), problem("near", status=503), Problem("invalid", 422, "")])
def test_what_is_about_no_wish_is_no_fault_of_theirs(answer: Problem) -> None:
    """Fails when a catalog that is away is told as something to put right."""
    with pytest.raises(Problem):
        refused(answer)


def test_a_wish_is_changed_or_given_up_from_the_first_page() -> None:
    """Fails when a narrower list is opened on a page it does not have, or a date is left behind."""
    wishes = Wishes(kind="it_host", when="date", date="2026-11-24", where="kista", page="3")

    assert wishes.active == ["kind", "when", "where"]
    assert wishes.without("when") == Wishes(kind="it_host", where="kista")
    assert wishes.but(kind="") == Wishes(when="date", date="2026-11-24", where="kista")
    assert wishes.at(1).page == ""
    assert wishes.at(2).address == "?kind=it_host&when=date&date=2026-11-24&where=kista&page=2"
