"""What an answer by SMS gets back at once: one part, in the language of the booking it is about."""

from zoneinfo import ZoneInfo

from services.notify.domain import Answer
from services.notify.gsm7 import fits, plain
from services.notify.render.fitting import cut
from services.notify.render.occasion import CATALOGS, Occasion
from shared.events import SessionState
from shared.i18n import Catalogs

STRANGER = "answer.stranger"


def answer(kind: Answer, session: SessionState, language: str, zone: ZoneInfo, catalogs: Catalogs = CATALOGS) -> str:
    """The text; a title or place that is too long for one part is cut."""
    text = whole_answer(kind, session, language, zone, catalogs)
    if fits(text):
        return text
    occasion = Occasion(session=session, language=catalogs[language], zone=zone)
    words = occasion.language.gettext(f"answer.{kind}")
    title, place = occasion.sms_title, occasion.place(session.branch.sms_name)
    return cut(lambda title, place: _filled(words, occasion, title, place), title, place)


def whole_answer(kind: Answer, session: SessionState, language: str, zone: ZoneInfo, catalogs: Catalogs) -> str:
    """The text as it is written, however long it is."""
    occasion = Occasion(session=session, language=catalogs[language], zone=zone)
    words = occasion.language.gettext(f"answer.{kind}")
    title, place = occasion.sms_title, occasion.place(session.branch.sms_name)
    return plain(_filled(words, occasion, title, place))


def _filled(words: str, occasion: Occasion, title: str, place: str) -> str:
    return words.format(**occasion.facts(), title=title, place=place)


def to_stranger(catalogs: Catalogs = CATALOGS) -> str:
    """The text for a number that no booking was told to, in each of our languages: which one is theirs is not known."""
    return plain(" / ".join(catalogs[tag].gettext(STRANGER) for tag in ("sv", "en")))
