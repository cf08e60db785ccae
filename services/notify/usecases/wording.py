from collections.abc import Sequence
from typing import NamedTuple

from services.notify import store
from shared import audit
from shared.auth import Staff
from shared.db import Connection


class Text(NamedTuple):
    """Which text of which language."""

    language: str
    key: str


async def say(conn: Connection, by: Staff, text: Text, forms: Sequence[str] | None, revision: int | None) -> int | None:
    """Say these words instead of the catalog's from now on, or with None the catalog's again.

    Returns:
        None; or, where they were thought of from another revision than the present one, that one: nothing is changed.
    """
    present = await store.lock_words(conn, *text)
    if revision is not None and revision != present:
        return present
    if present or forms is not None:
        await store.put_words(conn, *text, forms)
        action = "text-changed" if forms is not None else "text-restored"
        await audit.note(conn, by, action, "text", f"{text.language}/{text.key}", branch=None)
    return None
