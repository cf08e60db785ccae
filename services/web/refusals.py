"""What booking's answer to a form means, beside the field it names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from services.web import questions
from services.web.faults import OTHER, Fault
from services.web.forms import ADULT, BY, BY_TO_QUEUE, EMAIL, NAME, PHONE, nobody, too_large
from services.web.parties import Fields
from services.web.rendering import msgid
from services.web.upstream import Question, seconds_to_wait
from shared.problems import Problem

_NOTHING_ASKED = Fields(adults=False, children=False)

_MANY_OF_PHONE = msgid(
    "Det här numret har använts till många bokningar. Ring biblioteket, så hjälper vi dig, eller försök igen %(wait)s."
)
_MANY_OF_EMAIL = msgid(
    "Den här e-postadressen har använts till många bokningar. Ring biblioteket, så hjälper vi dig, eller försök igen "
    "%(wait)s."
)
_MANY_FROM_HERE = msgid(
    "Det har kommit många bokningar från samma internetanslutning som din. Försök igen %(wait)s, eller ring "
    "biblioteket."
)
_CHANGED = msgid("Något ändrades efter att du tryckte på knappen. Läs igenom och tryck en gång till.")
_UNAVAILABLE = msgid("Det gick inte just nu. Det du har skrivit finns kvar. Försök igen om en stund.")

_TEXTS = {
    "invalid-phone": PHONE,
    "invalid-email": EMAIL,
    "idempotency-key-reused": _CHANGED,
    "still-running": _UNAVAILABLE,
    "unavailable": _UNAVAILABLE,
    "unreachable": BY_TO_QUEUE,
}
_FIELDS = {
    "reach.by": "by",
    "reach.phone": "phone",
    "reach.email": "email",
    "party": "adults",
    "party.adults": "adults",
    "party.children": "children",
    "name": "name",
}
_INVALID = {
    "by": BY,
    "name": NAME,
    "phone": PHONE,
    "email": EMAIL,
}
"""Of a number of people only one is refused so that is one: larger than any party."""


def refused(problem: Problem, fields: Fields = _NOTHING_ASKED, asked: Iterable[Question] = ()) -> list[Fault]:
    """What booking's answer to a form means, beside the field it names where that field is asked for."""
    document = problem.document
    asked = tuple(asked)
    if document.type == "invalid":
        return _invalid([error.field for error in document.errors], fields, asked)
    if told := questions.refused(asked, document.field or ""):
        return [told]
    if document.type in _OF_PARTY:
        return [_OF_PARTY[document.type](fields)]
    if document.type == "too-many-requests":
        field = _FIELDS.get(document.field or "")
        text = {"phone": _MANY_OF_PHONE, "email": _MANY_OF_EMAIL}.get(field or "", _MANY_FROM_HERE)
        return [Fault(field=field, text=text, wait=seconds_to_wait(problem))]
    beside = {"invalid-phone": "phone", "invalid-email": "email", "unreachable": "by"}.get(document.type)
    return [Fault(field=beside, text=_TEXTS.get(document.type, OTHER))]


_OF_PARTY: Mapping[str, Callable[[Fields], Fault]] = {
    "party-too-large": too_large,
    "party-empty": nobody,
    "adult-missing": lambda _: Fault(field="adults", text=ADULT),
}


def _invalid(named: Iterable[str], fields: Fields, asked: Iterable[Question]) -> list[Fault]:
    """What is wrong with several answers at once, each named once."""
    found = {}
    for name in named:
        fault = questions.refused(asked, name) or _of_ours(_FIELDS.get(name), fields)
        found[fault.field] = fault
    return list(found.values())


def _of_ours(name: str | None, fields: Fields) -> Fault:
    if name in {"adults", "children"}:
        return too_large(fields)._replace(field=name)
    return Fault(field=name, text=_INVALID.get(name or "", OTHER))
