"""A message as somebody says it on the phone: whole sentences, without name and code."""

from collections.abc import Iterator

from services.notify.render.telling import Telling

_CAN_ASK = {"rescheduled"}
"""What says nothing about the booking by itself."""


def aloud(telling: Telling) -> str:
    """The words, from the greeting to the question."""
    occasion = telling.occasion
    branch = telling.next_session.branch.name if telling.next_session else ""
    shown = {
        "title": occasion.title,
        "place": occasion.place(telling.session.branch.name, telling.session.room),
        "deadline": telling.full_deadline,
        "next": telling.following(branch),
        "span": telling.series.span("long"),
        "refused": telling.not_booked.listed("long"),
        "library": telling.host,
    }
    return " ".join(telling.fill(telling.words(key), **shown) for key in _sentences(telling))


def _sentences(telling: Telling) -> Iterator[str]:
    yield "aloud.hello"
    yield f"aloud.{telling.wording}"
    if telling.template == "announced":
        yield f"announcement.{telling.parameters.announcement}"
    if telling.parameters.refused:
        yield "aloud.refused" if telling.can_name_refused else "aloud.refused.count"
    if telling.template in _CAN_ASK:
        yield f"aloud.still.{telling.standing}"
    if telling.next_session:
        yield "aloud.next"
