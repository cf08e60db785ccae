"""From a template and its facts to the words a person reads. Pure: nothing is asked, stored or sent here."""

from services.notify.render.aloud import aloud
from services.notify.render.answers import STRANGER, answer, to_stranger, whole_answer
from services.notify.render.helping import HelperTelling
from services.notify.render.letters import Fact, Letter
from services.notify.render.mail import entrance, letter
from services.notify.render.occasion import CATALOGS, Occasion, same_place
from services.notify.render.sms import sms, whole_sms
from services.notify.render.telling import Telling

__all__ = [
    "CATALOGS",
    "STRANGER",
    "Fact",
    "HelperTelling",
    "Letter",
    "Occasion",
    "Telling",
    "aloud",
    "answer",
    "entrance",
    "letter",
    "same_place",
    "sms",
    "to_stranger",
    "whole_answer",
    "whole_sms",
]
