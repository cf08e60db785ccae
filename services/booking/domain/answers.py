"""What a booking answers to what its session asks. Nothing else is taken, and nothing is free text."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias

from services.booking.domain.refusals import AnswerMissing, InvalidAnswer, UnknownQuestion
from services.booking.domain.terms import Question
from shared.names import display_name

Answer: TypeAlias = str | int | list[str]
Answers: TypeAlias = Mapping[str, Answer]
"""By the question's id: an option's, several of them, a number, or a name."""


def checked(ask: Sequence[Question], given: Mapping[str, object]) -> dict[str, Answer]:
    """The answers as they are kept, in the order of the questions. Empty ones are none.

    Raises:
        UnknownQuestion, AnswerMissing, InvalidAnswer: the first that is not right; ``field`` names it.
    """
    known = {question.id for question in ask}
    for id_ in given:
        if id_ not in known:
            raise UnknownQuestion(id_, "this is not asked for here")
    kept: dict[str, Answer] = {}
    for question in ask:
        answer = given.get(question.id)
        if answer is not None and answer not in ("", []):
            kept[question.id] = _checked(question, answer)
        elif question.required:
            raise AnswerMissing(question.id, "this has to be answered")
    return kept


def _checked(question: Question, answer: object) -> Answer:
    match question.type:
        case "choice":
            return _option(question, answer)
        case "choices":
            if not isinstance(answer, list):
                raise InvalidAnswer(question.id, "choose some of the options: a list")
            chosen = {_option(question, one) for one in answer}
            return [option for option in question.options if option in chosen]
        case "number":
            return _number(question, answer)
        case "name":
            return _name(question, answer)


def _option(question: Question, answer: object) -> str:
    if not isinstance(answer, str) or answer not in question.options:
        raise InvalidAnswer(question.id, "choose one of: " + ", ".join(question.options))
    return answer


def _number(question: Question, answer: object) -> int:
    if not isinstance(answer, int) or isinstance(answer, bool):
        raise InvalidAnswer(question.id, "write a whole number")
    most = _MOST if question.most is None else question.most
    if not 0 <= answer <= most:
        raise InvalidAnswer(question.id, f"write a number from 0 to {most}")
    return answer


_MOST = 10_000
"""Where a question names no largest number: what is beyond it is a slip of the finger."""


def _name(question: Question, answer: object) -> str:
    if not isinstance(answer, str):
        raise InvalidAnswer(question.id, "write a name")
    try:
        return display_name(answer)
    except ValueError as error:
        raise InvalidAnswer(question.id, str(error)) from error
