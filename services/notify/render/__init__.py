"""From a template and its facts to the words a person reads. Pure: nothing is asked, stored or sent here."""

from services.notify.render.answers import answer, to_stranger
from services.notify.render.mail import Fact, Letter, entrance, letter
from services.notify.render.sms import sms
from services.notify.render.telling import CATALOGS, Telling

__all__ = ["CATALOGS", "Fact", "Letter", "Telling", "answer", "entrance", "letter", "sms", "to_stranger"]
