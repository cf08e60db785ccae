"""The checker finds each damage by its name, and none where there is none."""

import argparse
import asyncio
import json
import re
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from uuid import uuid4

import aio_pika
import aiohttp
import asyncpg
import pytest
from aiohttp import web

from deploy import dead, doctor
from deploy.doctor import Answer, Site
from deploy.local import postgres, rabbitmq
from deploy.local.phonebox import database, texts
from shared import broker as link
from shared.events import Standing
from tests.support import brokers, checker
from tests.support.apps import serving
from tests.support.brokers import VirtualHost
from tests.support.checker import Originals, Town
from tests.support.databases import Databases
from tests.support.identity import Issuer
from tests.support.servers import eventually


@dataclass(frozen=True, kw_only=True)
class World:
    """What is left when the day is over."""

    originals: Originals
    folder: Path
    """The phonebox's."""
    answers: tuple[Answer, ...]
    report: doctor.Report
    """What was found in the evening, while all still ran."""
    site: Site
    """Copies that are not damaged, and the phonebox; no service runs any more."""

    @asynccontextmanager
    async def damaged(self, service: str, statements: str) -> AsyncIterator[Site]:
        """The site with one database that is damaged."""
        async with self.originals.copied(service) as copies:
            await checker.damage(copies[service], statements)
            yield replace(self.site, databases={**self.site.databases, **copies})


async def a_day(town: Town) -> None:
    """Everything that can happen to a session and a booking."""
    busy = await town.session()
    await town.book(busy, by="sms", phone="+46701740605")
    await town.book(busy, by="email", email="amir@example.org")
    await town.book(busy)
    await town.cancel(await town.book(busy, by="sms", phone="+46701740606"))
    moved = await town.session()
    await town.book(moved, by="sms", phone="+46701740607")
    await town.change(moved, starts_at=(datetime.now(UTC) + timedelta(days=5)).isoformat())
    online = await town.session(place="online", meeting={"link": "https://meet.example.org/cafe", "number": "61 234"})
    await town.shrink(await town.book(online, adults=4), adults=1)
    await town.book(online, by="email", email="lina@example.org")
    await town.ask_codes(by="email", email="lina@example.org")
    off = await town.session()
    lost = await town.book(off, by="proxy", phone="+46701740608")
    await town.cancel_session(off)
    town.ended(lost["code"])
    lowered = await town.session()
    await town.book(lowered, adults=4)
    await town.change(lowered, capacity=3)
    helped = await town.session(capacity=3, capacity_from="staffing", helpers_needed=0)
    await town.book(helped, adults=3)
    await town.change(helped, helpers_needed=3)  # nobody is on duty
    crowded = await town.session(capacity=1)
    await town.book(crowded)
    await town.let_in(crowded)
    await town.change(await town.session(), status="withdrawn")
    draft = await town.session(status="draft")
    await town.change(draft, room="Rum 2")
    await town.change(draft, status="published")
    await town.cancel_session(await town.session(status="draft"))
    await a_waiting_list(town)
    await answers_by_sms(town)


async def a_waiting_list(town: Town) -> None:
    """Everything that can happen to somebody who waits, and seats that somebody holds or takes elsewhere."""
    activity = await town.activity()
    full = await town.session(activity_id=activity, capacity=3)
    await town.book(full, adults=2, by="sms", phone="+46701740609")
    last = await town.book(full)
    await town.wait(full, adults=2, by="sms", phone="+46701740610")
    await town.wait(full, by="email", email="omar@example.org")
    await town.cancel(await town.wait(full, by="call", phone="+46701740611"))
    await town.cancel(last)  # its seat is free, but the head of the line needs two

    tight = await town.session(capacity=1)
    seated = await town.book(tight, by="sms", phone="+46701740612")
    first, second, third, _ = [
        await town.wait(tight, by=by, phone=f"+467017406{number}")
        for number, by in ((13, "sms"), (14, "sms"), (15, "call"), (16, "sms"))
    ]
    await town.cancel(seated)
    await town.accept(first)
    await town.cancel(first)
    await town.decline(second)
    await town.ring(tight, third)

    later = await town.session(activity_id=activity)
    await town.move(
        await town.book(later, by="email", email="lea@example.org"), await town.session(activity_id=activity)
    )
    await town.hold(later, adults=2)


async def answers_by_sms(town: Town) -> None:
    """Somebody is understood, or not, and gives a seat back."""
    phone = "+46701740617"
    made = await town.book(await town.session(), by="sms", phone=phone)

    async def told() -> bool:
        async with town.http.get(f"{town.site.mailboxes}/api/messages", params={"to": phone}) as answer:
            return bool((await answer.json())["items"])

    await eventually(told)
    webhook = f"{town.site.services['notify']}/v1/providers/46elks/incoming"
    headers = {"Authorization": aiohttp.encode_basic_auth("46elks", "secret")}
    for number, (text, status) in enumerate((("Hej?", 200), ("JA", 200), ("NEJ", 204))):
        form = {"direction": "incoming", "id": f"s{number}", "from": phone, "to": checker.LIBRARY, "message": text}
        async with town.http.post(webhook, data=form, headers=headers) as answer:
            assert answer.status == status, await answer.text()
    town.ended(made["code"])


async def ready(town: Town) -> bool:
    """Whether every service is ready now; a machine with other work may be too slow for a moment."""
    for url in town.site.services.values():
        async with town.http.get(f"{url}/health/ready") as answer:
            if not answer.ok:
                return False
    return True


@pytest.fixture(scope="module")
async def world(
    all_databases: Databases,
    postgres_server: postgres.Server,
    broker_server: rabbitmq.Server,
    issuer: Issuer,
    tmp_path_factory: pytest.TempPathFactory,
) -> AsyncIterator[World]:
    originals = await Originals.of(all_databases, postgres_server.dsn)
    folder = tmp_path_factory.mktemp("doctor") / "phonebox"
    host = await brokers.create(broker_server.url, broker_server.management)
    async with checker.town(originals.dsns, host, issuer, folder) as town:
        await a_day(town)
        await doctor.settled(town.site, within=60)
        await eventually(partial(ready, town), within=30)
        report = await doctor.examine(town.site, answers=town.answers, at_rest=True)
    await brokers.remove(host)
    async with originals.copied(*checker.SERVICES) as databases, checker.phonebox(folder) as (url, _):
        site = Site(databases=databases, sms=checker.provider(url), mailboxes=url)
        answers = tuple(town.answers)
        yield World(originals=originals, folder=folder, answers=answers, report=report, site=site)
    await originals.drop()


async def test_a_healthy_plats_at_rest_gives_no_finding(world: World) -> None:
    """Fails when any check mistakes what is right: overhang, drafts, cancelled sessions, mails, no contact at all."""
    assert not world.report.findings, str(world.report)
    assert not [outcome for outcome in world.report.outcomes if outcome.unseen]
    assert "more people than seats" in str(world.report)


SHORT = {
    ":closed": """
        INSERT INTO closing (
            session_id, revision, held, adults, children, staff_involved, organiser, place, closed_group
        ) VALUES (:busy, 1, true, 9, 0, true, 'library', 'branch', false)
    """,
    ":unguarded": """
        ALTER TABLE session DISABLE TRIGGER ALL;
        ALTER TABLE booking DISABLE TRIGGER ALL;
        ALTER TABLE hold DISABLE TRIGGER ALL;
        ALTER TABLE session DROP CONSTRAINT session_taken_within_ceiling
    """,
    ":sms": "(SELECT id FROM message WHERE channel = 'sms' AND state IN ('sent', 'delivered') ORDER BY id LIMIT 1)",
    ":mail": "(SELECT id FROM message WHERE channel = 'email' ORDER BY id LIMIT 1)",
    ":busy": """(SELECT session_id FROM booking
        GROUP BY session_id ORDER BY count(joined) > 0, count(*) DESC LIMIT 1)""",
    ":tight": "(SELECT session_id FROM booking WHERE state = 'offered')",
    ":full": "(SELECT session_id FROM booking WHERE state = 'queued' AND seats = 2)",
}


def long(statement: str) -> str:
    """A statement with its short words written out."""
    for word, meaning in SHORT.items():
        statement = statement.replace(word, meaning)
    return statement


class Damage:
    """Something that no service does: a statement on a service's database, and what it is to be called."""

    def __init__(self, name: str, service: str, statement: str, *also: str) -> None:
        self.service = service
        self.statement = long(statement)
        self.names = {name, *also}


DAMAGES = {
    "taken was changed": Damage(
        "seats-not-the-sum",
        "booking",
        ":unguarded; UPDATE session SET taken = taken - 1 WHERE id = :busy",
        "projection-wrong",
    ),
    "bookings vanished": Damage(
        "seats-not-the-sum",
        "booking",
        ":unguarded; DELETE FROM booking WHERE session_id = :busy",
        "revision-ahead",
        "answer-lost",
        "projection-wrong",
    ),
    "more people than the ceiling": Damage(
        "seats-over-ceiling",
        "booking",
        """:unguarded; UPDATE booking SET seats = 20 WHERE state = 'confirmed' AND session_id = :busy;
        UPDATE session SET taken = 60 WHERE id = :busy""",
        "seats-overbooked",
        "seats-ceiling-wrong",
        "projection-wrong",
        "answer-differs",
    ),
    "overbooked within a ceiling that nobody raised on purpose": Damage(
        "seats-overbooked",
        "booking",
        """:unguarded; UPDATE booking SET seats = 20 WHERE state = 'confirmed' AND session_id = :busy;
        UPDATE session SET taken = 60, ceiling = 60 WHERE id = :busy""",
        "projection-wrong",
        "answer-differs",
    ),
    "seats that are held are not counted": Damage("seats-not-the-sum", "booking", ":unguarded; DELETE FROM hold"),
    "seats that are offered are not counted": Damage(
        "seats-not-the-sum",
        "booking",
        ":unguarded; UPDATE booking SET state = 'expired' WHERE state = 'offered'",
    ),
    "somebody who is missed still has a seat": Damage(
        "seats-not-the-sum",
        "booking",
        ":unguarded; UPDATE booking SET attendance = 'no_show' WHERE state = 'confirmed' AND session_id = :busy",
    ),
    "a session was closed, and not counted": Damage("closed-not-counted", "booking", ":closed", "revision-untold"),
    "somebody is counted twice": Damage(
        "figures-wrong",
        "booking",
        """:closed; INSERT INTO figure (session_id, figure, value, bookings, total)
        SELECT session_id, 'outcome', 'came', count(*) + 1, 9 FROM booking WHERE session_id = :busy GROUP BY 1""",
        "revision-untold",
    ),
    "nobody looks when a hold or an offer ends": Damage(
        "session-not-looked-after",
        "booking",
        "UPDATE session SET wakes_at = now() - interval '2 minutes' WHERE wakes_at IS NOT NULL",
    ),
    "nobody will look when a hold ends": Damage(
        "session-not-looked-after",
        "booking",
        "UPDATE session SET wakes_at = NULL WHERE id IN (SELECT session_id FROM hold)",
    ),
    "nobody will look when an offer ends": Damage(
        "session-not-looked-after", "booking", "UPDATE session SET wakes_at = NULL WHERE id = :tight"
    ),
    "an offer goes on and on": Damage(
        "offer-overdue",
        "booking",
        "UPDATE booking SET answer_by = now() - interval '2 minutes' WHERE state = 'offered'",
    ),
    "an offer outlasts the start": Damage(
        "offer-overdue",
        "booking",
        """UPDATE session SET starts_at = now() - interval '2 minutes' WHERE id = :tight;
        UPDATE booking SET told_at = NULL, answer_by = NULL WHERE session_id = :tight;
        UPDATE booking SET state = 'closed' WHERE session_id = :tight AND state = 'queued'""",
        "projection-wrong",
    ),
    "a waiting list outlasts the start": Damage(
        "queue-not-closed",
        "booking",
        "UPDATE session SET starts_at = now() - interval '2 minutes' WHERE id = :full",
        "projection-wrong",
    ),
    "a free seat is not offered to the head of the line": Damage(
        "seat-not-offered",
        "booking",
        """:unguarded; UPDATE session SET taken = 0 WHERE id = :tight;
        UPDATE booking SET state = 'expired' WHERE state = 'offered'""",
    ),
    "a free seat is not offered to whoever fits, although it is time": Damage(
        "seat-not-offered", "booking", "UPDATE session SET fill_from_hours = 100 WHERE id = :full", "projection-wrong"
    ),
    "somebody is not reminded": Damage(
        "reminder-not-told",
        "booking",
        """UPDATE booking SET remind_at = now() - interval '2 minutes'
        WHERE state = 'confirmed' AND session_id = :busy""",
    ),
    "a series is booked in part": Damage(
        "series-unfinished",
        "booking",
        """INSERT INTO series_booking (
            id, series_id, contact_ref, language, adults, children, if_partly, notice, stepped_at
        ) VALUES (
            gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 'sv', 1, 0, 'book', 'none',
            now() - interval '2 minutes'
        )""",
    ),
    "a ceiling above the seats": Damage(
        "seats-ceiling-wrong", "booking", ":unguarded; UPDATE session SET ceiling = 50 WHERE id = :busy"
    ),
    "an event was never stored": Damage(
        "revision-untold",
        "booking",
        "DELETE FROM published WHERE routing_key = 'booking.cancelled.v1'",
        "event-from-nowhere",
        "message-from-nowhere",
    ),
    "the first event was deleted before it was told": Damage(
        "revision-gap",
        "booking",
        "DELETE FROM published WHERE aggregate = 'availability/' || :busy AND revision = 1",
        "event-from-nowhere",
    ),
    "an event in the middle was never told": Damage(
        "revision-gap",
        "booking",
        "DELETE FROM published WHERE aggregate = 'availability/' || :busy AND revision = 2",
        "event-from-nowhere",
    ),
    "two events under one revision": Damage(
        "revision-twice",
        "booking",
        """ALTER TABLE published DROP CONSTRAINT published_one_event_per_revision;
        INSERT INTO published SELECT gen_random_uuid(), aggregate, revision, 'nobody.hears.v1'
        FROM published LIMIT 1""",
    ),
    "an event of a change that was rolled back": Damage(
        "revision-ahead",
        "notify",
        """INSERT INTO published SELECT gen_random_uuid(), aggregate, revision + 1, 'nobody.hears.v1' FROM published
        ORDER BY revision DESC LIMIT 1""",
    ),
    "an answer by SMS that nobody gave": Damage(
        "revision-ahead",
        "notify",
        "INSERT INTO published VALUES (gen_random_uuid(), 'reply/' || gen_random_uuid(), 1, 'nobody.hears.v1')",
    ),
    "acknowledged before the commit": Damage(
        "event-not-heard", "catalog", "DELETE FROM inbox WHERE type = 'plats.availability.changed.v1'"
    ),
    "an event that nobody told": Damage(
        "event-from-nowhere", "notify", "INSERT INTO inbox VALUES (gen_random_uuid(), 'plats.booking.confirmed.v1')"
    ),
    "an event of a type that nobody tells": Damage(
        "event-from-nowhere", "notify", "INSERT INTO inbox VALUES (gen_random_uuid(), 'plats.strange.one.v1')"
    ),
    "an event that was not told": Damage(
        "outbox-waiting",
        "catalog",
        """INSERT INTO outbox (event_id, aggregate, revision, routing_key, body)
        SELECT gen_random_uuid(), 'session/' || id, revision, 'session.published.v1', '' FROM session
        WHERE status = 'draft' OR cancel_reason = 'illness' AND NOT EXISTS (
            SELECT FROM published WHERE aggregate = 'session/' || session.id
        )""",
        "outbox-waiting",
    ),
    "an event that no queue takes": Damage(
        "outbox-parked",
        "notify",
        """INSERT INTO outbox (event_id, aggregate, revision, routing_key, body, parked_at)
        SELECT gen_random_uuid(), 'strange/' || id, 1, 'strange.v1', '', now() FROM message LIMIT 1""",
    ),
    "an event that cannot be handled": Damage(
        "event-dead",
        "booking",
        "INSERT INTO inbox_failure (id, body, state, error) VALUES (gen_random_uuid(), '', 'dead', 'KeyError')",
    ),
    "an event that fails": Damage(
        "event-retried",
        "booking",
        "INSERT INTO inbox_failure (id, body, state, error) VALUES (gen_random_uuid(), '', 'retry', 'KeyError')",
    ),
    "an event that waits": Damage(
        "event-waiting",
        "notify",
        "INSERT INTO inbox_failure (id, body, state, error) VALUES (gen_random_uuid(), '', 'waiting', 'session')",
    ),
    "an old number of seats left, though heard": Damage(
        "projection-wrong", "catalog", "UPDATE availability SET revision = revision - 1 WHERE seats_left = 2"
    ),
    "another number of seats left": Damage(
        "projection-wrong", "catalog", "UPDATE availability SET seats_left = seats_left + 1 WHERE seats_left = 2"
    ),
    "seats of a session that booking has not": Damage(
        "projection-wrong", "catalog", "INSERT INTO availability VALUES (gen_random_uuid(), 1, 1, 1)"
    ),
    "a number of seats left from the future": Damage(
        "projection-wrong", "catalog", "UPDATE availability SET revision = revision + 1"
    ),
    "a decision for all libraries that nobody made": Damage(
        "projection-wrong", "notify", "INSERT INTO installation VALUES (1, '09-19', 5, 15, 20, 3000)"
    ),
    "a decision for all libraries that booking has not heard": Damage(
        "projection-wrong", "catalog", "INSERT INTO installation VALUES (1, '09-19', 5, 15, 20, 3000)"
    ),
    "seats left forgotten": Damage("projection-wrong", "catalog", "DELETE FROM availability"),
    "another length of the waiting list": Damage(
        "projection-wrong", "catalog", "UPDATE availability SET queue_left = queue_left + 1"
    ),
    "seats are left although somebody waits for them": Damage(
        "projection-wrong", "catalog", "UPDATE availability SET seats_left = 1 WHERE seats_left = 0"
    ),
    "another activity in booking": Damage(
        "projection-wrong", "booking", "UPDATE session SET activity_id = gen_random_uuid()"
    ),
    "another time to be reminded in booking": Damage(
        "projection-wrong", "booking", "UPDATE session SET reminder_hours = reminder_hours + 1"
    ),
    "other terms in booking": Damage("projection-wrong", "booking", "UPDATE session SET party_max = party_max + 1"),
    "another way into a session in booking": Damage(
        "projection-wrong", "booking", "UPDATE session SET meeting_number = '' WHERE meeting_link IS NOT NULL"
    ),
    "another way into a session in notify": Damage(
        "projection-wrong", "notify", "UPDATE session SET facts = facts - 'meeting'"
    ),
    "anybody may book what the library books": Damage(
        "projection-wrong", "catalog", "UPDATE session SET booked_by = 'staff' WHERE meeting_link IS NOT NULL"
    ),
    "old terms in booking, though heard": Damage(
        "projection-wrong",
        "booking",
        "UPDATE session SET catalog_revision = 1 WHERE catalog_revision = 2",
        "projection-wrong",
        "seats-overbooked",
    ),
    "booking took no notice of a cancellation": Damage(
        "projection-wrong", "booking", "UPDATE session SET status = 'published' WHERE status = 'cancelled'"
    ),
    "notify has another start": Damage(
        "projection-wrong",
        "notify",
        """UPDATE session SET facts = jsonb_set(facts, '{starts_at}', '"2026-01-01T17:00:00Z"')
        WHERE status = 'published'""",
    ),
    "notify took no notice of a withdrawal": Damage(
        "projection-wrong", "notify", "UPDATE session SET status = 'published' WHERE status = 'withdrawn'"
    ),
    "the visitor sees another notice": Damage(
        "projection-wrong", "booking", "UPDATE booking SET notice = 'failed' WHERE notice = 'delivered'"
    ),
    "the visitor sees no notice, though it was told": Damage(
        "projection-wrong",
        "booking",
        "UPDATE booking SET notice = 'pending', notice_message = NULL WHERE notice = 'delivered'",
    ),
    "a message vanished": Damage(
        "message-missing",
        "notify",
        "DELETE FROM attempt WHERE message_id = :sms; DELETE FROM message WHERE id = :sms",
        "revision-ahead",
        "sms-ghost",
    ),
    "nobody is told that a party shrank": Damage(
        "message-missing", "notify", "DELETE FROM message WHERE template = 'shrunk'"
    ),
    "nobody is told of a seat that is offered": Damage(
        "message-missing",
        "notify",
        "DELETE FROM message WHERE template = 'offered' AND state = 'failed'",
        "revision-ahead",  # that it failed was told
    ),
    "who waits is told something else": Damage(
        "message-missing",
        "notify",
        """UPDATE message SET template = 'shrunk' FROM booking
        WHERE template = 'queued' AND booking.id = about AND standing = 'queued'""",
    ),
    "who has changed to another time is not told": Damage(
        "message-missing", "notify", "UPDATE message SET template = 'shrunk' WHERE template = 'moved'"
    ),
    "who has taken a seat is not told": Damage(
        "message-missing",
        "notify",
        """UPDATE message SET template = 'shrunk' WHERE template = 'accepted';
        UPDATE booking SET ended_revision = NULL""",
        "message-missing",
    ),
    "an answer by SMS of which booking never heard": Damage(
        "event-not-heard", "booking", "DELETE FROM inbox WHERE type = 'plats.reply.received.v1'"
    ),
    "a lost code is not sent": Damage(
        "message-missing",
        "booking",
        "UPDATE published SET revision = 3 WHERE routing_key = 'booking.code_requested.v1'",
        "revision-gap",
        "revision-ahead",
        "message-from-nowhere",
    ),
    "somebody is told what never happened": Damage(
        "message-from-nowhere",
        "notify",
        """INSERT INTO message (id, about, booking_revision, session_id, template, parameters, contact_ref, state)
        SELECT gen_random_uuid(), about, 7, session_id, 'rescheduled', parameters, contact_ref, 'skipped'
        FROM message LIMIT 1""",
    ),
    "a message in the hands of a dead worker": Damage(
        "message-stuck",
        "notify",
        "UPDATE message SET state = 'sending', lease_until = now() - interval '5 minutes' WHERE id = :sms",
    ),
    "a message that is not looked up": Damage(
        "message-unknown",
        "notify",
        "UPDATE message SET state = 'unknown', next_at = now() - interval '5 minutes' WHERE id = :sms",
    ),
    "a message that nobody takes": Damage(
        "message-waiting",
        "notify",
        """UPDATE message SET state = 'pending', due_at = now() - interval '1 hour',
            next_at = now() - interval '1 hour'
        WHERE id = :sms""",
    ),
    "an SMS that the provider never got": Damage(
        "sms-lost", "notify", "UPDATE attempt SET provider_id = 's' || number WHERE message_id = :sms", "sms-unrecorded"
    ),
    "a mail that the server never got": Damage(
        "mail-lost",
        "notify",
        """UPDATE attempt SET channel = 'email' WHERE message_id = :sms;
        UPDATE message SET channel = 'email' WHERE id = :sms""",
        "sms-ghost",
    ),
    "an SMS that arrived and counts as failed": Damage(
        "sms-unrecorded",
        "notify",
        """UPDATE attempt SET provider_id = NULL WHERE message_id = :sms;
        UPDATE message SET state = 'failed' WHERE id = :sms""",
        "projection-wrong",
    ),
    "a mail of no message": Damage("mail-ghost", "notify", "DELETE FROM attempt WHERE channel = 'email'"),
}


async def test_what_is_not_damaged_is_found_healthy_when_nobody_runs(world: World) -> None:
    """Fails when copying, and not the damage, is what the tests below find."""
    report = await doctor.examine(world.site, answers=world.answers, at_rest=True)
    assert not report.findings, str(report)


@pytest.mark.parametrize("what", DAMAGES)
async def test_each_damage_is_found_and_called_by_its_name(world: World, what: str) -> None:
    """Fails when the check that looks for it is left out, or calls other things wrong, or tells of people."""
    damage = DAMAGES[what]
    async with world.damaged(damage.service, damage.statement) as site:
        report = await doctor.examine(site, answers=world.answers, at_rest=True)
    assert report.names == damage.names, str(report)
    told = str(report) + json.dumps(asdict(report))
    people = ["Sara", "46701740", "070-174", "amir@", *(answer.code for answer in world.answers)]
    assert not [person for person in people if person in told or person.replace("-", "") in told]


UNALARMING = {
    "booking has not been told of the activity since it keeps it": "UPDATE session SET activity_id = NULL",
    "a seat is free so shortly before the start that nobody could come": """
        UPDATE session SET fill_from_hours = 100, starts_at = now() + interval '20 minutes' WHERE id = :full""",
    "nobody was reminded of what is cancelled": """
        UPDATE booking SET remind_at = now() - interval '2 minutes' WHERE state = 'cancelled'""",
    "it is only now that time has changed something": """
        UPDATE session SET wakes_at = now() - interval '5 seconds' WHERE wakes_at IS NOT NULL;
        UPDATE booking SET answer_by = now() - interval '5 seconds' WHERE state = 'offered';
        UPDATE booking SET remind_at = now() - interval '5 seconds' WHERE state = 'confirmed'""",
}


@pytest.mark.parametrize("what", UNALARMING)
async def test_what_may_be_so_is_no_finding(world: World, what: str) -> None:
    """Fails when a check for waiting lists knows no measure; that the terms are another session's is seen besides."""
    async with world.damaged("booking", long(UNALARMING[what])) as site:
        report = await doctor.examine(site, answers=world.answers, at_rest=True)
    assert report.names <= {"projection-wrong"}, str(report)
    assert bool(report.names) == ("starts_at" in UNALARMING[what]), str(report)


@asynccontextmanager
async def outside(world: World, tmp_path: Path) -> AsyncIterator[tuple[Site, str, str]]:
    """The site with a provider of its own; gives its address and its mail server's too."""
    folder = tmp_path / "phonebox"
    shutil.copytree(world.folder, folder)
    async with checker.phonebox(folder) as (url, smtp):
        yield replace(world.site, sms=checker.provider(url), mailboxes=url), url, smtp


async def test_an_sms_that_is_no_message_of_ours(world: World, tmp_path: Path) -> None:
    """Fails when only what we know of is asked for."""
    async with outside(world, tmp_path) as (site, url, _):
        await checker.send_sms(url, "+46701740699")
        report = await doctor.examine(site, at_rest=True)
    assert report.names == {"sms-ghost"}, str(report)


async def test_what_a_webhook_answered_is_no_sms_of_somebody_else(world: World, tmp_path: Path) -> None:
    """Fails when what went out in the same breath as an answer came in counts as sent in the library's name."""
    folder = tmp_path / "phonebox"
    shutil.copytree(world.folder, folder)
    with database.opened(folder) as box, box:
        texts.add(
            box,
            texts.Sms(
                id=texts.new_id(),
                direction="outgoing-reply",
                phone="+46701740617",
                library=checker.LIBRARY,
                text="Biblioteket: Tack! Vi ses.",
                created=database.now(),
                delivered=database.now(),
            ),
        )
    async with checker.phonebox(folder) as (url, _):
        report = await doctor.examine(replace(world.site, sms=checker.provider(url), mailboxes=url), at_rest=True)
    assert not report.names, str(report)


async def test_an_sms_that_went_out_twice(world: World, tmp_path: Path) -> None:
    """Fails when what the provider has is only counted by the ids that we know."""
    async with outside(world, tmp_path) as (site, url, _):
        await checker.send_sms(url, "+46701740605")
        report = await doctor.examine(site, at_rest=True)
    assert report.names == {"sms-double"}, str(report)


async def test_an_sms_that_may_still_be_looked_up_is_no_ghost_while_plats_is_busy(world: World) -> None:
    """Fails when every SMS that we do not know yet counts as somebody else's."""
    unknown = """
        UPDATE attempt SET provider_id = NULL WHERE message_id = :sms;
        UPDATE message SET state = 'unknown', next_at = now() + interval '1 minute' WHERE id = :sms"""
    async with world.damaged("notify", long(unknown)) as site:
        assert not (await doctor.examine(site)).names
        assert (await doctor.examine(site, at_rest=True)).names == {"message-unknown", "sms-unrecorded"}


async def test_a_mail_may_come_again_only_as_often_as_an_attempt_broke_off(world: World, tmp_path: Path) -> None:
    """Fails when a mail that came twice is never wrong, or always."""
    async with outside(world, tmp_path) as (site, _, smtp):
        conn = await asyncpg.connect(site.databases["notify"])
        message_id = await conn.fetchval(long("SELECT :mail"))
        await conn.close()
        await checker.send_mail(smtp, f"<{message_id}@plats.example.org>")
        report = await doctor.examine(site, at_rest=True)
        assert report.names == {"mail-double"}, str(report)
        broke_off = "INSERT INTO attempt (message_id, number, channel, parts) SELECT :mail, 0, 'email', 0"
        async with world.damaged("notify", long(broke_off)) as forgiven:
            again = await doctor.examine(replace(forgiven, mailboxes=site.mailboxes), at_rest=True)
            assert not again.names, str(again)
            assert "1 mails came again" in str(again)
        await checker.send_mail(smtp, "<strange@example.org>")
        assert (await doctor.examine(site, at_rest=True)).names == {"mail-double", "mail-ghost"}


def waiting_as(world: World, state: Standing) -> Iterator[Answer]:
    """The answers, with whoever was told to wait told something else."""
    return (replace(answer, state=state) if answer.state == "queued" else answer for answer in world.answers)


def other_answers(world: World) -> dict[str, tuple[list[Answer], str]]:
    """What clients could have been told instead, and what that is called."""
    first, *rest = world.answers
    return {
        "a code that nobody has": ([replace(first, code="ZZZ-ZZZ"), *rest], "answer-lost"),
        "more seats": ([replace(first, seats=9), *rest], "answer-differs"),
        "another state": ([replace(first, state="cancelled"), *rest], "answer-differs"),
        "a seat instead of a place in line": ([*waiting_as(world, "confirmed")], "answer-differs"),
        "an offer that was taken back": ([*waiting_as(world, "offered")], "answer-differs"),
        "another session": ([replace(first, session_id=rest[-1].session_id), *rest], "answer-differs"),
        "one booking for two": ([replace(first, key=uuid4().hex), *world.answers], "answer-shared"),
        "two bookings for one": ([first, replace(rest[0], key=first.key), *rest[1:]], "answer-shared"),
        "nothing": (rest, "booking-unanswered"),
    }


@pytest.mark.parametrize(
    "what",
    [
        "a code that nobody has",
        "more seats",
        "another state",
        "a seat instead of a place in line",
        "an offer that was taken back",
        "another session",
        "one booking for two",
        "two bookings for one",
        "nothing",
    ],
)
async def test_an_answer_that_is_not_what_is_stored(world: World, what: str) -> None:
    """Fails when that part of the comparison is left out."""
    answers, name = other_answers(world)[what]
    report = await doctor.examine(world.site, answers=answers, at_rest=True)
    assert name in report.names, str(report)
    assert report.names <= {name, "booking-unanswered"}


async def test_what_is_on_its_way_is_wrong_only_when_it_is_late_or_all_is_at_rest(world: World) -> None:
    """Fails when a busy Plats is told that its news is lost, or when lost news is taken for late for ever."""
    unheard = """
        UPDATE availability SET revision = revision - 1, seats_left = 0;
        DELETE FROM inbox WHERE type = 'plats.availability.changed.v1'"""
    async with world.damaged("catalog", unheard) as damaged, world.originals.copied("booking") as copies:
        site = replace(damaged, databases={**damaged.databases, **copies})
        await checker.damage(copies["booking"], "UPDATE published SET published_at = clock_timestamp()")
        assert not (await doctor.examine(site)).names
        assert "event-not-heard" in (await doctor.examine(site, at_rest=True)).names
        await checker.damage(copies["booking"], "UPDATE published SET published_at = now() - interval '2 minutes'")
        await checker.damage(copies["booking"], "UPDATE _yoyo_migration SET applied_at_utc = '2026-01-01'")
        assert (await doctor.examine(site)).names == {"event-not-heard"}


async def test_an_event_that_somebody_dropped_is_told_and_not_wrong(world: World) -> None:
    """Fails when what was dropped on purpose counts as lost."""
    dropped = """
        INSERT INTO inbox_dropped (id, event_id, body, attempts, error, created_at)
        SELECT gen_random_uuid(), event_id, '', 7, 'KeyError', now() FROM inbox
        WHERE type = 'plats.availability.changed.v1' LIMIT 1;
        DELETE FROM inbox WHERE event_id IN (SELECT event_id FROM inbox_dropped)"""
    async with world.damaged("catalog", dropped) as site:
        report = await doctor.examine(site, at_rest=True)
    assert not report.names, str(report)
    assert "1 events were dropped" in str(report)


async def test_the_commands_that_it_names_are_understood(world: World) -> None:
    """Fails when one is not as `plats dead` takes it, like the service's name without its option."""
    given_up = """
        INSERT INTO inbox_failure (id, body, state, error) VALUES (gen_random_uuid(), '', 'dead', 'KeyError');
        INSERT INTO inbox_dropped (id, body, attempts, error, created_at)
        VALUES (gen_random_uuid(), '', 7, 'KeyError', now())"""
    async with world.damaged("booking", given_up) as site:
        report = await doctor.examine(site)
    named = re.findall(r"\./plats dead (\w+(?: --\w+(?: \w+)?)+)", str(report))
    assert sorted(named) == ["list --dropped", "list --service booking", "replay --all --service booking --why CAUSE"]
    parser = argparse.ArgumentParser()
    dead.options(parser)
    for command in named:
        parser.parse_args(command.split())


async def test_a_plats_that_does_not_come_to_rest_says_what_moves(world: World) -> None:
    """Fails when what is still to be told, handled or sent counts as rest."""
    moving = {
        "booking": (
            """INSERT INTO outbox (event_id, aggregate, revision, routing_key, body)
            VALUES (gen_random_uuid(), 'x/1', 1, 'x.v1', '')""",
            "booking untold: 1",
        ),
        "catalog": (
            "INSERT INTO inbox_failure (id, body, state, error) VALUES (gen_random_uuid(), '', 'retry', 'x')",
            "catalog unhandled: 1",
        ),
        "notify": ("UPDATE message SET state = 'unknown' WHERE id = :sms", "notify unsent: 1"),
    }
    due = """
        UPDATE session SET wakes_at = now() WHERE id = :tight;
        UPDATE booking SET remind_at = now() WHERE state = 'confirmed' AND session_id = :full"""
    async with world.damaged("booking", long(due)) as site:
        with pytest.raises(doctor.Restless, match="booking not looked after: 2"):
            await doctor.settled(site, within=0)
    for service, (statement, told) in moving.items():
        async with world.damaged(service, long(statement)) as site:
            with pytest.raises(doctor.Restless, match=told):
                await doctor.settled(site, within=0)
    async with world.damaged("notify", "DELETE FROM inbox WHERE type = 'plats.booking.cancelled.v1'") as site:
        with pytest.raises(doctor.Restless, match="notify on its way from booking"):
            await doctor.settled(site, within=0)
    await doctor.settled(world.site, within=10)


async def test_a_database_that_is_away_or_not_of_this_version_is_said_to_be_so(world: World) -> None:
    """Fails when the checker crashes where it cannot look."""
    away = replace(world.site, databases={**world.site.databases, "notify": "postgresql://127.0.0.1:9/plats"})
    report = await doctor.examine(away)
    assert report.names == {"database-away"}, str(report)
    assert [outcome.check for outcome in report.outcomes if outcome.unseen and "notify" in outcome.unseen]
    async with world.damaged("booking", "DROP TABLE published") as old:
        report = await doctor.examine(old)
    assert report.names == {"database-away"}, str(report)
    assert "not those of this version" in str(report)


async def test_a_provider_that_is_away_is_said_to_be_so(world: World) -> None:
    """Fails when an empty log is compared instead, or the checker crashes."""
    report = await doctor.examine(replace(world.site, mailboxes="http://127.0.0.1:9"))
    assert report.names == {"provider-away"}


async def test_services_that_are_away_or_not_ready_are_named(world: World) -> None:
    """Fails when no answer counts as none wanted."""

    async def not_ready(_: web.Request) -> web.Response:
        return web.json_response({"checks": {"consumer": False, "database": True}}, status=503)

    app = web.Application()
    app.router.add_get("/health/ready", not_ready)
    async with serving(app) as url:
        site = replace(world.site, services={"booking": "http://127.0.0.1:9", "notify": url})
        report = await doctor.examine(site)
    assert report.names == {"service-away"}
    assert "booking does not answer" in str(report)
    assert "notify is not ready: consumer." in str(report)


async def test_what_hangs_in_a_database_and_that_nobody_leads(world: World) -> None:
    """Fails when sessions of others are not looked at, or any advisory lock counts as a leader's."""
    async with world.originals.copied("catalog", led=False) as copies:
        idle, busy = [await asyncpg.connect(copies["catalog"]) for _ in range(2)]
        try:
            await idle.execute("BEGIN; SELECT pg_advisory_lock(1)")
            asking = asyncio.create_task(busy.execute("SELECT pg_sleep(30)"))
            site = replace(world.site, databases={**world.site.databases, **copies})

            async def found() -> bool:
                report = await doctor.examine(site, at_rest=True)
                return report.names == {"relay-missing", "transaction-idle", "query-long"}

            await eventually(found, within=20)
        finally:
            busy.terminate()
            await asyncio.gather(asking, return_exceptions=True)
            await idle.close()


class Queues:
    """A broker whose queues somebody damages."""

    def __init__(self, host: VirtualHost) -> None:
        self._host = host

    async def delete(self, queue: str) -> None:
        """Remove a queue."""
        url = f"{self._host.management}/api/queues/{self._host.name}/{queue}"
        async with aiohttp.ClientSession() as http, http.delete(url) as answer:
            assert answer.ok

    async def put(self, queue: str) -> None:
        """Put a message into a queue."""
        async with link.connection(self._host.url, "test") as connection:
            channel = await connection.channel()
            await channel.default_exchange.publish(aio_pika.Message(b"{}"), queue, timeout=10)


async def test_queues_that_are_missing_unheard_or_hold_dead_messages(world: World, broker: VirtualHost) -> None:
    """Fails when one of these is not looked at."""
    site = replace(world.site, broker=broker.url, management=broker.management)
    queues = Queues(broker)
    assert (await doctor.examine(site, at_rest=True)).names == {"queue-unheard"}
    await queues.put("booking")
    assert (await doctor.examine(site, at_rest=True)).names == {"queue-unheard", "queue-waiting"}
    assert (await doctor.examine(site)).names == {"queue-unheard"}
    await queues.put("booking.dead")
    assert (await doctor.examine(site)).names == {"queue-unheard", "queue-dead"}
    await queues.delete("notify")
    assert (await doctor.examine(site)).names == {"queue-unheard", "queue-dead", "queue-missing", "topology"}


async def test_a_broker_that_is_away_is_said_to_be_so(world: World) -> None:
    """Fails when the checker crashes where it cannot look."""
    site = replace(world.site, broker="amqp://nobody@127.0.0.1:9/", management="http://127.0.0.1:9")
    assert (await doctor.examine(site)).names == {"broker-away", "management-away"}


async def test_what_happens_while_somebody_looks_is_no_finding(
    databases: Databases, broker: VirtualHost, issuer: Issuer, tmp_path: Path
) -> None:
    """Fails when what was heard last is looked for in what had been told before.

    The mailboxes are asked between the two looks, so whoever answers for them can let things happen then.
    """
    dsns = {service: await databases.create(service) for service in checker.SERVICES}
    async with checker.town(dsns, broker, issuer, tmp_path / "phonebox") as town:
        session = await town.session()
        await doctor.settled(town.site, within=60)

        async def meanwhile(_: web.Request) -> web.Response:
            await town.book(session, by="sms", phone="+46701740605")
            await town.change(session, capacity=9)
            await doctor.settled(town.site, within=60)
            return web.json_response({"items": []})

        app = web.Application()
        app.router.add_get("/api/messages", meanwhile)
        async with serving(app) as mailboxes:
            report = await doctor.examine(replace(town.site, mailboxes=mailboxes, services={}))
    assert "provider-away" not in report.names, "the machine was too slow for what was to happen meanwhile"
    assert not report.findings, str(report)


async def test_a_busy_plats_raises_no_false_alarm(
    databases: Databases, broker: VirtualHost, issuer: Issuer, tmp_path: Path
) -> None:
    """Fails when the databases are read once each, so that what happens in between looks wrong."""
    dsns = {service: await databases.create(service) for service in checker.SERVICES}
    async with checker.town(dsns, broker, issuer, tmp_path / "phonebox") as town:
        sessions = [await town.session(capacity=200) for _ in range(2)]
        tight = await town.session(capacity=2)

        done = asyncio.Event()

        async def visitor(number: int) -> None:
            await town.book(sessions[0], by="sms", phone=f"+467017406{number + 10}")
            while not done.is_set():
                made = await town.book(sessions[number % 2], by="email", email=f"{uuid4().hex}@example.org")
                entered = await town.enter(tight, by="email", email=f"{uuid4().hex}@example.org")
                await town.cancel(made)
                await town.cancel(entered)

        async def staff() -> None:
            for room in range(3):
                await town.change(sessions[1], room=f"Rum {room}")

        people = asyncio.gather(*(visitor(number) for number in range(4)), staff())
        looked_at = replace(town.site, services={})  # a machine with other work may be too slow to be ready
        try:
            reports = [await doctor.examine(looked_at) for _ in range(8)]
        finally:
            done.set()
            await people
        assert not [str(report) for report in reports if report.findings]
        await doctor.settled(town.site, within=90)
        last = await doctor.examine(looked_at, answers=town.answers, at_rest=True)
        assert not last.findings, str(last)
        assert len(town.answers) > 20
