"""A consumer whose process dies in some handlers, started again each time: `python -m tests.support.crashing`.

Each start is a fork, so that fifty of them take no longer than a few seconds.
"""

import asyncio
import os
import signal
import sys
from pathlib import Path
from uuid import UUID

from shared import logs
from shared.broker import keep_running
from shared.db import Connection, Database
from shared.events import AvailabilityChanged, Event
from shared.inbox import Consumer


async def consume() -> None:
    """Consume as catalog does; the events told by the environment end the process before their commit."""
    always, once = UUID(os.environ["ALWAYS"]), UUID(os.environ["ONCE"])
    marker = Path(os.environ["MARKER"])

    async def handle(conn: Connection, event: Event) -> None:
        await conn.execute("INSERT INTO seen VALUES ($1)", event.id)
        if event.id == always or (event.id == once and not marker.exists()):
            marker.touch()
            os._exit(1)

    async with Database(os.environ["DATABASE"], name="crashing") as database:
        taking = Consumer(database, os.environ["BROKER"], "catalog", {AvailabilityChanged: handle})
        loops = (taking.session, taking.retries, taking.dead_letters)
        await asyncio.gather(*(keep_running("crashing", loop, asyncio.Event()) for loop in loops))


def main() -> None:
    """Start it again whenever it ends, until killed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    while True:
        child = os.fork()
        if not child:
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            logs.setup("crashing")
            asyncio.run(consume())
        try:
            os.waitpid(child, 0)
        except SystemExit:
            os.kill(child, signal.SIGKILL)
            raise


if __name__ == "__main__":
    main()
