"""What follows from an answer: for which booking it is, and what it gets back at once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.notify.domain import Answer, Reaction, Says, Told, may_answer, react, understand

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)
ONE, OTHER = UUID(int=1), UUID(int=2)


def told(  # noqa: PLR0913 - whatever a test wants to change
    standing: str = "confirmed",
    about: UUID = ONE,
    *,
    session_status: str = "published",
    starts_at: datetime = NOW + timedelta(days=1),
    told_at: datetime = NOW - timedelta(hours=1),
    greeted: bool = False,
    of_series: bool = False,
    untold: bool = False,
) -> Told:
    """A booking of tomorrow."""
    return Told(
        about=about,
        standing=standing,
        session_status=session_status,
        starts_at=starts_at,
        told_at=told_at,
        greeted=greeted,
        of_series=of_series,
        by_code_only=of_series or untold,
    )


def react_to(text: str, *bookings: Told, named: UUID | None = None, before: Says | None = None) -> Reaction:
    """What follows from a text."""
    return react(understand(text, ["K7F-4MQ"] if named else []), bookings, named, before, NOW)


def _is(reaction: Reaction) -> tuple[bool, str | None]:
    return reaction.acts, reaction.answer


@pytest.mark.parametrize(
    ("booking", "yes", "no"),
    [
        (told("confirmed"), (True, "see_you"), (True, None)),
        (told("confirmed", greeted=True), (True, None), (True, None)),
        (told("queued"), (False, "in_queue"), (True, None)),
        (told("offered"), (True, None), (True, None)),
        (told("expired"), (False, "too_late"), (False, "over")),
        (told("declined"), (False, "over"), (False, "over")),
        (told("cancelled"), (False, "over"), (False, "over")),
        (told("closed"), (False, "over"), (False, "over")),
        (told("confirmed", session_status="cancelled"), (False, "over"), (False, "over")),
        (told("confirmed", starts_at=NOW), (False, "begun"), (False, "begun")),
        (told("offered", starts_at=NOW), (False, "begun"), (False, "begun")),
        (told("expired", starts_at=NOW), (False, "too_late"), (False, "over")),
    ],
)
def test_what_an_answer_does_depends_on_what_the_booking_is(
    booking: Told, yes: tuple[bool, str | None], no: tuple[bool, str | None]
) -> None:
    """Fails when a seat of a session that has begun is given back, and when a text follows where a message does."""
    assert (_is(react_to("ja", booking)), _is(react_to("nej", booking))) == (yes, no)


@pytest.mark.parametrize("text", ["hur kommer jag dit", "ja nej"])
def test_what_is_not_understood_is_asked_again_as_one_can_answer(text: str) -> None:
    """Fails when somebody with two bookings is told to answer without a code, or one without any to answer at all."""
    assert react_to(text, told()).answer == "unclear"
    assert react_to(text, told(), told(about=OTHER)).answer == "unclear_which"
    assert react_to(text, told("cancelled")).answer == "unclear_nothing"


def test_the_only_booking_that_lives_is_meant() -> None:
    """Fails when the newest one is meant although it is over, or when one that is over counts."""
    reaction = react_to("nej", told("cancelled", OTHER, told_at=NOW - timedelta(days=1)), told())
    assert (reaction.about, reaction.acts) == (ONE, True)


def test_who_has_several_bookings_is_asked_which() -> None:
    """Fails when one of them is guessed, and when the example asks for the other word."""
    several = told("offered"), told(about=OTHER)
    assert _is(react_to("nej", *several)) == (False, "which_no")
    assert _is(react_to("ja", *several)) == (False, "which_yes")


def test_a_code_decides() -> None:
    """Fails when the newest booking is meant, or the only one that lives, whatever code is typed."""
    several = told("offered"), told(about=OTHER)
    reaction = react_to("nej K7F-4MQ", *several, named=OTHER)
    assert (reaction.about, reaction.acts, reaction.answer) == (OTHER, True, None)
    over = told("cancelled", OTHER)
    assert react_to("nej K7F-4MQ", told(), over, named=OTHER) == Reaction(about=OTHER, says="no", answer="over")


def test_a_code_that_is_not_theirs_is_none_of_theirs() -> None:
    """Fails when a mistyped code ends the only booking that lives."""
    assert _is(react_to("NEJ K7F-4MR", told())) == (False, "wrong_code")


def test_who_was_asked_for_a_code_may_answer_with_it_alone() -> None:
    """Fails when a person has to write the same word again, and when a code alone says something by itself."""
    several = told("offered"), told(about=OTHER)
    assert react_to("K7F-4MQ", *several, named=OTHER, before="no").acts
    assert react_to("K7F-4MQ", *several, named=OTHER, before="no").says == "no"
    assert _is(react_to("K7F-4MQ", *several, named=OTHER)) == (False, "unclear_which")
    assert react_to("JA K7F-4MQ", *several, named=OTHER, before="no").says == "yes"


def test_a_no_without_its_code_never_gives_back_a_whole_term() -> None:
    """Fails when a no to one date, or to the summary, gives back all dates, and when the code of all does not."""
    whole = told(about=OTHER, of_series=True)
    assert _is(react_to("nej", whole)) == (False, "which_no")
    assert _is(react_to("ja", whole)) == (False, None)
    assert react_to("nej", told(), whole) == Reaction(about=ONE, says="no", acts=True)
    assert _is(react_to("nej", whole, told())) == (False, "which_no")
    assert react_to("nej K7F-4MQ", told(), whole, named=OTHER) == Reaction(about=OTHER, says="no", acts=True)
    assert _is(react_to("nej", told("cancelled", OTHER, of_series=True))) == (False, "over")


def helping(standing: str, about: UUID, minutes_ago: int) -> Told:
    """What a volunteer was told of, so long ago."""
    return replace(told(standing, about, told_at=NOW - timedelta(minutes=minutes_ago)), owner="volunteers")


def test_who_helps_answers_what_is_asked_without_a_code_although_they_have_shifts() -> None:
    question, shift = helping("proposed", ONE, 5), helping("accepted", OTHER, 60)
    for text in ("JA", "NEJ"):
        assert react_to(text, question, shift) == question.reaction("yes" if text == "JA" else "no", NOW)


def test_a_no_gives_away_no_shift_that_was_told_of_after_the_question() -> None:
    question, shift = helping("proposed", ONE, 60), helping("accepted", OTHER, 5)
    assert react_to("JA", shift, question).about == ONE
    assert _is(react_to("NEJ", shift, question)) == (False, "which_of_all_no")


def test_of_two_questions_the_code_says_which() -> None:
    questions = helping("proposed", ONE, 5), helping("proposed", OTHER, 6)
    assert _is(react_to("JA", *questions)) == (False, "which_of_all_yes")


def test_a_question_to_who_helps_is_not_taken_for_their_own_booking() -> None:
    question, seat = helping("proposed", ONE, 60), told("confirmed", OTHER, told_at=NOW - timedelta(minutes=5))
    assert _is(react_to("JA", seat, question)) == (False, "which_of_all_yes")
    newer = helping("proposed", ONE, 1)
    assert _is(react_to("NEJ", newer, seat)) == (False, "which_of_all_no")


@pytest.mark.parametrize("standing", ["declined", "expired", "released"])
def test_who_helps_too_late_is_thanked_and_nothing_else_is_meant(standing: str) -> None:
    over, shift = helping(standing, ONE, 5), helping("accepted", OTHER, 60)
    assert _is(react_to("JA", over, shift)) == (False, "helped_already")
    assert _is(react_to("JA", over, shift, helping("proposed", UUID(int=3), 90))) == (False, "helped_already")


def test_thanks_are_not_answered_unless_something_is_asked() -> None:
    """Fails when politeness is told that it is not understood, or takes a seat that is on offer."""
    assert _is(react_to("Tack!", told())) == (False, None)
    assert _is(react_to("Tack!", told("queued"))) == (False, None)
    assert _is(react_to("Tack!", told("offered"))) == (False, "unclear")


@pytest.mark.parametrize("bookings", [(told(),), (told(), told(about=OTHER)), (told("cancelled"),)])
def test_reminders_are_stopped_whatever_there_is(bookings: tuple[Told, ...]) -> None:
    """Fails when STOPP cancels, or is asked for a code."""
    assert _is(react_to("STOPP", *bookings)) == (False, "stopped")
    assert _is(react_to("START", *bookings)) == (False, "started")


@pytest.mark.parametrize(
    ("answer", "given", "may"),
    [
        ("unclear", {}, True),
        ("unclear", {"unclear": 1}, True),
        ("unclear", {"unclear": 2}, False),
        ("unclear", {"unclear_which": 1, "wrong_code": 1}, False),
        ("unclear", {"see_you": 2}, True),
        ("which_no", {"which_no": 2}, False),
        ("which_no", {"unclear": 2}, True),
        ("over", {"over": 1, "see_you": 2, "which_no": 2}, True),
        ("over", {"over": 2, "see_you": 2, "which_no": 2}, False),
        ("started", {"over": 2, "see_you": 2, "which_no": 2}, False),
    ],
)
def test_a_machine_is_soon_left_alone(answer: Answer, given: dict[Answer, int], may: bool) -> None:  # noqa: FBT001 - a table
    """Fails when two machines would answer each other for ever."""
    assert may_answer(answer, given) is may


@pytest.mark.parametrize(
    ("standing", "text", "answer"),
    [
        ("cancelled", "nej", "which_no"),
        ("expired", "nej", "which_no"),
        ("expired", "ja", "too_late"),
        ("declined", "ja", "which_yes"),
    ],
)
def test_an_answer_to_what_is_over_takes_no_other_chair(standing: str, text: str, answer: Answer) -> None:
    """The number was told last of a booking that has ended since. Fails when what lives is taken for what is meant."""
    over, lives = told(standing, OTHER), told("confirmed", ONE, told_at=NOW - timedelta(days=3))
    assert react_to(text, over, lives) == Reaction(about=OTHER, says="yes" if text == "ja" else "no", answer=answer)
    assert react_to(text, lives, over).acts, "told last of the one that lives"
    long_ago = told(standing, OTHER, told_at=NOW - timedelta(days=2))
    assert react_to(text, long_ago, lives).about == ONE
    assert react_to("nej K7F-4MQ", over, lives, named=ONE).acts, "a code decides"


def test_a_date_told_of_with_others_is_meant_by_its_code_only() -> None:
    whole, date = told(about=OTHER, of_series=True), told(untold=True)
    assert react_to("nej K7F-4MQ", whole, date, named=ONE) == Reaction(about=ONE, says="no", acts=True)
    assert react_to("nej", whole, date) == Reaction(about=OTHER, says="no", answer="which_no")
