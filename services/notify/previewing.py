"""What would be sent if a session changed: the same words as then, counted and paid for beforehand."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

from services.notify import contacts, render
from services.notify.gsm7 import parts, plain
from services.notify.messages import Parameters, Template
from services.notify.render import CATALOGS, Telling
from shared.events import Branch, SessionState
from shared.i18n import Catalogs

By: TypeAlias = Literal["sms", "email", "call", "door"]
"""How somebody is told, as booking counts them; at the door whom nobody can write to or ring."""
Stands: TypeAlias = Literal["confirmed", "queued", "offered"]

SAMPLE_CODE = "K7F-4MQ"
"""As long as every code."""
SAMPLE_NAME = "N.N."
"""Stands where a mail greets somebody by name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """People who get the same words in the same way."""

    language: str
    by: By
    standing: Stands
    people: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """What a group would get."""

    group: Group
    language: str
    """Of the text: Swedish where we have none in theirs."""
    text: str
    """The SMS, a mail's plain text, or what is said on the phone."""
    subject: str | None
    parts: int
    """SMS parts for one of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class News:
    """What would be told, with the session as it would be then."""

    template: Template
    parameters: Parameters
    session: SessionState
    next_session: SessionState | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Circumstances:
    """When and in which words it would be told."""

    now: datetime
    zone: ZoneInfo
    catalogs: Catalogs
    public_url: str = ""


def samples(news: News, groups: Sequence[Group], told: Circumstances) -> Sequence[Sample]:
    """What each group would get."""
    return [_sample(group, _telling(news, group, told)) for group in groups]


def _telling(news: News, group: Group, told: Circumstances) -> Telling:
    over = news.template == "session_cancelled"
    return Telling(
        template=news.template,
        parameters=news.parameters.model_copy(update={"was": group.standing}),
        standing="cancelled" if over else group.standing,
        session=news.session,
        contact=contacts.nobody(group.language, SAMPLE_CODE, SAMPLE_NAME),
        zone=told.zone,
        public_url=told.public_url,
        now=told.now,
        next_session=news.next_session,
        catalogs=told.catalogs,
    )


def _sample(group: Group, telling: Telling) -> Sample:
    language = CATALOGS[group.language].tag
    match group.by:
        case "sms":
            text = render.sms(telling)
            return Sample(group=group, language=language, text=text, subject=None, parts=parts(text))
        case "email":
            mail = render.letter(telling)
            return Sample(group=group, language=language, text=mail.text, subject=mail.subject, parts=0)
        case _:
            return Sample(group=group, language=language, text=render.aloud(telling), subject=None, parts=0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Confirmation:
    """A confirmation by SMS, as an example."""

    language: str
    text: str
    parts: int
    whole: bool
    """Whether both names stand in it in full."""


def at_library(library: Branch, sessions: Sequence[SessionState], told: Circumstances) -> Sequence[Confirmation]:
    """The confirmation of each language in which the names are longest, if a library were called so."""
    here = [session.model_copy(update={"branch": library, "place": "branch"}) for session in sessions]
    return [
        max((_confirmation(tag, session, told) for session in here), key=lambda one: (not one.whole, len(one.text)))
        for tag in CATALOGS.tags
        if here
    ]


def _confirmation(language: str, session: SessionState, told: Circumstances) -> Confirmation:
    telling = Telling(
        template="confirmed",
        parameters=Parameters(persons=1),
        standing="confirmed",
        session=session,
        contact=contacts.nobody(language, SAMPLE_CODE),
        zone=told.zone,
        public_url=told.public_url,
        now=told.now,
        catalogs=told.catalogs,
    )
    text = render.sms(telling)
    names = (telling.occasion.sms_title, session.branch.sms_name)
    return Confirmation(
        language=language, text=text, parts=parts(text), whole=all(plain(name) in text for name in names)
    )
