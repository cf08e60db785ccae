"""A message as a mail. Nobody reads what is answered to it, so it says where else to answer."""

from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify.render.helper_mail import helper_words
from services.notify.render.helping import HelperTelling
from services.notify.render.letters import Fact, Letter, Words
from services.notify.render.telling import Telling

_PAGES = Environment(
    loader=FileSystemLoader(Path(__file__).parents[1] / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def letter(telling: Telling | HelperTelling) -> Letter:
    """The mail."""
    words = helper_words(telling) if isinstance(telling, HelperTelling) else _words(telling)
    return Letter(
        subject=words.subject,
        text=_PAGES.get_template("mail.txt").render(words=words),
        html=_PAGES.get_template("mail.html").render(words=words),
    )


def _words(telling: Telling) -> Words:
    return Words(
        language=telling.language,
        subject=_say(telling, f"mail.{telling.wording}.subject"),
        greeting=_say(telling, "mail.greeting.helper" if telling.contact.by == "proxy" else "mail.greeting"),
        lead=" ".join(_say(telling, key) for key in _lead(telling)),
        facts=list(_facts(telling)),
        closing=[_say(telling, key) for key in _closing(telling)],
        signature=_say(telling, "mail.signature"),
    )


def _say(telling: Telling, key: str) -> str:
    occasion = telling.occasion
    branch = telling.next_session.branch.name if telling.next_session else ""
    shown = {
        "title": occasion.title,
        "place": occasion.place(telling.session.branch.name, telling.session.room),
        "deadline": telling.full_deadline,
        "next": telling.following(branch),
        "span": telling.series.span("long"),
    }
    return telling.fill(telling.words(key), **shown)


def _lead(telling: Telling) -> Iterator[str]:
    """What happened; and what the booking is, where that is not said with it."""
    announced = telling.template == "announced"
    yield f"announcement.{telling.parameters.announcement}" if announced else f"mail.{telling.wording}.lead"
    if telling.next_session:
        yield "mail.helper_missing.next" if telling.template == "helper_missing" else "mail.next"
    if announced or telling.template == "rescheduled" or (telling.template == "code_again" and not telling.seated):
        yield f"mail.still.{telling.standing}"
    elif telling.template == "reminder" and telling.parameters.reconfirm:
        yield "mail.reminder.full"


def _facts(telling: Telling) -> Iterator[Fact]:
    language = telling.language
    if telling.of_series:
        yield from _dates(telling)
    else:
        yield Fact(label=language.gettext("mail.when"), value=_say(telling, "mail.when.value"))
    yield Fact(label=language.gettext("mail.where"), value=telling.occasion.where)
    yield from entrance(telling)
    if telling.over:
        return
    yield Fact(label=language.gettext("mail.who"), value=_say(telling, "mail.who.value"))
    if telling.template == "queued":
        yield Fact(label=language.gettext("mail.position"), value=str(telling.parameters.position))
    if telling.standing == "offered" and telling.answer_by:
        yield Fact(label=language.gettext("mail.answer_by"), value=telling.full_deadline)
    code = "mail.code_all" if telling.of_series else "mail.code"
    yield Fact(label=language.gettext(code), value=telling.contact.code)


def _dates(telling: Telling) -> Iterator[Fact]:
    """Every date of a series, and those that were not booked."""
    language = telling.language
    yield Fact(label=language.gettext("mail.when"), value=telling.series.span("long"))
    yield Fact(label=language.gettext("mail.dates"), value=telling.series.listed_in_full())
    if telling.parameters.refused:
        named = telling.can_name_refused
        value = telling.not_booked.listed_in_full() if named else _say(telling, "mail.refused.count")
        yield Fact(label=language.gettext("mail.refused"), value=value)


def entrance(telling: Telling) -> Iterator[Fact]:
    """The ways into an online session."""
    if telling.meeting is None:
        return
    yield Fact(label=telling.language.gettext("mail.link"), value=telling.meeting.link, link=True)
    if telling.meeting.number:
        yield Fact(label=telling.language.gettext("mail.meeting"), value=telling.meeting.number)


_ACTS = {"confirmed": "mail.cannot_come", "queued": "mail.leave", "offered": "mail.answer"}
"""What somebody can do, by what their booking is."""


def _closing(telling: Telling) -> tuple[str, ...]:
    if telling.over:
        return ("mail.questions", "mail.no_reply")
    address = ".address" if telling.public_url else ""
    act = _ACTS[telling.standing] + address
    acts = ("mail.cannot_come_once", f"mail.cannot_come_all{address}") if telling.of_series else (act,)
    unasked = ("mail.unasked",) if telling.template == "code_again" else ()
    proof = "mail.proof.phone" if telling.contact.phone else "mail.proof.name"
    yours = ("mail.link.yours",) if telling.meeting else ()
    return (*yours, "mail.free", *acts, proof, *unasked, "mail.no_reply", "mail.never_asked")
