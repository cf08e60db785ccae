"""A relay as a process of its own, so that it can be frozen and killed: `python -m tests.support.relay`."""

import asyncio
import os

from shared import logs
from shared.broker import keep_running
from shared.db import Database
from shared.outbox import Relay


async def main() -> None:
    """Relay until killed."""
    async with Database(os.environ["DATABASE"], name=os.environ["NAME"]) as database:
        relay = Relay(database, os.environ["BROKER"], lease=float(os.environ["LEASE"]))
        await keep_running("relay", relay.session, asyncio.Event())


if __name__ == "__main__":
    logs.setup("relay", form="json")
    asyncio.run(main())
