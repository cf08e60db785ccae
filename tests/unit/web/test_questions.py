"""What the library asks beside who comes: how it stands on pages, and what counts as an answer."""

from typing import Any

import pytest

from services.web import questions
from services.web.questions import Answer
from services.web.refusals import refused
from services.web.upstream import Question
from shared.problems import FieldError, Problem


def question(type_: str = "choice", **facts: Any) -> Question:  # noqa: ANN401 - whatever catalog may tell
    options = [{"id": "one", "labels": {"sv": "Ett"}}, {"id": "two", "labels": {"sv": "Två"}}]
    usual = {"id": type_, "type": type_, "labels": {"sv": f"Fråga om {type_}"}}
    chosen = {"options": options} if type_ in {"choice", "choices"} else {}
    return Question.model_validate(usual | chosen | facts)


SOME, NUMBER, LINE = question("choices"), question("number", most=30), question("name")
ONE = question()


def test_short_lines_stand_together_and_what_one_chooses_alone() -> None:
    """Fails when a teacher goes through a page for each line, or two lists are on one page."""
    asked = [LINE, NUMBER, ONE, question(id="again"), LINE]

    assert [[one.id for one in page] for page in questions.pages(asked)] == [
        ["name", "number"],
        ["choice"],
        ["again"],
        ["name"],
    ]
    assert questions.pages([]) == []


@pytest.mark.parametrize(
    ("asked", "sent", "read"),
    [
        (ONE, {"answer-choice": "two"}, "two"),
        (ONE, {"answer-choice": "three"}, ""),
        (ONE, {}, ""),
        (SOME, {"answer-choices-two": "1", "answer-choices-one": "1", "answer-choices-three": "1"}, ("one", "two")),
        (SOME, {}, ()),
        (NUMBER, {"answer-number": "٢٤"}, 24),
        (NUMBER, {"answer-number": "9" * 500}, 9_999_999),
        (NUMBER, {"answer-number": "två klasser"}, "två kla"),
        (LINE, {"answer-name": "Berga\x00skolan"}, "Bergaskolan"),
    ],
)
def test_an_answer_is_read_as_its_question_means_it(asked: Question, sent: dict[str, str], read: Answer) -> None:
    """Fails when what is no option goes on to booking, or a number is kept as a text."""
    assert questions.read([asked], sent) == {asked.id: read}


@pytest.mark.parametrize(
    ("asked", "answer", "text"),
    [
        (ONE, "", "Välj ett svar: %(label)s"),
        (ONE, "three", "Välj ett svar: %(label)s"),
        (SOME, (), "Välj minst ett svar: %(label)s"),
        (SOME, ("one", "three"), "Välj minst ett svar: %(label)s"),
        (NUMBER, "", "Skriv med siffror: %(label)s"),
        (NUMBER, "två", "Skriv med siffror: %(label)s"),
        (NUMBER, -1, "Skriv med siffror: %(label)s"),
        (NUMBER, 31, "Skriv högst %(most)s: %(label)s"),
        (LINE, "", "Fyll i: %(label)s"),
    ],
)
def test_what_is_missing_or_cannot_be_is_told_with_its_question(asked: Question, answer: Answer, text: str) -> None:
    """Fails when a page with two questions does not say which."""
    [fault] = questions.faults([asked], {asked.id: answer})

    assert (fault.field, fault.text, fault.label) == (f"answer-{asked.id}", text, asked.labels)


@pytest.mark.parametrize(
    ("asked", "answer"),
    [(ONE, "one"), (SOME, ("one",)), (NUMBER, 0), (NUMBER, 30), (LINE, "4B"), (question(required=False), "")],
)
def test_what_is_right_has_no_fault(asked: Question, answer: Answer) -> None:
    """Fails when the largest number is too large, or one may not leave open what need not be answered."""
    assert questions.faults([asked], {asked.id: answer}) == []


def test_only_answers_that_another_session_takes_go_along() -> None:
    """Fails when an option that is not there any more is kept, or an answer nobody asks for."""
    answers: dict[str, Answer] = {"choice": "one", "choices": ("three",), "name": "4B"}

    assert questions.fitted([ONE, SOME, NUMBER], answers) == {"choice": "one"}


def test_nothing_is_sent_for_what_was_left_open() -> None:
    """Fails when 0 counts as nothing, or an empty text as an answer."""
    answers: dict[str, Answer] = {"choice": "", "choices": (), "some": ("one",), "number": 0, "name": "4B"}

    assert questions.sent(answers) == {"some": ["one"], "number": 0, "name": "4B"}


def test_what_booking_refuses_is_told_beside_its_question() -> None:
    """By one problem or among several fields. Fails when it is said without a field, as something of ours."""
    one = Problem("invalid-answer", 422, "", field="answers.name")
    errors = (FieldError(field="answers.choices.0", detail=""), FieldError(field="name", detail=""))
    several = Problem("invalid", 422, "", errors=errors)

    assert [fault.field for fault in refused(one, asked=[LINE])] == ["answer-name"]
    assert [fault.field for fault in refused(several, asked=[SOME])] == ["answer-choices", "name"]
    assert [fault.field for fault in refused(one, asked=[])] == [None]
