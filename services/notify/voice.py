"""The words that people are told in: the catalogs', and over them what administrators wrote."""

import asyncio
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from services.notify import store, wording
from services.notify.render import CATALOGS
from services.notify.store import OwnWords
from shared.db import AWAY, Database
from shared.i18n import Catalogs
from shared.logs import get_logger

log = get_logger()

_FRESH = 1.0
"""Seconds for which words are not asked for again: so long after a change the old ones may still be said."""


class Voice:
    """What this process says, in each language."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._asking = asyncio.Lock()
        self._asked: float | None = None
        self._own: Sequence[OwnWords] = ()
        self._catalogs = CATALOGS
        self._examples: dict[str, Mapping[str, wording.Example]] = {}

    async def catalogs(self) -> Catalogs:
        """The words of now. Where the database is away those of before are said, or the catalogs'."""
        async with self._asking:
            if self._asked is None or time.monotonic() - self._asked > _FRESH:
                await self._ask()
        return self._catalogs

    def expire(self) -> None:
        """Ask anew at once: somebody has just changed something here."""
        self._asked = None

    async def examples(self, language: str, zone: ZoneInfo) -> Mapping[str, wording.Example]:
        """Every text of a language in a message that holds it; made once for the words of now, which takes a second."""
        catalogs = await self.catalogs()
        if language not in self._examples:
            made = await asyncio.to_thread(wording.examples, language, zone, catalogs)
            if catalogs is not self._catalogs:
                return made
            self._examples[language] = made
        return self._examples[language]

    async def _ask(self) -> None:
        try:
            own = await self._database.transact(store.own_words)
        except AWAY as error:
            log.warning("own_words_away", reason=type(error).__name__)
            return
        self._asked = time.monotonic()
        if own != self._own:
            self._own, self._catalogs = own, spoken(own)
            self._examples = {}


def spoken(own: Sequence[OwnWords]) -> Catalogs:
    """The catalogs with somebody's own words; those that do not fit this version's texts any more are not said."""
    said = defaultdict[str, dict[str, Sequence[str]]](dict)
    for words in own:
        if words.forms is None:
            continue
        if wording.still_fits(words.language, words.key, words.forms):
            said[words.language][words.key] = words.forms
        else:
            log.warning("own_words_outdated", language=words.language, text=words.key)
    return CATALOGS.saying(said)
