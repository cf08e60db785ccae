"""What notify does. One function is one transaction: state and the events that tell of it."""

from services.notify.usecases.replying import Incoming, Write, take_reply
from services.notify.usecases.rules import learn_rules
from services.notify.usecases.sending import conclude, postpone, route, spend, take_receipt
from services.notify.usecases.telling import end_session, end_silently, learn_session, tell, tell_series
from services.notify.usecases.wording import Text, say

__all__ = [
    "Incoming",
    "Text",
    "Write",
    "conclude",
    "end_session",
    "end_silently",
    "learn_rules",
    "learn_session",
    "postpone",
    "route",
    "say",
    "spend",
    "take_receipt",
    "take_reply",
    "tell",
    "tell_series",
]
