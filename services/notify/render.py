"""From a template and its facts to the words a person reads. Pure: nothing is asked, stored or sent here."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from services.notify.contacts import Contact
from services.notify.gsm7 import fits, plain, spelled
from services.notify.messages import ENDING, Parameters
from shared.events import Meeting, SessionState
from shared.i18n import Catalogs, Language, choose
from shared.logs import get_logger

log = get_logger()

_HERE = Path(__file__).parent

CATALOGS = Catalogs(_HERE / "locales")

_UNWRITABLE = {"Cc", "Cs", "Zl", "Zp"}
"""Control characters, half characters, line and paragraph separators (Unicode's general categories)."""

_COUNTED = frozenset({"sms.shrunk", "mail.shrunk.lead"})
"""Texts that are another one when only one person comes."""

_CANNOT_COME = ("sms.cannot_come", "sms.cannot_come.short", "sms.cannot_come.shortest")
"""How a text message says what to do then: in as many words as fit."""

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
    public_url: str
    """Where visitors reach web; empty when that is not known."""

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
                changed = self.parameters.changed
                return f"rescheduled.{changed[0] if len(changed) == 1 else 'time_and_place'}"
            case _:
                return self.template

    @property
    def title(self) -> str:
        """What the session is called."""
        return line(choose(dict(self.session.titles), self.language.tag))

    @property
    def sms_title(self) -> str:
        """What the session is called where every character counts."""
        return line(choose(dict(self.session.sms_titles), self.language.tag))

    @property
    def meeting(self) -> Meeting | None:
        """How one gets into the session if it is online, as long as one has a seat."""
        meeting = self.session.meeting
        if meeting is None or self.session.place != "online" or self.template in ENDING:
            return None
        return Meeting(link=line(meeting.link), number=line(meeting.number))

    @property
    def host(self) -> str:
        """The library that holds the session."""
        return line(self.session.branch.name)


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One line of a mail: what it is, and the value to look for."""

    label: str
    value: str
    link: bool = False
    """Whether the value is an address to follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail's words, as plain text and as simple HTML."""

    subject: str
    text: str
    html: str


def line(text: str) -> str:
    """A text on one line, as headers want it: whatever is blank or no character at all becomes one space."""
    return " ".join("".join(" " if unicodedata.category(sign) in _UNWRITABLE else sign for sign in text).split())


def sms(telling: Telling) -> str:
    """The text message: one part. A changed place is named with its room when that fits."""
    library = telling.session.branch.sms_name
    places = [_place(telling, library)]
    if "place" in telling.parameters.changed:
        places.insert(0, _place(telling, library, telling.session.room))
    for place, cannot_come in product(places, _CANNOT_COME):
        text = plain(_sms(telling, cannot_come, telling.sms_title, place))
        if fits(text):
            return text
    log.warning("sms_shortened", session_id=str(telling.session.session_id), template=telling.template)
    return _shortened(telling, telling.sms_title, places[-1])


def _shortened(telling: Telling, title: str, place: str) -> str:
    """Spelled in the small alphabet, and with as much of title and place as one part holds."""
    title, place = spelled(title), spelled(place)
    for cannot_come in _CANNOT_COME:
        text = spelled(_sms(telling, cannot_come, title, place))
        if fits(text):
            return text
    while not fits(text := spelled(_sms(telling, _CANNOT_COME[-1], title, place))) and (title or place):
        title, place = (title[:-1].rstrip(), place) if title else (title, place[:-1].rstrip())
    return text


def _sms(telling: Telling, cannot_come: str, title: str, place: str) -> str:
    """What happened, and what one needs to come, or to say that one cannot."""
    keys = [f"sms.{telling.wording}"]
    if telling.meeting and telling.meeting.number and telling.template != "shrunk":
        keys.append("sms.meeting")
    if telling.template not in ENDING | {"code_again"}:
        keys.append("sms.code")
    if telling.template not in ENDING:
        keys.append(cannot_come)
    return " ".join(_fill(telling, key, title=title, place=place) for key in keys)


def _place(telling: Telling, *parts: str) -> str:
    """Where it is: online, or the parts of a place that are known."""
    if telling.session.place == "online":
        return telling.language.gettext("where.online")
    return ", ".join(line(part) for part in parts if part)


def where(telling: Telling) -> str:
    """The place in full: library, room, address."""
    session = telling.session
    return _place(telling, session.branch.name, session.room, session.branch.address)


def letter(telling: Telling) -> Letter:
    """The mail."""
    subject = _say(telling, f"mail.{telling.wording}.subject")
    words = {
        "language": telling.language,
        "subject": subject,
        "greeting": _say(telling, "mail.greeting"),
        "lead": _say(telling, f"mail.{telling.wording}.lead"),
        "facts": list(_facts(telling)),
        "closing": [_say(telling, key) for key in _closing(telling)],
        "signature": _say(telling, "mail.signature"),
    }
    return Letter(
        subject=subject,
        text=_PAGES.get_template("mail.txt").render(words),
        html=_PAGES.get_template("mail.html").render(words),
    )


def _say(telling: Telling, key: str) -> str:
    place = _place(telling, telling.session.branch.name, telling.session.room)
    return _fill(telling, key, title=telling.title, place=place)


def _fill(telling: Telling, key: str, *, title: str, place: str) -> str:
    language, session = telling.language, telling.session
    persons = telling.parameters.persons
    text = language.ngettext(f"{key}.one", f"{key}.many", persons) if key in _COUNTED else language.gettext(key)
    filled = text.format(
        name=telling.contact.name,
        title=title,
        day=language.day(session.starts_at, telling.zone),
        time=language.time(session.starts_at, telling.zone),
        ends=language.time(session.ends_at, telling.zone),
        place=place,
        where=where(telling),
        code=telling.contact.code,
        phone=session.branch.phone,
        number=persons,
        meeting=telling.meeting.number if telling.meeting else "",
        my_booking=f"{telling.public_url}/{language.tag}/my-booking",
    )
    return line(filled)


def _facts(telling: Telling) -> Iterator[Fact]:
    language, persons = telling.language, telling.parameters.persons
    yield Fact(label=language.gettext("mail.when"), value=_say(telling, "mail.when.value"))
    yield Fact(label=language.gettext("mail.where"), value=where(telling))
    yield from entrance(telling)
    if telling.template in ENDING:
        return
    who = language.ngettext("mail.who.one", "mail.who.many", persons).format(number=persons)
    yield Fact(label=language.gettext("mail.who"), value=who)
    yield Fact(label=language.gettext("mail.code"), value=telling.contact.code)


def entrance(telling: Telling) -> Iterator[Fact]:
    """The ways into an online session."""
    if telling.meeting is None:
        return
    yield Fact(label=telling.language.gettext("mail.link"), value=telling.meeting.link, link=True)
    if telling.meeting.number:
        yield Fact(label=telling.language.gettext("mail.meeting"), value=telling.meeting.number)


def _closing(telling: Telling) -> tuple[str, ...]:
    if telling.template in ENDING:
        return ("mail.questions", "mail.no_reply")
    cannot_come = "mail.cannot_come.address" if telling.public_url else "mail.cannot_come"
    unasked = ("mail.unasked",) if telling.template == "code_again" else ()
    proof = "mail.proof.phone" if telling.contact.phone else "mail.proof.name"
    yours = ("mail.link.yours",) if telling.meeting else ()
    return (*yours, "mail.free", cannot_come, proof, *unasked, "mail.no_reply", "mail.never_asked")
