from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TypeAlias
from uuid import UUID

from services.notify import domain, queries, store
from services.notify.domain import Answer, Policy, Reaction, Spent, Understood
from services.notify.gsm7 import parts
from services.notify.queries import Correspondence, Taken
from services.notify.store import Reply as KeptReply
from services.notify.usecases.sending import stop_spending
from shared.db import Connection
from shared.events import Reply, ReplyReceived
from shared.ids import new_id
from shared.logs import get_logger
from shared.outbox import emit

log = get_logger()

Write: TypeAlias = Callable[[Answer, Correspondence], str]
"""Puts an answer into words."""

_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True, slots=True)
class Incoming:
    """What somebody answered, without their words and their number."""

    provider_id: str
    address: bytes
    """A keyed hash of the number."""
    understood: Understood
    named: UUID | None
    """That whose code stands in it."""
    sent_at: datetime | None
    """When the provider had it, by its clock."""


async def take_reply(conn: Connection, incoming: Incoming, policy: Policy, write: Write) -> Taken | None:
    """Keep an answer, let the owner of what it is about hear of it, and decide what it gets back at once.

    The same one again changes nothing.

    Returns:
        What it gets back; None for a number that was told of nothing, of which nothing is kept.
    """
    await store.lock_address(conn, incoming.address)
    if before := await queries.taken(conn, incoming.provider_id):
        return before
    if incoming.understood.says == "start":
        await store.start_reminders(conn, incoming.address)
    known = await queries.correspondence(conn, incoming.address)
    if not known:
        return None
    now = await queries.clock(conn)
    asked = await queries.asked_which(conn, incoming.address, now - _DAY)
    reaction = domain.react(incoming.understood, [one.told for one in known], incoming.named, asked, now)
    about = next(one for one in known if one.told.about == reaction.about)
    if reaction.says == "stop":
        await store.stop_reminders(conn, incoming.address)
    kept = await _answered(conn, incoming, reaction, about, policy, write)
    await store.add_reply(conn, kept)
    if reaction.acts:
        await emit(conn, ReplyReceived.of(kept.id, _told(kept, about, min(incoming.sent_at or now, now))))
    log.info("reply_taken", about=str(kept.about), understood=kept.understood, answer=kept.answer, acts=reaction.acts)
    return Taken(about=kept.about, answer=kept.answer)


async def _answered(
    conn: Connection,
    incoming: Incoming,
    reaction: Reaction,
    about: Correspondence,
    policy: Policy,
    write: Write,
) -> KeptReply:
    """The answer as it is kept, with what it gets back if limits and the money stop let it."""
    kept = KeptReply(
        id=new_id(),
        provider_id=incoming.provider_id,
        address=incoming.address,
        about=reaction.about,
        understood=reaction.says,
    )
    if reaction.answer is None:
        return kept
    now = await queries.clock(conn)
    if not domain.may_answer(reaction.answer, await queries.answers_given(conn, incoming.address, now - _DAY)):
        return kept
    cost = parts(write(reaction.answer, about))
    await store.lock_till(conn)
    spent = Spent(
        to_address=await queries.sent_to(conn, incoming.address, now - _DAY),
        parts=await queries.parts_spent(conn, domain.day_began(now, policy.hours.zone)),
    )
    decided = await store.decided(conn, policy)
    broken = domain.broken_limit("answer", cost, spent, decided)
    if broken == "money":
        await stop_spending(conn, now, spent.parts, decided)
    return kept if broken else replace(kept, answer=reaction.answer, parts=cost)


def _told(kept: KeptReply, about: Correspondence, at: datetime) -> Reply:
    """What the owner may know of it. What was said in time counts, also where it was delivered late."""
    return Reply.model_validate(
        {
            "reply_id": kept.id,
            "revision": 1,
            "contact_ref": about.contact_ref,
            "about": kept.about,
            "says": kept.understood,
            "question": about.question,
            "received_at": at,
        }
    )
