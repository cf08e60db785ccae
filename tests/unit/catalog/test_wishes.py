"""What a search means, and what is given up of it when it finds nothing."""

from datetime import UTC, date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from services.catalog.domain import Invalid
from services.catalog.queries.wishes import Search, Understood, Wanted, given_up, window

STOCKHOLM = ZoneInfo("Europe/Stockholm")
TODAY = datetime(2026, 3, 2, 23, tzinfo=UTC)
EVERYTHING = Search(
    since=datetime(2026, 3, 6, 23, tzinfo=UTC),
    until=datetime(2026, 3, 7, 23, tzinfo=UTC),
    branches=("kista",),
    places=("branch",),
    kinds=("story_time",),
    language="ti",
    words=("saga",),
    free=True,
)
CLOSE = ("kista", "husby")


def meant(search: Search, audience: tuple[str, ...] | None = None) -> Understood:
    return Understood(search=search, today=TODAY, near=None, audience=audience)


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


def test_wishes_are_given_up_one_by_one_until_none_is_left() -> None:
    """Fails when a wish is kept, when the place goes at once, or when the kind goes before it."""
    steps = list(given_up(meant(EVERYTHING, audience=("story_time", "language_cafe")), CLOSE))

    assert [wish for wish, _ in steps] == ["free", "q", "language", "when", "where", "where", "kind", "kind"]
    assert [search.branches for _, search in steps] == [("kista",)] * 4 + [CLOSE] + [None] * 3
    assert [search.kinds for _, search in steps][-3:] == [("story_time",), ("story_time", "language_cafe"), None]
    assert steps[-1][1] == Search(since=TODAY, around=(EVERYTHING.since, EVERYTHING.until))


def test_each_step_keeps_what_was_given_up_before() -> None:
    searches = [EVERYTHING, *(search for _, search in given_up(meant(EVERYTHING), CLOSE))]

    for before, after in pairwise(searches):
        for field in ("free", "words", "language", "until"):
            assert getattr(after, field) in (getattr(before, field), getattr(Search(since=TODAY), field))


def test_a_wish_nobody_had_is_not_given_up() -> None:
    assert list(given_up(meant(Search(since=TODAY)), ())) == []
    assert [wish for wish, _ in given_up(meant(Search(since=TODAY, language="ti")), ())] == ["language"]
    assert [wish for wish, _ in given_up(meant(Search(since=TODAY, places=("online",))), ())] == ["where"]
    assert [wish for wish, _ in given_up(meant(Search(since=TODAY, branches=CLOSE)), CLOSE)] == ["where"]


def test_for_whom_it_is_goes_with_the_kind() -> None:
    """Fails when somebody who asks for everyone's programme is told nothing although there is a class visit."""
    for_everyone = ("language_cafe", "story_time")
    search = Search(since=TODAY, kinds=for_everyone)

    assert list(given_up(meant(search, audience=for_everyone), ())) == [("kind", Search(since=TODAY))]


def test_what_began_before_today_is_still_looked_for() -> None:
    since = datetime(2026, 3, 1, 23, tzinfo=UTC)

    assert list(given_up(meant(Search(since=since)), ())) == []


def test_the_days_wished_for_are_remembered_when_they_are_given_up() -> None:
    """Fails when the nearest to Christmas Day are those of tomorrow."""
    day = Search(since=EVERYTHING.since, until=EVERYTHING.until)

    ((_, easier),) = given_up(meant(day), ())
    assert easier == Search(since=TODAY, around=(day.since, day.until))


def test_any_of_several_words_suffices_before_all_are_given_up() -> None:
    several = Search(since=TODAY, words=("mobil", "dragspel"))

    steps = list(given_up(meant(several), ()))
    assert steps == [("q", Search(since=TODAY, words=several.words, any_word=True)), ("q", Search(since=TODAY))]
