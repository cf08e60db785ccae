"""How much is in hand at once."""

import asyncio
from uuid import uuid4

import pytest

from services.notify.messages import Parameters
from services.notify.pump import Places, Pump
from services.notify.store import Message
from shared.ids import new_id
from tests.support.samples import session_state
from tests.support.servers import eventually
from tests.unit.notify.samples import TUESDAY


def _message() -> Message:
    return Message(
        id=new_id(),
        revision=0,
        about=uuid4(),
        owner="booking",
        booking_revision=1,
        contact_ref=uuid4(),
        template="confirmed",
        parameters=Parameters(persons=1),
        facts=session_state(),
        session_status="published",
        standing="confirmed",
        ended=False,
        unaware=False,
        left=False,
        state="sending",
        channel="sms",
        fallback=None,
        attempts=1,
        repeated=False,
        address=b"",
        due_at=TUESDAY,
        traceparent=None,
        tried_at=TUESDAY,
        now=TUESDAY,
    )


async def test_who_waits_steps_aside_but_not_without_end() -> None:
    """Fails when who waits keeps its place (only three come into hand), and when those aside are not counted."""
    asked, in_hand, over, stop = list[int](), list[Message](), asyncio.Event(), asyncio.Event()

    async def claim(free: int) -> list[Message]:
        asked.append(free)
        return [_message() for _ in range(free)]

    async def work(message: Message) -> None:
        in_hand.append(message)
        await over.wait()

    async def in_hand_are(number: int) -> bool:
        return len(in_hand) >= number

    pump = Pump(Places(prompt=3, most=8, patience=0.1), claim, work)
    async with asyncio.TaskGroup() as group:
        group.create_task(pump.session(stop))
        try:
            await eventually(lambda: in_hand_are(8), within=5)
            with pytest.raises(TimeoutError):
                await eventually(lambda: in_hand_are(9), within=0.6)
        finally:
            stop.set()
            over.set()
    assert max(asked) == 3
