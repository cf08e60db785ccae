"""What booking's no means to staff at the desk, beside the field it names."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from services.web import questions
from services.web.desk.form import ADULT, EMAIL, NAME, PHONE, PHONE_TO_RING, DeskForm, nobody
from services.web.faults import OTHER, Fault
from services.web.rendering import msgid

if TYPE_CHECKING:
    from services.web.parties import Fields
    from services.web.upstream import Question
    from shared.problems import Problem

_FIELDS: Mapping[str, str] = {
    "reach.phone": "phone",
    "reach.email": "email",
    "party": "adults",
    "party.adults": "adults",
    "party.children": "children",
    "name": "name",
}
_TOO_LARGE = msgid("Så många får inte vara i en bokning. Högst %(most)s.")
_FAR_TOO_LARGE = msgid("Så många får inte vara i en bokning.")
_ALREADY = msgid("Personen har redan en plats på den här tiden, eller står i kö. Sök på namnet, så ser du bokningen.")
_CLOSED = msgid("Den här tiden är slut eller finns inte längre. Välj en annan.")
_QUEUE_FULL = msgid("Kön är full.")
_QUEUE_CLOSED = msgid("Det börjar så snart att kön är stängd. Den som vill kan vänta vid dörren.")
_UNREACHABLE = msgid("För att stå i kö behöver personen kunna nås. Skriv ett nummer eller en e-postadress.")
_CHANGED = msgid("Något ändrades efter att du tryckte. Läs igenom och tryck en gång till.")

_TEXTS: Mapping[str, Fault] = {
    "already-booked": Fault(field="name", text=_ALREADY),
    "closed": Fault(field=None, text=_CLOSED),
    "queue-full": Fault(field=None, text=_QUEUE_FULL),
    "queue-closed": Fault(field=None, text=_QUEUE_CLOSED),
    "unreachable": Fault(field="phone", text=_UNREACHABLE),
    "invalid-email": Fault(field="email", text=EMAIL),
    "adult-missing": Fault(field="adults", text=ADULT),
    "idempotency-key-reused": Fault(field=None, text=_CHANGED),
    "still-running": Fault(field=None, text=_CHANGED),
}


def refused(problem: Problem, form: DeskForm, fields: Fields, asked: Iterable[Question]) -> list[Fault]:
    """What a no to a booking means."""
    document = problem.document
    asked = tuple(asked)
    if document.type == "invalid":
        return [_invalid(error.field, fields, asked) for error in document.errors] or [Fault(field=None, text=OTHER)]
    if told := questions.refused(asked, document.field or ""):
        return [told]
    match document.type:
        case "invalid-phone":
            return [Fault(field="phone", text=PHONE_TO_RING if form.by == "call" else PHONE)]
        case "party-too-large":
            return [_too_large(fields)]
        case "party-empty":
            return [nobody(fields)]
    return [_TEXTS.get(document.type, Fault(field=None, text=OTHER))]


def _invalid(named: str, fields: Fields, asked: tuple[Question, ...]) -> Fault:
    if told := questions.refused(asked, named):
        return told
    field = _FIELDS.get(named)
    if field in {"adults", "children"}:
        return _too_large(fields)._replace(field=field)
    text = {"name": NAME, "phone": PHONE, "email": EMAIL}.get(field or "", OTHER)
    return Fault(field=field, text=text)


def _too_large(fields: Fields) -> Fault:
    if fields.most is None:
        return Fault(field=fields.seats, text=_FAR_TOO_LARGE)
    return Fault(field=fields.seats, text=_TOO_LARGE, values={"most": fields.most})
