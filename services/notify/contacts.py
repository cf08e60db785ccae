"""How to reach somebody: asked of the service that owns the contact, at the moment of sending, and forgotten.

Booking knows visitors, each under a contact of their own for each booking; volunteers knows those who help, each under
one contact for everything they do, which has a code for each thing (docs/decisions/0035).
"""

import hashlib
import hmac
from collections.abc import Collection, Mapping
from typing import NamedTuple
from uuid import UUID

import aiohttp
from aiohttp import hdrs
from pydantic import AwareDatetime, ConfigDict, ValidationError

from services.notify.domain import Again, By, Channel, Owner, Reach
from shared import tracing
from shared.auth import service_token
from shared.logs import get_logger
from shared.models import Model

log = get_logger()

AT_ONCE = 100
"""Contacts in one question."""


class Contact(Model):
    """A person, for as long as it takes to write to them. Nothing of it is stored or logged."""

    model_config = ConfigDict(hide_input_in_errors=True)

    ref: UUID
    name: str
    phone: str | None
    email: str | None
    by: By
    code: str
    """Of what they are told about; what that has none for has an empty one."""
    language: str
    answer_by: AwareDatetime | None = None
    """Until when they can answer an offer or a proposal if it is told now; None when they have none, or no longer."""

    def reach(self) -> Reach:
        """What the rules may know of it."""
        return Reach(by=self.by, phone=bool(self.phone), email=bool(self.email))

    def address(self, channel: Channel) -> str | None:
        """Where a message on this channel goes."""
        return (self.phone if channel == "sms" else self.email) or None


def nobody(language: str, code: str = "", name: str = "") -> Contact:
    """Nobody in particular: for words in a language that go nowhere by themselves."""
    return Contact(ref=UUID(int=0), name=name, phone=None, email=None, by="none", code=code, language=language)


def keyed(address: str, key: str) -> bytes:
    """What may be kept of an address: the same for the same one, and nothing to guess it back by without the key."""
    return hmac.digest(bytes.fromhex(key), b"address\n" + address.encode(), hashlib.sha256)


class Person(NamedTuple):
    """Somebody who is told about something."""

    ref: UUID
    about: UUID


class Address(NamedTuple):
    """Where an owner of contacts is asked, and with which key."""

    url: str
    key: str


class _Item(Model):
    model_config = ConfigDict(hide_input_in_errors=True, extra="allow")

    ref: UUID
    about: UUID | None = None
    """None where a contact is about one thing only."""


class _Contacts(Model):
    model_config = ConfigDict(hide_input_in_errors=True)

    items: tuple[_Item, ...]


class ContactsAway(Exception):  # noqa: N818 - a state of another service, not a fault of ours
    """The owner of the contacts does not answer, or not what was agreed."""


class Contacts:
    """The contacts of each owner."""

    def __init__(self, http: aiohttp.ClientSession, owners: Mapping[Owner, Address], limit: float) -> None:
        self._http = http
        self._owners = owners
        self._limit = aiohttp.ClientTimeout(total=limit)
        self._strange = set[UUID]()

    @property
    def owners(self) -> Collection[Owner]:
        """Whom there is to ask."""
        return self._owners.keys()

    async def ask(self, owner: Owner, people: Collection[Person]) -> Mapping[Person, Contact | Again]:
        """Those of the people who still exist; who cannot be understood is to be asked for again.

        Raises:
            ContactsAway: no answer in time, or not one that can be used.
        """
        url, key = self._owners[owner]
        headers = {hdrs.AUTHORIZATION: f"Bearer {service_token(key, owner)}"} | tracing.headers()
        try:
            async with self._http.post(
                f"{url}/internal/contacts", json=_question(owner, people), headers=headers, timeout=self._limit
            ) as answer:
                answer.raise_for_status()
                known = _Contacts.model_validate_json(await answer.read())
        except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
            raise ContactsAway(type(error).__name__) from error
        found = {(item.ref, item.about): self._understood(item) for item in known.items}
        answers = {person: found.get((person.ref, person.about)) or found.get((person.ref, None)) for person in people}
        return {person: answer for person, answer in answers.items() if answer}

    def _understood(self, item: _Item) -> Contact | Again:
        """One contact: that a newer owner says something strange of it must not hold up the others."""
        try:
            contact = Contact.model_validate(item.model_dump())
        except ValidationError as error:
            if item.ref not in self._strange:
                self._strange.add(item.ref)
                fields = sorted(".".join(map(str, found["loc"])) for found in error.errors(include_input=False))
                log.warning("contact_not_understood", contact_ref=str(item.ref), fields=fields)
            return Again(why="contact not understood")
        self._strange.discard(item.ref)
        return contact


def _question(owner: Owner, people: Collection[Person]) -> Mapping[str, object]:
    if owner == "booking":
        return {"refs": [str(ref) for ref in dict.fromkeys(person.ref for person in people)]}
    return {"about": [{"ref": str(person.ref), "about": str(person.about)} for person in people]}
