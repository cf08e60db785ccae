"""Rows become messages: routed, taken with a lease, handed over, and looked up when nobody knows.

Each channel has a lane of its own, and in a lane whoever waits long for an answer steps aside: a slow or dead
provider holds up neither the other channel nor those whom it does answer.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TypeAlias

import asyncpg
from prometheus_client import Counter, Gauge

from services.notify import domain, queries, store, usecases
from services.notify.channels.base import Channel, Written
from services.notify.channels.sms import HistoryAway, Sms
from services.notify.contacts import AT_ONCE, Contact, Contacts, ContactsAway, keyed
from services.notify.domain import Again, Gone, Needless, NotFound, Outcome, Owner, Policy, Refused, Sent, Step, Unknown
from services.notify.pump import Places, Pump
from services.notify.settings import NotifySettings
from services.notify.store import Message
from services.notify.voice import Voice
from shared.broker import wait
from shared.db import AWAY, RERUN, Database
from shared.i18n import Catalogs
from shared.logs import get_logger

log = get_logger()

Loop: TypeAlias = Callable[[asyncio.Event], Awaitable[None]]

PARTS = Gauge("plats_notify_sms_parts_today", "SMS parts that left on this local day, or may have")
STOPPED = Gauge("plats_notify_sms_stopped", "Whether the money stop has closed on this local day")
ATTEMPTS = Counter("plats_notify_attempts", "Attempts to hand a message over", ["channel", "outcome"])
OPEN = Gauge("plats_notify_open", "Messages that are due and not yet handed over", ["state"])
OLDEST = Gauge("plats_notify_oldest_seconds", "Age of the oldest of them", ["state"])


LANE = Places(prompt=8, most=40)
LOOK_UPS = Places(prompt=4, most=10)
"""Together with two lanes less than the connections that one HTTP client opens, which is 100."""

_POLL = 0.25
_PAUSE = 1.0
_WATCH = 5.0
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0
"""Before an outcome that the database did not take is offered again."""
_CLOCK_SKEW = timedelta(minutes=1)
"""How far the provider's clock may be behind ours."""


_ASKED = {"offered", "assignment_proposed", "shift_proposed"}
"""What has a time to answer, which begins when it is told."""


def _withdrawn(message: Message, contact: Contact) -> Needless | None:
    """What is asked, or signs in, is told only while it stands, which its owner knows best.

    The news of its end may be on its way.
    """
    if message.template in _ASKED and contact.answer_by is None:
        return Needless(why="no longer offered")
    if message.template == "helper_sign_in" and not contact.code:
        return Needless(why="out of date", state="skipped")
    return None


class Delivery:
    """Everything between a row and a person."""

    def __init__(
        self,
        database: Database,
        contacts: Contacts,
        channels: Mapping[domain.Channel, Channel],
        history: Sms,
        voice: Voice,
        settings: NotifySettings,
    ) -> None:
        self._database = database
        self._contacts = contacts
        self._channels = channels
        self._history = history
        self._voice = voice
        self._settings = settings
        self._policy: Policy = settings.policy
        self._lanes = {name: Pump(LANE, self._claimer(name), self._deliver) for name in channels}
        self._look_ups = Pump(LOOK_UPS, self._claim_unknown, self._look_up)

    def loops(self) -> dict[str, Loop]:
        """The background loops of a sender."""
        lanes: dict[str, Loop] = {f"lane-{name}": lane.session for name, lane in self._lanes.items()}
        routing: dict[str, Loop] = {f"routing-{owner}": partial(self.route, owner) for owner in self._contacts.owners}
        others = {"look-ups": self._look_ups.session, "leases": self.expire, "watch": self.watch}
        return lanes | routing | others

    async def route(self, owner: Owner, stop: asyncio.Event) -> None:
        """Give what is due its channel, or let it wait for permitted hours; nothing is sent here.

        The people of an owner that is away wait by themselves.
        """
        while not stop.is_set():
            due = await self._database.transact(lambda conn: store.unrouted(conn, owner, AT_ONCE))
            try:
                known = await self._contacts.ask(owner, [message.person for message in due]) if due else {}
            except ContactsAway as away:
                log.warning("contacts_away", owner=owner, reason=str(away), messages=len(due))
                await wait(stop, _PAUSE)
                continue
            for message in due:
                await self._route(message, known.get(message.person, Gone()))
            if len(due) < AT_ONCE:
                await wait(stop, _POLL)

    async def _route(self, message: Message, contact: Contact | Again | Gone) -> None:
        if isinstance(contact, Again):
            await self._database.transact(lambda conn: usecases.postpone(conn, message))
            return
        reach = contact.reach() if isinstance(contact, Contact) else None
        addresses = self._addresses(contact) if isinstance(contact, Contact) else {}
        channel = await self._database.transact(
            lambda conn: usecases.route(conn, message, reach, addresses, self._policy)
        )
        if channel:
            self._lanes[channel].wake.set()

    def _addresses(self, contact: Contact) -> dict[domain.Channel, bytes]:
        """Where somebody can be reached, in keyed hashes."""
        key = self._settings.key.get_secret_value()
        found = {channel: contact.address(channel) for channel in self._channels}
        return {channel: keyed(address, key) for channel, address in found.items() if address}

    def _claimer(self, channel: domain.Channel) -> Callable[[int], Awaitable[list[Message]]]:
        async def claim(free: int) -> list[Message]:
            # Somebody may have taken another message to the same address since our snapshot was made.
            with suppress(asyncpg.UniqueViolationError):
                return await self._database.transact(
                    lambda conn: store.claim(conn, channel, free, self._settings.lease)
                )
            return []

        return claim

    async def _claim_unknown(self, free: int) -> list[Message]:
        return await self._database.transact(lambda conn: store.claim_unknown(conn, free, self._settings.lease))

    async def _deliver(self, message: Message) -> None:
        until = asyncio.get_running_loop().time() + self._settings.lease
        channel = message.in_hand().channel
        contact = await self._ask(message)
        outcome = await self._hand_over(message, channel, contact, until) if isinstance(contact, Contact) else contact
        await self._conclude(message, channel, outcome, until)

    async def _hand_over(self, message: Message, channel: domain.Channel, contact: Contact, until: float) -> Outcome:
        if needless := domain.needless(message.template, message.circumstances()) or _withdrawn(message, contact):
            return needless
        written = self._write(message, channel, contact, await self._voice.catalogs())
        if not isinstance(written, Written):
            return written
        if hindrance := await self._spend(message, written.parts):
            return hindrance
        if asyncio.get_running_loop().time() + self._settings.hand_over_needs > until:
            return Again(why="late")  # we stood still since the database said that there was time
        try:
            return await written.hand_over()
        except Exception as error:  # the boundary of sending: what no channel foresaw must not be tried for ever
            log.exception("channel_failed", message_id=str(message.id), channel=channel)
            return Unknown(why=type(error).__name__)

    def _write(
        self, message: Message, channel: domain.Channel, contact: Contact, catalogs: Catalogs
    ) -> Written | Again | Refused:
        to = contact.address(channel)
        if to is None or self._addresses(contact)[channel] != message.address:
            return Again(why="address changed")  # another message may be in flight to where it would go now
        telling = message.telling(contact, self._settings.timezone, catalogs, self._settings.public_url)
        try:
            return self._channels[channel].write(message, telling, to)
        except Exception as error:  # the boundary of writing: nothing has left, and it would fail again
            log.exception("message_unwritable", message_id=str(message.id), channel=channel)
            return Refused(why=type(error).__name__)

    async def _spend(self, message: Message, parts: int) -> Again | Refused | None:
        needs = self._settings.hand_over_needs
        try:
            return await self._database.transact(
                lambda conn: usecases.spend(conn, message, parts, self._policy, needs=needs)
            )
        except (*AWAY, *RERUN) as error:
            return Again(why=f"database {type(error).__name__}")  # nothing has left, whatever is written

    async def _ask(self, message: Message) -> Contact | Outcome:
        try:
            known = await self._contacts.ask(message.owner, [message.person])
        except ContactsAway as away:
            return Again(why=f"contacts {away}")
        return known.get(message.person, Gone())

    async def _conclude(self, message: Message, channel: domain.Channel, outcome: Outcome, until: float) -> None:
        step = await self._write_down(message, outcome, until)
        ATTEMPTS.labels(channel, type(outcome).__name__.lower()).inc()
        log.info(
            "message_tried",
            message_id=str(message.id),
            template=message.template,
            channel=channel,
            attempt=message.attempts,
            outcome=type(outcome).__name__.lower(),
            why=getattr(outcome, "why", None),
            state=step.state if step else "concluded already",
        )
        for lane in self._lanes.values():
            lane.wake.set()

    async def _write_down(self, message: Message, outcome: Outcome, until: float) -> Step | None:
        """Keep an outcome. Nobody else knows it: it is tried until somebody else may take the message."""
        loop = asyncio.get_running_loop()
        pause = _FIRST_PAUSE
        while True:
            try:
                return await self._database.transact(
                    lambda conn: usecases.conclude(conn, message, outcome, self._policy)
                )
            except (*AWAY, *RERUN) as error:
                if loop.time() + pause > until:
                    raise
                log.warning("outcome_not_written", message_id=str(message.id), reason=type(error).__name__)
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _look_up(self, message: Message) -> None:
        until = asyncio.get_running_loop().time() + self._settings.lease
        contact = await self._ask(message)
        outcome = await self._find(message, contact) if isinstance(contact, Contact) else contact
        if isinstance(outcome, Again):
            outcome = Unknown(why=outcome.why)  # only the question failed
        await self._conclude(message, message.in_hand().channel, outcome, until)

    async def _find(self, message: Message, contact: Contact) -> Outcome:
        """Look for a text that no other message is known by: no other one to this number is in flight or unknown.

        One so young that whoever sent it may still be writing it down settles nothing yet. A mail has no
        history, and may be repeated. Where the number has changed since, nobody can tell any more.
        """
        if message.channel != "sms":
            return NotFound()
        if contact.phone is None or self._addresses(contact)["sms"] != message.address:
            return Refused(why="address changed", reason="unknown")
        since = (message.tried_at or message.due_at) - _CLOCK_SKEW
        try:
            history = await self._history.history(contact.phone, since)
        except HistoryAway as away:
            return Unknown(why=f"history {away}")
        known = await self._database.transact(lambda conn: store.known_ids(conn, [sms.id for sms in history]))
        strange = [sms for sms in history if sms.id not in known]
        settled = message.now - timedelta(seconds=self._settings.call_limit)
        if not strange:
            return NotFound()
        if strange[-1].at > settled:
            return Unknown(why="too young to tell")
        return Sent(provider_id=strange[0].id, at=strange[0].at)

    async def expire(self, stop: asyncio.Event) -> None:
        """Take back what workers died with."""
        while not stop.is_set():
            expired = await self._database.transact(lambda conn: store.expire_leases(conn, self._settings.lookup_delay))
            if expired:
                log.warning("leases_expired", messages=expired)
            await wait(stop, _PAUSE)

    async def watch(self, stop: asyncio.Event) -> None:
        """Show what is stuck."""
        while not stop.is_set():
            for backlog in await self._database.transact(queries.backlog):
                OPEN.labels(backlog.state).set(backlog.messages)
                OLDEST.labels(backlog.state).set(backlog.oldest_seconds)
            till = await self._database.transact(lambda conn: queries.till(conn, self._policy))
            PARTS.set(till.parts)
            STOPPED.set(till.stopped)
            await wait(stop, _WATCH)
