"""What an answer by SMS gets back at once: one part, no link, and what it says."""

import re
from typing import get_args

import pytest
from structlog.testing import capture_logs

from services.notify import render
from services.notify.domain import Answer
from services.notify.gsm7 import fits
from tests.unit.notify.samples import LANGUAGES, LONGEST_NAME, STOCKHOLM, longest, session

ANSWERS: tuple[Answer, ...] = get_args(Answer)
LINK = re.compile(r"https?:|www\.|\w\.(se|org|com|nu)\b", re.IGNORECASE)
WHICH = {"wrong_code", "unclear_which", "which_yes", "which_no", "which_of_all_yes", "which_of_all_no"}
ABOUT_A_SESSION = {"helped_already", "passed_on", "see_you", "in_queue", "begun", "too_late", "over"}


def _answer(kind: Answer, language: str = "sv", **facts: object) -> str:
    return render.answer(kind, session(**facts), language, STOCKHOLM)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", ANSWERS)
def test_an_answer_is_one_part_with_the_longest_names(kind: Answer, language: str) -> None:
    """Fails when a text is cut, costs two parts, or holds what nobody filled in."""
    with capture_logs() as logs:
        text = render.answer(kind, longest(language), language, STOCKHOLM)
    assert not logs
    assert fits(text), f"{len(text)}: {text}"
    assert (LONGEST_NAME in text) is (kind in ABOUT_A_SESSION)
    assert not LINK.search(text)
    assert "{" not in text
    assert f"answer.{kind}" not in text


@pytest.mark.parametrize("kind", ANSWERS)
def test_who_has_to_choose_a_booking_sees_how(kind: Answer) -> None:
    assert ("till exempel" in _answer(kind)) is (kind in WHICH)


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("unclear", "Vi förstod inte ditt svar. Svara JA eller NEJ. Eller ring 08-465 004 00."),
        ("which_no", "Skriv NEJ och din kod, till exempel NEJ K7F-4MQ."),
        ("which_yes", "Skriv JA och din kod, till exempel JA K7F-4MQ."),
        ("see_you", "Tack! Vi ses. Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek."),
        ("begun", "Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek, har redan börjat."),
        ("stopped", "Du får inga fler påminnelser."),
    ],
)
def test_each_answer_says_its_own(kind: Answer, words: str) -> None:
    assert words in _answer(kind)


def test_a_language_without_texts_gets_swedish() -> None:
    assert _answer("unclear", "tlh") == _answer("unclear", "") == _answer("unclear")


def test_a_title_that_is_too_long_is_cut_not_the_rest() -> None:
    text = _answer("in_queue", sms_titles={"sv": "مقهى " + "Ö" * 100})
    assert fits(text)
    assert text.endswith("Kista bibliotek. Lämna kön? Svara NEJ.")


def test_a_stranger_is_answered_in_both_languages_in_one_part() -> None:
    text = render.to_stranger()
    assert fits(text), len(text)
    assert "Vi hittar ingen bokning" in text
    assert "We find no booking" in text
