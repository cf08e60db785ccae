"""A message as an SMS of one part: what happened, and what one needs to come, to answer or to say no."""

from collections.abc import Mapping, Sequence
from itertools import product

from services.notify.gsm7 import fits, plain, spelled
from services.notify.render.fitting import cut
from services.notify.render.telling import Telling
from shared.logs import get_logger

log = get_logger()

_SHORTER_NEWS: Mapping[str, Sequence[str]] = {"queued": ("", ".short", ".shortest")}
"""News that there are in several lengths; the others have one."""

_NOTHING = ""
_CANNOT_COME = ("sms.cannot_come", "sms.cannot_come.short", "sms.cannot_come.shortest")
_COMING = ("sms.coming", "sms.coming.short")
_LEAVE = ("sms.leave", "sms.leave.short", "sms.leave.shortest")
_IN_QUEUE = ("sms.in_queue", "sms.in_queue.short", "sms.leave.short", "sms.leave.shortest")
_OFFER = ("sms.offer", "sms.offer.short", "sms.offer.shortest")
_ON_OFFER = ("sms.on_offer", "sms.offer.short", "sms.on_offer.untold", "sms.coming.short")
_ON_OFFER_UNTOLD = ("sms.on_offer.untold", "sms.coming.short")


def sms(telling: Telling) -> str:
    """The text message: one part. A changed place is named with its room when that fits."""
    session = telling.session
    places = [telling.occasion.place(session.branch.sms_name)]
    if "place" in telling.parameters.changed:
        places.insert(0, telling.occasion.place(session.branch.sms_name, session.room))
    for place, news, closing in product(places, _news(telling), _closings(telling)):
        text = plain(_text(telling, (news, closing), telling.occasion.sms_title, place))
        if fits(text):
            return text
    log.warning("sms_shortened", session_id=str(session.session_id), template=telling.template)
    return _shortened(telling, telling.occasion.sms_title, places[-1])


def _shortened(telling: Telling, title: str, place: str) -> str:
    """Spelled in the small alphabet, and with as much of title and place as one part holds."""
    title, place = spelled(title), spelled(place)
    for keys in product(_news(telling), _closings(telling)):
        text = spelled(_text(telling, keys, title, place))
        if fits(text):
            return text
    shortest = _news(telling)[-1], _closings(telling)[-1]
    return cut(lambda title, place: _text(telling, shortest, title, place), title, place)


def _text(telling: Telling, keys: tuple[str, str], title: str, place: str) -> str:
    """The news, what one needs to come, and what one can do."""
    news, closing = keys
    said = [news]
    if telling.meeting and telling.meeting.number and telling.template != "shrunk":
        said.append("sms.meeting")
    if not telling.over and telling.template != "code_again":
        said.append("sms.code")
    texts = [telling.words(key) for key in (*said, closing) if key]
    return " ".join(telling.fill(text, title=title, place=place, deadline=telling.deadline) for text in texts)


def _news(telling: Telling) -> Sequence[str]:
    """What happened, in as many words as fit."""
    return [f"sms.{telling.wording}{length}" for length in _SHORTER_NEWS.get(telling.wording, ("",))]


def _closings(telling: Telling) -> Sequence[str]:
    """What somebody can do now, in as many words as fit."""
    if telling.over:
        return ("sms.questions", _NOTHING) if telling.template == "offer_expired" else (_NOTHING,)
    said = telling.template in {"queued", "offered", "shrunk"}  # the news say already what the booking is
    match telling.standing:
        case "queued":
            return _LEAVE if said else _IN_QUEUE
        case "offered" if telling.answer_by:
            return _OFFER if said else _ON_OFFER
        case "offered":
            return _ON_OFFER_UNTOLD
        case _:
            return _COMING if telling.parameters.reconfirm else _CANNOT_COME
