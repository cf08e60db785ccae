"""A message to somebody who helps as an SMS of one part: what is asked or happened, and what they can answer."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import TypeAlias

from services.notify.gsm7 import plain
from services.notify.render.fitting import cut
from services.notify.render.helping import HelperTelling

Form: TypeAlias = tuple[str, ...]
"""One way to say it: the catalog's texts in their order."""

_NOTHING = ""
_SHORTER_NEWS: Mapping[str, Sequence[str]] = {
    "assignment_proposed": ("", ".short"),
    "assignment_proposed.stand_in": ("", ".short"),
    "shift_proposed.swap": ("", ".short"),
    "assignment_accepted": ("", ".short"),
    "assignment_reminder": ("", ".short"),
}
"""News that there are in several lengths; the others have one."""

_WITH_PLEDGE = ("sms.answer.pledge", "sms.answer.pledge.short")
_ANSWER = ("sms.answer", "sms.answer.short")
_CANNOT = ("sms.cannot_help", "sms.cannot_help.short", "sms.cannot_come.shortest")
_CODE = "sms.code"


def whole_helper_sms(telling: HelperTelling) -> Iterator[str]:
    """Every way to say it with nothing cut, the best first, however long it is."""
    occasion = telling.occasion
    title = occasion.sms_title if occasion else ""
    for place, form in product(_places(telling), _forms(telling)):
        yield plain(_text(telling, form, title, place))


def shortened_helper_sms(telling: HelperTelling) -> str:
    """Spelled in the small alphabet, and with as much of title and place as one part holds."""
    occasion, last = telling.occasion, list(_forms(telling))[-1]
    title = occasion.sms_title if occasion else ""
    return cut(lambda title, place: _text(telling, last, title, place), title, _places(telling)[-1])


def _places(telling: HelperTelling) -> Sequence[str]:
    occasion = telling.occasion
    if occasion is None:
        return ("",)
    session = occasion.session
    places = [occasion.place(session.branch.sms_name)]
    if "place" in telling.parameters.changed:
        places.insert(0, occasion.place(session.branch.sms_name, session.room))
    return places


def _text(telling: HelperTelling, form: Form, title: str, place: str) -> str:
    """The words of a form."""
    shown = {
        "title": title,
        "place": place,
        "deadline": telling.until.short,
        "by": telling.until.shortest,
        "given": telling.giving("short"),
        "topic": telling.topic,
        "help_language": telling.help_language,
    }
    return " ".join(telling.fill(telling.words(key), **shown) for key in form if key)


def _forms(telling: HelperTelling) -> Iterator[Form]:
    """What can be said, the best first: the news, what the visitor wants, and what one can answer."""
    news = [f"sms.{telling.wording}{length}" for length in _SHORTER_NEWS.get(telling.wording, ("",))]
    for wish, said, (code, closing) in product(_wishes(telling), news, _closings(telling)):
        yield (said, *wish, telling.why or _NOTHING, code, closing)


def _wishes(telling: HelperTelling) -> Sequence[Form]:
    """What the visitor wants; in which language is what is left out last, as that is why somebody is asked."""
    language = ("sms.help_language",) if telling.help_language else ()
    topic = ("sms.topic",) if telling.topic else ()
    return tuple(dict.fromkeys([(*language, *topic), language]))


def _closings(telling: HelperTelling) -> Sequence[tuple[str, str]]:
    """The code of what is meant, and what they can answer, in as many words as fit."""
    if telling.asks:
        answers = _WITH_PLEDGE if telling.with_pledge else _ANSWER
        return [(_CODE, answer) for answer in answers]
    if telling.binds:
        return [(_CODE, cannot) for cannot in _CANNOT]
    return [(_NOTHING, "thanks" if telling.not_needed else _NOTHING)]
