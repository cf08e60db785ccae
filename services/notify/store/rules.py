from dataclasses import replace

from services.notify.domain import Policy
from shared import installation
from shared.db import Connection


async def decided(conn: Connection, usual: Policy) -> Policy:
    """What counts for messages now: as administrators decided, or else ``usual``."""
    found = await installation.decided(conn)
    if found is None:
        return usual
    rules = found.rules
    return replace(
        usual,
        hours=replace(usual.hours, window=rules.permitted_hours),
        sms_parts_a_day=rules.sms_parts_a_day,
        messages_a_day=rules.messages_to_number,
        offers_besides=rules.bookings_of_number,
    )


async def wake_held(conn: Connection) -> None:
    """Let what waits for permitted hours be routed at once: they may be others by now."""
    await conn.execute(
        """
        UPDATE message SET next_at = now(), due_at = now()
        WHERE state = 'pending' AND address IS NULL AND attempts = 0 AND due_at > now() + interval '1 minute'
        """
    )
