"""A message as an SMS of one part: what happened, and what one needs to come, to answer or to say no."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from services.notify.gsm7 import fits, plain, spelled
from services.notify.render.fitting import cut
from services.notify.render.helper_sms import shortened_helper_sms, whole_helper_sms
from services.notify.render.helping import HelperTelling
from services.notify.render.series import Length
from services.notify.render.telling import Telling
from shared.logs import get_logger

log = get_logger()

_SHORTER_NEWS: Mapping[str, Sequence[str]] = {
    "queued": ("", ".short", ".shortest"),
    "session_cancelled": ("", ".short"),
    "helper_missing": ("", ".short", ".shortest"),
}
"""News that there are in several lengths; the others have one."""

_NOTHING = ""
_CANNOT_COME = ("sms.cannot_come", "sms.cannot_come.short", "sms.cannot_come.shortest")
_COMING = ("sms.coming", "sms.coming.short")
_LEAVE = ("sms.leave", "sms.leave.short", "sms.leave.shortest")
_IN_QUEUE = ("sms.in_queue", "sms.in_queue.short", "sms.leave.short", "sms.leave.shortest")
_OFFER = ("sms.offer", "sms.offer.short", "sms.offer.shortest")
_ON_OFFER = ("sms.on_offer", "sms.offer.short", "sms.on_offer.untold", "sms.coming.short")
_ON_OFFER_UNTOLD = ("sms.on_offer.untold", "sms.coming.short")
_MOVE = ("sms.move", "sms.move.short")
_GIVE_BACK = ("sms.give_back", "sms.cannot_come.shortest")
_QUESTIONS = ("sms.questions", _NOTHING)


@dataclass(frozen=True, kw_only=True, slots=True)
class Form:
    """One way to say it: the catalog's texts in their order, and how long dates are written."""

    keys: tuple[str, ...]
    dates: Length = "long"


def sms(telling: Telling | HelperTelling) -> str:
    """The text message: one part. A changed place is named with its room when that fits."""
    for text in whole_sms(telling):
        if fits(text):
            return text
    about = telling.session and str(telling.session.session_id)
    log.warning("sms_shortened", session_id=about, template=telling.template)
    if isinstance(telling, HelperTelling):
        return shortened_helper_sms(telling)
    return _shortened(telling, telling.occasion.sms_title, _places(telling)[-1])


def whole_sms(telling: Telling | HelperTelling) -> Iterator[str]:
    """Every way to say it with nothing cut, the best first, however long it is."""
    if isinstance(telling, HelperTelling):
        yield from whole_helper_sms(telling)
        return
    for place, form in product(_places(telling), _forms(telling)):
        yield plain(_text(telling, form, telling.occasion.sms_title, place))


def _places(telling: Telling) -> Sequence[str]:
    session = telling.session
    places = [telling.occasion.place(session.branch.sms_name)]
    if "place" in telling.parameters.changed:
        places.insert(0, telling.occasion.place(session.branch.sms_name, session.room))
    return places


def _shortened(telling: Telling, title: str, place: str) -> str:
    """Spelled in the small alphabet, and with as much of title and place as one part holds."""
    title, place = spelled(title), spelled(place)
    forms = list(_forms(telling))
    for form in forms:
        text = spelled(_text(telling, form, title, place))
        if fits(text):
            return text
    return cut(lambda title, place: _text(telling, forms[-1], title, place), title, place)


def _text(telling: Telling, form: Form, title: str, place: str) -> str:
    branch = telling.next_session.branch.sms_name if telling.next_session else ""
    shown = {
        "title": title,
        "place": place,
        "deadline": telling.deadline,
        "next": telling.following(branch),
        "soon": telling.following(branch, "short"),
        "span": telling.series.span(form.dates),
        "refused": telling.not_booked.listed(form.dates),
    }
    return " ".join(telling.fill(telling.words(key), **shown) for key in form.keys if key)


def _forms(telling: Telling) -> Iterator[Form]:
    """What can be said, the best first: the news, what one needs to come, and what one can do."""
    lengths: Sequence[Length] = ("long", "short") if telling.of_series else ("long",)
    for wordings in _refused(telling):
        for dates, refused, news, closing in product(lengths, wordings, _news(telling), _closings(telling)):
            yield Form(keys=(news, refused, *_needed(telling), closing), dates=dates)


def _needed(telling: Telling) -> Iterator[str]:
    """What one needs to come, or to come another time."""
    if telling.meeting and telling.meeting.number and telling.template != "shrunk" and not telling.of_series:
        yield "sms.meeting"
    if telling.template == "announced":
        yield f"announcement.{telling.parameters.announcement}"
    if telling.next_session and telling.template != "helper_missing":
        yield "sms.next"
    if not telling.over and not telling.of_series and telling.template != "code_again":
        yield "sms.code"


def _refused(telling: Telling) -> Sequence[Sequence[str]]:
    """The dates of a series that were not booked with the others: by name if that fits in any way, else how many."""
    if not telling.parameters.refused:
        return ((_NOTHING,),)
    counted = ("sms.refused.count", "sms.refused.count.short")
    return (("sms.refused",), counted) if telling.can_name_refused else (counted,)


def _news(telling: Telling) -> Sequence[str]:
    """What happened, in as many words as fit."""
    return [f"sms.{telling.wording}{length}" for length in _SHORTER_NEWS.get(telling.wording, ("",))]


def _closings(telling: Telling) -> Sequence[str]:
    """What somebody can do now, in as many words as fit."""
    if telling.over:
        return _QUESTIONS if telling.template in {"offer_expired", "session_cancelled"} else (_NOTHING,)
    if telling.of_series:
        return ("sms.leave_all",)
    said = telling.template in {"queued", "offered", "shrunk"}  # the news say already what the booking is
    match telling.standing:
        case "queued":
            return _LEAVE if said else _IN_QUEUE
        case "offered" if telling.answer_by:
            return _OFFER if said else _ON_OFFER
        case "offered":
            return _ON_OFFER_UNTOLD
        case _:
            return _with_seat(telling)


def _with_seat(telling: Telling) -> Sequence[str]:
    if telling.template == "helper_missing":
        return _MOVE if telling.next_session else _GIVE_BACK
    return _COMING if telling.parameters.reconfirm else _CANNOT_COME
