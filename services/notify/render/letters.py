"""What a mail is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from shared.i18n import Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Fact:
    """One line of a mail: what it is, and the value to look for."""

    label: str
    value: str
    link: bool = False
    """Whether the value is an address to follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """What a mail says, in its order."""

    language: Language
    subject: str
    greeting: str
    lead: str
    facts: Sequence[Fact]
    closing: Sequence[str]
    signature: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Letter:
    """A mail's words, as plain text and as simple HTML."""

    subject: str
    text: str
    html: str
