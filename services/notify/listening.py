"""What people answer by SMS: understood, matched to a booking, and answered in the same breath where need be."""

import time
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from uuid import UUID

import phonenumbers
from phonenumbers import PhoneNumberType

from services.notify import domain, queries, render, usecases
from services.notify.contacts import AT_ONCE, Contact, Contacts, keyed
from services.notify.domain import Answer
from services.notify.queries import Correspondence, Taken
from services.notify.settings import NotifySettings
from services.notify.strangers import Strangers
from services.notify.usecases import Incoming, Write
from services.notify.voice import Voice
from shared.db import Database
from shared.i18n import Catalogs
from shared.logs import get_logger

log = get_logger()

_COUNTRY = "SE"
"""Numbers of other countries get no answer: an SMS there costs more, and no booking is made with one."""

_MOBILE = {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Sms:
    """An SMS somebody sent to us."""

    id: str
    sender: str = field(repr=False)
    """A number, or whatever else a network lets stand there."""
    text: str = field(repr=False)
    at: datetime | None = None
    """When the provider had it, by its clock."""


class Listener:
    """Takes in what people answer."""

    def __init__(self, database: Database, contacts: Contacts, voice: Voice, settings: NotifySettings) -> None:
        self._database = database
        self._contacts = contacts
        self._voice = voice
        self._settings = settings
        self._strangers = Strangers()

    async def hear(self, sms: Sms) -> str | None:
        """Take in an SMS.

        Returns:
            What its sender is to get back at once, if anything.

        Raises:
            ContactsAway: it may name what is meant by its code, and who knows codes does not answer. Nothing is kept.
        """
        address = keyed(sms.sender, self._settings.key.get_secret_value())
        async with self._database.transaction() as conn:
            before = await queries.taken(conn, sms.id)
            known = await queries.correspondence(conn, address)
        write = partial(self._write, await self._voice.catalogs())
        taken = before or await self._take(sms, address, known, write)
        if taken is None:
            return await self._to_stranger(sms, address)
        about = next((one for one in known if one.told.about == taken.about), None)
        return write(taken.answer, about) if taken.answer and about else None

    async def _take(self, sms: Sms, address: bytes, known: list[Correspondence], write: Write) -> Taken | None:
        understood, named = domain.understand(sms.text), None
        if understood.strange and known:
            codes = await self._codes(known)
            understood = domain.understand(sms.text, codes)
            named = next((codes[code] for code in understood.codes), None)
        incoming = Incoming(
            provider_id=sms.id,
            address=address,
            understood=understood,
            named=named,
            sent_at=sms.at,
        )
        return await self._database.transact(
            lambda conn: usecases.take_reply(conn, incoming, self._settings.policy, write)
        )

    async def _codes(self, known: list[Correspondence]) -> dict[str, UUID]:
        """The codes of what a number was told of; asked for only where one may stand in the text."""
        codes = dict[str, UUID]()
        for owner in self._contacts.owners:
            people = [one.person for one in known[:AT_ONCE] if one.told.owner == owner]
            found = await self._contacts.ask(owner, people) if people else {}
            answers = {who: contact for who, contact in found.items() if isinstance(contact, Contact) and contact.code}
            codes |= {contact.code: who.about for who, contact in answers.items()}
        return codes

    def _write(self, catalogs: Catalogs, answer: Answer, about: Correspondence) -> str:
        return render.answer(answer, about.facts, about.language, self._settings.timezone, catalogs)

    async def _to_stranger(self, sms: Sms, address: bytes) -> str | None:
        """The text for a number that no booking was told to; of its answer nothing is kept."""
        if not _is_mobile(sms.sender) or not self._strangers.turn(address, sms.id, time.monotonic()):
            return None
        till = await self._database.transact(lambda conn: queries.till(conn, self._settings.policy))
        if till.stopped or till.parts + self._strangers.parts > till.parts_a_day:
            return None
        log.info("stranger_answered")
        return render.to_stranger(await self._voice.catalogs())


def _is_mobile(number: str) -> bool:
    """Whether somebody may read what is written to this number: short numbers and names are machines'."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return False
    return (
        phonenumbers.is_valid_number(parsed)
        and phonenumbers.region_code_for_number(parsed) == _COUNTRY
        and phonenumbers.number_type(parsed) in _MOBILE
    )
