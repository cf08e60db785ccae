"""Everything a mail server can do wrong, and what becomes of the mail."""

from dataclasses import dataclass
from uuid import uuid4

import pytest

from tests.integration.notify.conftest import Notify, Person
from tests.integration.notify.events import booking, confirmed
from tests.integration.notify.mailserver import MailServer
from tests.support.samples import published, session_state
from tests.support.servers import eventually


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One line of the table: what the mail server does to the first mail, and what we make of it."""

    behaviour: str
    outcome: str
    """Of the first attempt."""
    counted: bool = False
    """Whether that attempt counts as a mail that may have arrived."""
    state: str = "sent"
    mails: int = 1


FAULTS = [
    Fault(behaviour="smtp-421", outcome="again 421"),
    Fault(behaviour="smtp-450", outcome="again 450"),
    Fault(behaviour="smtp-550", outcome="refused 550", state="failed", mails=0),
    Fault(behaviour="smtp-552", outcome="refused 552", state="failed", mails=0),
    Fault(behaviour="refuse", outcome="again smtpserverdisconnected"),
    Fault(behaviour="drop-after-dot", outcome="again smtpserverdisconnected", counted=True, mails=2),
]


def _reader(notify: Notify, email: str = "") -> Person:
    """Somebody who is told by mail."""
    return notify.knows(by="email", phone=None, email=email or f"{uuid4().hex}@example.org")


async def _confirm(notify: Notify, person: Person) -> None:
    """Have a confirmation told to somebody."""
    session = session_state()
    await notify.hear(published(session), confirmed(booking(person, session)))


async def _first_outcome(notify: Notify) -> str:
    """What became of the first attempt."""

    async def outcome() -> str | None:
        found: str | None = await notify.database.pool.fetchval("SELECT outcome FROM attempt WHERE number = 1")
        return found

    return await eventually(outcome)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.behaviour)
async def test_a_mail_arrives_whatever_the_server_does(still_notify: Notify, fault: Fault) -> None:
    """One delivery goes wrong, and what can arrive arrives.

    Fails when a permanent answer is tried again, when a temporary one is not, when each attempt has a Message-ID of
    its own, and when a mail that may have arrived does not count.
    """
    async with still_notify.serving(lease=20):
        person = _reader(still_notify)
        await still_notify.phonebox.script("smtp", fault.behaviour, to=person.email)
        await _confirm(still_notify, person)
        await still_notify.reached(fault.state)
    mails = await still_notify.phonebox.messages(person.email)
    assert len(mails) == fault.mails
    assert len({mail["message_id"] for mail in mails}) <= 1
    first, *_ = await still_notify.database.pool.fetch("SELECT outcome, parts FROM attempt ORDER BY number")
    assert (first["outcome"], first["parts"]) == (fault.outcome, 0 if fault.counted else None)


async def test_a_slow_banner_is_waited_for_no_longer_than_a_call_may_take(still_notify: Notify) -> None:
    """Fails without a time-out on the banner."""
    server = MailServer(silent_at=b"CONNECT")
    async with server.serving() as address, still_notify.serving(smtp=address, lease=4):
        await _confirm(still_notify, _reader(still_notify))
        assert (await _first_outcome(still_notify)).startswith("again ")
        server.silent_at = None
        await still_notify.reached("sent")
    assert server.mails == 1


async def test_a_mail_that_was_taken_is_sent_even_if_nobody_says_goodbye(still_notify: Notify) -> None:
    """Fails when what goes wrong after the server took the mail is taken for a failed delivery."""
    server = MailServer(silent_at=b"QUIT")
    async with server.serving() as address, still_notify.serving(smtp=address, lease=4):
        await _confirm(still_notify, _reader(still_notify))
        [row] = await still_notify.reached("sent")
    assert (server.mails, row["attempts"]) == (1, 1)


async def test_a_silence_after_the_mail_was_begun_counts_as_a_mail(still_notify: Notify) -> None:
    """Fails when only an answer counts: a server that takes each copy and never says so would fill a mailbox."""
    server = MailServer(silent_at=b"DATA")
    async with server.serving() as address, still_notify.serving(smtp=address, lease=2):
        await _confirm(still_notify, _reader(still_notify))
        await _first_outcome(still_notify)
    assert await still_notify.database.pool.fetchval("SELECT parts FROM attempt WHERE number = 1") == 0


async def test_without_the_encryption_that_was_asked_for_nothing_leaves(still_notify: Notify) -> None:
    """Fails when STARTTLS is used only where it is offered."""
    address = still_notify.phonebox.smtp.replace("smtp://", "smtp+starttls://")
    async with still_notify.serving(smtp=address, lease=20):
        person = _reader(still_notify)
        await _confirm(still_notify, person)
        assert await _first_outcome(still_notify) == "again smtpexception"
    assert await still_notify.phonebox.messages(person.email) == []


async def test_an_address_that_not_every_server_takes_is_refused_at_once(notify: Notify) -> None:
    """Fails when only the mail library finds out, in the middle of the conversation."""
    await _confirm(notify, _reader(notify, "åsa@example.org"))
    [row] = await notify.reached("failed")
    assert (row["reason"], row["attempts"]) == ("refused", 1)


async def test_what_no_channel_foresaw_is_not_tried_for_ever(still_notify: Notify) -> None:
    """A server's name that no resolver can take, which the mail library does not foresee.

    Fails without the boundary around a channel: each lease that ends would bring the next attempt. An attempt that
    a busy machine begins too late for its lease does not count, so the log is asked and not the counter.
    """
    async with still_notify.serving(smtp="smtp://mail..example.org", lease=2):
        await _confirm(still_notify, _reader(still_notify))
        [row] = await still_notify.reached("failed")
    outcomes = [attempt["outcome"] for attempt in await still_notify.database.pool.fetch("SELECT outcome FROM attempt")]
    assert row["reason"] == "unknown"
    assert [outcome for outcome in outcomes if not outcome.startswith("again ")] == ["notfound", "notfound"]
