"""What a booking may answer to what its session asks."""

from typing import Any

import pytest

from services.booking.domain import AnswerMissing, InvalidAnswer, Question, UnknownQuestion, checked

TOPIC = Question(id="topic", type="choice", options=("bankid", "printing", "other"))
NEEDS = Question(id="needs", type="choices", options=("lift", "loop", "quiet"), required=False)
SIZE = Question(id="size", type="number", most=35)
SCHOOL = Question(id="school", type="name", counted=False)
ASK = (TOPIC, NEEDS, SIZE, SCHOOL)
RIGHT: dict[str, Any] = {"topic": "bankid", "size": 24, "school": "Husbygårdsskolan"}


def test_answers_are_kept_in_the_order_of_the_questions_and_of_their_options() -> None:
    given = {"school": "  Kista  skola ", "needs": ["quiet", "lift", "quiet"], "size": 0, "topic": "other"}
    assert list(checked(ASK, given).items()) == [
        ("topic", "other"),
        ("needs", ["lift", "quiet"]),
        ("size", 0),
        ("school", "Kista skola"),
    ]


@pytest.mark.parametrize("nothing", [None, "", []])
def test_what_need_not_be_answered_may_be_left_empty(nothing: object) -> None:
    assert checked(ASK, RIGHT | {"needs": nothing}) == RIGHT
    assert checked((), {}) == {}


@pytest.mark.parametrize("nothing", [None, "", []])
@pytest.mark.parametrize("question", ["topic", "size", "school"])
def test_what_has_to_be_answered_is_named_where_it_is_not(question: str, nothing: object) -> None:
    with pytest.raises(AnswerMissing) as missing:
        checked(ASK, RIGHT | {question: nothing})
    assert missing.value.field == f"answers.{question}"


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("topic", "swish"),
        ("topic", "BANKID"),
        ("topic", ["bankid"]),
        ("topic", 1),
        ("needs", "lift"),
        ("needs", ["lift", "sauna"]),
        ("size", 36),
        ("size", -1),
        ("size", 24.0),
        ("size", "24"),
        ("size", True),
        ("school", "ring 070-174 06 05"),
        ("school", "www.example.org"),
        ("school", "x" * 61),
        ("school", 7),
        ("school", ["Kista"]),
    ],
)
def test_an_answer_that_does_not_fit_its_question_is_named(question: str, answer: object) -> None:
    with pytest.raises(InvalidAnswer) as wrong:
        checked(ASK, RIGHT | {question: answer})
    assert wrong.value.field == f"answers.{question}"
    assert str(wrong.value)


def test_nothing_is_taken_that_is_not_asked_for() -> None:
    with pytest.raises(UnknownQuestion) as unknown:
        checked((), {"topic": "bankid"})
    assert unknown.value.field == "answers.topic"
    with pytest.raises(UnknownQuestion):
        checked(ASK, RIGHT | {"diagnosis": None})


def test_a_number_without_a_largest_one_still_has_one() -> None:
    with pytest.raises(InvalidAnswer, match="10000"):
        checked((Question(id="size", type="number"),), {"size": 10_001})
