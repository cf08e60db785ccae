"""What a session asks of those who book, beyond who comes and how to reach them: its pages, and the answers to it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import TypeAlias

from services.web.faults import Fault, is_number, number, seen
from services.web.rendering import msgid
from services.web.upstream import Question

Answer: TypeAlias = int | str | tuple[str, ...]
"""A number, what was typed or chosen, or all that was; empty where the question was left open."""

_BYTES = 181
"""Of one written answer so much is kept: one more than sixty letters take in almost any script."""
_BYTES_OF_ALL = 2 * _BYTES
"""And so much of all of them: what a browser keeps for us is small."""
_DIGITS = 7
_WRITTEN = {"number", "name"}


def field(question: Question) -> str:
    """The name of the field that asks it; with several boxes to tick, how the name of each begins."""
    return f"answer-{question.id}"


def box(question: Question, option: str) -> str:
    """The name of one box to tick."""
    return f"{field(question)}-{option}"


def pages(questions: Iterable[Question]) -> list[tuple[Question, ...]]:
    """What stands on a page together: short lines that follow upon each other; what one chooses stands alone."""
    grouped = groupby(enumerate(questions), key=lambda one: -1 if one[1].type in _WRITTEN else one[0])
    return [tuple(question for _, question in some) for _, some in grouped]


def read(questions: Iterable[Question], values: Mapping[str, str]) -> dict[str, Answer]:
    """The answers of a page that a browser sent, one to each question."""
    asked = tuple(questions)
    most = min(_BYTES, _BYTES_OF_ALL // max(1, sum(question.type == "name" for question in asked)))
    return {question.id: _read(question, values, most) for question in asked}


def _read(question: Question, values: Mapping[str, str], most: int) -> Answer:
    allowed = [option.id for option in question.options]
    typed = seen(values.get(field(question), ""))
    match question.type:
        case "choices":
            return tuple(option for option in allowed if values.get(box(question, option)))
        case "choice":
            return typed if typed in allowed else ""
        case "number":
            return number(typed) if is_number(typed) else typed[:_DIGITS]
        case "name":
            return typed.encode()[:most].decode(errors="ignore")


def fitted(questions: Iterable[Question], answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Those answers that another session asks for too, and would take."""
    kept = {question.id: question for question in questions if question.id in answers}
    return {id_: answers[id_] for id_, question in kept.items() if not _faults(question, answers[id_])}


def faults(questions: Iterable[Question], answers: Mapping[str, Answer]) -> list[Fault]:
    """What is missing or cannot be, in the order of the questions. Booking decides what a short line may say."""
    return [fault for question in questions for fault in _faults(question, answers.get(question.id, ""))]


def _faults(question: Question, answer: Answer) -> list[Fault]:
    if answer in ("", ()):
        return [_fault(question, _MISSING[question.type])] if question.required else []
    match question.type:
        case "choice" | "choices":
            allowed = {option.id for option in question.options}
            chosen = {answer} if isinstance(answer, str) else set(answer) if isinstance(answer, tuple) else {None}
            return [] if chosen <= allowed else [_fault(question, _MISSING[question.type])]
        case "number":
            if not isinstance(answer, int) or answer < 0:
                return [_fault(question, _MISSING["number"])]
            too_much = question.most is not None and answer > question.most
            return [_fault(question, _TOO_MUCH, most=question.most)] if too_much else []
        case "name":
            return [] if isinstance(answer, str) else [_fault(question, _MISSING["name"])]


def refused(questions: Iterable[Question], named: str) -> Fault | None:
    """What booking says of an answer, by the field that it names; None where that is none of these."""
    part, _, rest = named.partition(".")
    id_ = rest.partition(".")[0] if part == "answers" else ""
    found = next((question for question in questions if question.id == id_), None)
    if found is None:
        return None
    return _fault(found, _NO_LINE if found.type == "name" else _MISSING[found.type])


def sent(answers: Mapping[str, Answer]) -> dict[str, object]:
    """The answers as booking takes them; what was left open is left out."""
    given = {id_: answer for id_, answer in answers.items() if answer not in ("", ())}
    return {id_: list(answer) if isinstance(answer, tuple) else answer for id_, answer in given.items()}


def _fault(question: Question, text: str, **values: object) -> Fault:
    return Fault(field=field(question), text=text, values=values, label=question.labels)


_MISSING = {
    "choice": msgid("Välj ett svar: %(label)s"),
    "choices": msgid("Välj minst ett svar: %(label)s"),
    "number": msgid("Skriv med siffror: %(label)s"),
    "name": msgid("Fyll i: %(label)s"),
}
_TOO_MUCH = msgid("Skriv högst %(most)s: %(label)s")
_NO_LINE = msgid("Skriv med bokstäver, högst 60 tecken, utan länkar och telefonnummer: %(label)s")
