from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from services.notify import domain, queries, store
from services.notify.domain import (
    Again,
    Channel,
    Outcome,
    Policy,
    Reach,
    Reason,
    Receipt,
    Refused,
    Sent,
    Spent,
    Step,
)
from services.notify.store import Message
from services.notify.usecases.gathering import gather
from shared.db import Connection
from shared.events import MessageDelivered, MessageDispatch, MessageFailed, MessageFailure, MessageSent
from shared.logs import get_logger
from shared.outbox import emit

log = get_logger()


async def route(
    conn: Connection, message: Message, reach: Reach | None, addresses: Mapping[Channel, bytes], policy: Policy
) -> Channel | None:
    """Decide when, by which channel and where a due message goes.

    ``reach`` is None when the person was erased; ``addresses`` holds keyed hashes.

    Returns:
        The channel that has something to do now.
    """
    ways = domain.still_open(reach.channels, message.channel) if reach else ()
    if reach is None:
        await store.set_aside(conn, message.id, "dropped", "erased")
    elif needless := domain.needless(message.template, message.circumstances()):
        await store.set_aside(conn, message.id, needless.state, needless.why)
    elif not reach.wants_messages and not domain.must_be_called(message.template, message.parameters.by):
        await store.set_aside(conn, message.id, "skipped", reach.by)
    elif not ways:
        await _give_up(conn, message, "email" if reach.by == "email" else "sms")
    elif message.template == "rescheduled" and await gather(conn, message):
        return None
    else:
        return await _send_when_permitted(conn, message, ways, addresses, policy)
    return None


async def postpone(conn: Connection, message: Message) -> None:
    """Route a message later: who it is for cannot be understood now."""
    await store.postpone(conn, message.id, message.now + domain.ASK_AGAIN_AFTER)


async def _give_up(conn: Connection, message: Message, wanted: Channel) -> None:
    if await store.set_aside(conn, message.id, "failed", "no_address"):
        await _emit_failed(conn, message, wanted, "no_address")


async def _send_when_permitted(
    conn: Connection,
    message: Message,
    ways: Sequence[Channel],
    addresses: Mapping[Channel, bytes],
    policy: Policy,
) -> Channel | None:
    decided = await store.decided(conn, policy)
    opens = domain.permitted_from(message.now, message.template, message.starts_at, decided)
    if opens > message.now:
        await store.hold(conn, message.id, opens)
        return None
    channel, *others = ways
    stoppable = channel == "sms" and domain.can_be_stopped(message.template)
    if stoppable and await queries.wants_no_reminders(conn, addresses[channel]):
        await store.set_aside(conn, message.id, "skipped", "stopped")
        return None
    await store.route(conn, message.id, channel, others[0] if others else None, addresses[channel])
    return channel


async def spend(
    conn: Connection, message: Message, parts: int, policy: Policy, *, needs: float
) -> Again | Refused | None:
    """Count a message of so many SMS parts that is about to leave, which takes so many seconds.

    Returns:
        Why it may not leave: its lease ends too soon or somebody else has concluded the attempt, or a limit would
        be broken.
    """
    began = message.tried_at or message.now
    if parts:
        await store.lock_till(conn)
    if not await store.lock_lease(conn, message, needs):
        return Again(why="late")
    spent = Spent(
        to_address=await queries.sent_to(conn, message.address, began - timedelta(days=1)),
        parts=await queries.parts_spent(conn, domain.day_began(began, policy.hours.zone)),
    )
    decided = await store.decided(conn, policy)
    broken = domain.broken_limit(message.template, parts, spent, decided)
    if broken is None:
        await store.count_in(conn, message, parts)
        return None
    if broken == "money":
        await stop_spending(conn, began, spent.parts, decided)
    return Refused(why=broken, reason="limit")


async def stop_spending(conn: Connection, at: datetime, parts_spent: int, policy: Policy) -> None:
    """Keep that the money stop closed, and say so once a day."""
    day = at.astimezone(policy.hours.zone).date()
    if await store.close_till(conn, day, policy.sms_parts_a_day):
        log.error("sms_money_stop_closed", parts_a_day=policy.sms_parts_a_day, parts_spent=parts_spent)


async def conclude(conn: Connection, message: Message, outcome: Outcome, policy: Policy) -> Step | None:
    """Write down how an attempt, or the look into the provider's history, went, and tell others.

    Returns:
        What became of the message; None when somebody else has concluded the attempt.

    Raises:
        asyncpg.UniqueViolationError: the provider's id is another message's.
    """
    provider_id = outcome.provider_id if isinstance(outcome, Sent) else None
    if provider_id:
        await store.lock_provider_id(conn, provider_id)
    current = await store.lock_attempt(conn, message)
    if current or provider_id:  # an id is proof, however late; anything else of a concluded attempt is hearsay
        why = getattr(outcome, "why", "")
        word = f"{type(outcome).__name__} {why}".strip().lower()
        await store.end_attempt(conn, message, word, provider_id, counts=domain.may_have_left(outcome))
    if current is None:
        return None
    in_hand = current.in_hand()
    step = domain.conclude(in_hand, outcome, current.now, policy)
    await store.take_step(conn, current, step)
    if isinstance(outcome, Sent):
        await _sent(conn, current, in_hand.channel, outcome.at or current.now)
    elif step.state == "failed":
        await _emit_failed(conn, current, in_hand.channel, step.reason or "unknown")
    if provider_id:
        await _apply_receipts(conn, provider_id, policy)
    return step


async def take_receipt(conn: Connection, provider_id: str, receipt: Receipt, policy: Policy) -> None:
    """Keep a delivery receipt, and apply it if its message is known."""
    await store.lock_provider_id(conn, provider_id)
    await store.add_receipt(conn, provider_id, receipt)
    await _apply_receipts(conn, provider_id, policy)


async def _apply_receipts(conn: Connection, provider_id: str, policy: Policy) -> None:
    for receipt in await store.receipts_of(conn, provider_id):
        message = await store.lock_by_provider_id(conn, provider_id)
        if message and domain.receipt_moves(message.state, receipt):
            await _apply(conn, message, receipt, policy)


async def _apply(conn: Connection, message: Message, receipt: Receipt, policy: Policy) -> None:
    in_hand = message.in_hand()
    if receipt == "delivered":
        await store.take_step(conn, message, Step(state="delivered", at=message.now, channel=in_hand.channel))
        counted = await store.raise_revision(conn, message)
        await emit(conn, MessageDelivered.of(message.id, counted.told(in_hand.channel)))
        return
    step = domain.fail(in_hand, "unreachable", message.now, policy)
    await store.take_step(conn, message, step)
    if step.state == "failed":
        await _emit_failed(conn, message, in_hand.channel, "unreachable")


async def _sent(conn: Connection, message: Message, channel: Channel, at: datetime) -> None:
    await store.mark_sent(conn, message, at)
    counted = await store.raise_revision(conn, message)
    data = MessageDispatch(**counted.told(channel).model_dump(), sent_at=at)
    await emit(conn, MessageSent.of(message.id, data))


async def _emit_failed(conn: Connection, message: Message, channel: Channel, reason: Reason) -> None:
    """Tell that somebody will not hear of this; of many dates that moved, also for each of them."""
    carried = await store.fail_carried(conn, message.parameters.bookings, reason)
    for failed in (message, *await store.load(conn, carried)):
        counted = await store.raise_revision(conn, failed)
        data = MessageFailure(**counted.told(channel).model_dump(), reason=reason)
        await emit(conn, MessageFailed.of(failed.id, data))
