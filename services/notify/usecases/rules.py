from services.notify import store
from shared import installation
from shared.db import Connection
from shared.events import InstallationState


async def learn_rules(conn: Connection, told: InstallationState) -> None:
    """Keep what administrators decided; what waits for the hours of before is looked at again."""
    if await installation.keep(conn, told):
        await store.wake_held(conn)
