"""From a template and its facts to the words a person reads. Pure: nothing is asked, stored or sent here."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify.contacts import Contact
from services.notify.gsm7 import fits, plain
from services.notify.messages import ENDING, Parameters
from shared.events import SessionState
from shared.i18n import Catalogs, Language, choose

_HERE = Path(__file__).parent

CATALOGS = Catalogs(_HERE / "locales")

_PAGES = Environment(
    loader=FileSystemLoader(_HERE / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """Everything a text is made from."""

    template: str
    parameters: Parameters
    session: SessionState
    contact: Contact
    zone: ZoneInfo

    @property
    def language(self) -> Language:
        """The recipient's language, or Swedish when there are no texts in it."""
        return CATALOGS[self.contact.language]

    @property
    def wording(self) -> str:
        """Which of the catalog's texts says it: some templates have one for each case."""
        match self.template:
            case "cancelled":
                return f"cancelled.{self.parameters.by}"
            case "rescheduled":
                return f"rescheduled.{'time' if 'time' in self.parameters.changed else 'place'}"
            case _:
                return self.template

    @property
    def title(self) -> str:
        """What the session is called."""
        return choose(dict(self.session.titles), self.language.tag)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One line of a mail: what it is, and the value to look for."""

    label: str
    value: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail's words, as plain text and as simple HTML."""

    subject: str
    text: str
    html: str


def sms(telling: Telling) -> str:
    """The text message. A changed room is named when it fits into the one part a text may cost."""
    branch = _where_short(telling)
    if telling.wording == "rescheduled.place" and telling.session.room:
        text = _sms(telling, f"{branch}, {telling.session.room}")
        if fits(text):
            return text
    return _sms(telling, branch)


def _sms(telling: Telling, place: str) -> str:
    language = telling.language
    text = language.gettext(f"sms.{telling.wording}").format(
        title=choose(dict(telling.session.sms_titles), language.tag),
        day=language.day(telling.session.starts_at, telling.zone),
        time=language.time(telling.session.starts_at, telling.zone),
        place=place,
        code=telling.contact.code,
        phone=telling.session.branch.phone,
    )
    return plain(text)


def _where_short(telling: Telling) -> str:
    if telling.session.place == "online":
        return telling.language.gettext("where.online")
    return telling.session.branch.sms_name


def where(telling: Telling) -> str:
    """The place in full: library, room, address."""
    session = telling.session
    if session.place == "online":
        return telling.language.gettext("where.online")
    return ", ".join(part for part in (session.branch.name, session.room, session.branch.address) if part)


def letter(telling: Telling) -> Letter:
    """The mail."""
    words = {
        "language": telling.language,
        "subject": _say(telling, f"mail.{telling.wording}.subject"),
        "greeting": _say(telling, "mail.greeting"),
        "lead": _say(telling, f"mail.{telling.wording}.lead"),
        "facts": list(_facts(telling)),
        "closing": [_say(telling, key) for key in _closing(telling)],
        "signature": _say(telling, "mail.signature"),
    }
    return Letter(
        subject=_say(telling, f"mail.{telling.wording}.subject"),
        text=_PAGES.get_template("mail.txt").render(words),
        html=_PAGES.get_template("mail.html").render(words),
    )


def _say(telling: Telling, key: str) -> str:
    language, session = telling.language, telling.session
    return language.gettext(key).format(
        name=telling.contact.name,
        title=telling.title,
        day=language.day(session.starts_at, telling.zone),
        time=language.time(session.starts_at, telling.zone),
        ends=language.time(session.ends_at, telling.zone),
        code=telling.contact.code,
        phone=session.branch.phone,
    )


def _facts(telling: Telling) -> Iterator[Fact]:
    language, persons = telling.language, telling.parameters.persons
    yield Fact(label=language.gettext("mail.when"), value=_say(telling, "mail.when.value"))
    yield Fact(label=language.gettext("mail.where"), value=where(telling))
    if telling.template in ENDING:
        return
    who = language.ngettext("mail.who.one", "mail.who.many", persons).format(number=persons)
    yield Fact(label=language.gettext("mail.who"), value=who)
    yield Fact(label=language.gettext("mail.code"), value=telling.contact.code)


def _closing(telling: Telling) -> tuple[str, ...]:
    if telling.template in ENDING:
        return ("mail.questions", "mail.no_reply")
    return ("mail.free", "mail.cannot_come", "mail.no_reply", "mail.never_asked")
