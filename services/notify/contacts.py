"""How to reach somebody: asked of the service that owns the contact, at the moment of sending, and forgotten."""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from uuid import UUID

import aiohttp
from aiohttp import hdrs
from pydantic import ConfigDict, ValidationError

from services.notify.domain import By, Channel, Reach
from shared import tracing
from shared.auth import service_token
from shared.models import Model

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
    language: str

    def reach(self) -> Reach:
        """What the rules may know of it."""
        return Reach(by=self.by, phone=bool(self.phone), email=bool(self.email))

    def address(self, channel: Channel) -> str | None:
        """Where a message on this channel goes."""
        return (self.phone if channel == "sms" else self.email) or None


def keyed(address: str, key: str) -> bytes:
    """What may be kept of an address: the same for the same one, and nothing to guess it back by without the key."""
    return hmac.digest(bytes.fromhex(key), b"address\n" + address.encode(), hashlib.sha256)


class _Contacts(Model):
    model_config = ConfigDict(hide_input_in_errors=True)

    items: tuple[Contact, ...]


class ContactsAway(Exception):  # noqa: N818 - a state of another service, not a fault of ours
    """The owner of the contacts does not answer, or not what was agreed."""


class Contacts:
    """Booking's contacts."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str, limit: float) -> None:
        self._http = http
        self._url = f"{url}/internal/contacts"
        self._key = key
        self._limit = aiohttp.ClientTimeout(total=limit)

    async def ask(self, refs: Sequence[UUID]) -> Mapping[UUID, Contact]:
        """Those of the contacts that still exist.

        Raises:
            ContactsAway: no answer in time, or not one that can be used.
        """
        headers = {hdrs.AUTHORIZATION: f"Bearer {service_token(self._key, 'booking')}"} | tracing.headers()
        body = {"refs": [str(ref) for ref in refs]}
        try:
            async with self._http.post(self._url, json=body, headers=headers, timeout=self._limit) as answer:
                answer.raise_for_status()
                known = _Contacts.model_validate_json(await answer.read())
        except (aiohttp.ClientError, TimeoutError, ValidationError) as error:
            raise ContactsAway(type(error).__name__) from error
        return {contact.ref: contact for contact in known.items}
