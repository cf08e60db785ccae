"""Two languages nobody translated, to see what becomes of the pages in others: a long one, and one from right to left.

They stand under the tags of real languages, whose plurals, dates and direction they have.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

import services.web

LONG = "de"
"""A language whose texts are 60 % longer than the Swedish ones, with words that cannot be broken."""
MIRRORED = "ar"
"""A language whose texts are the Swedish ones in Arabic letters."""

_LOCALES = Path(services.web.__file__).parent / "locales"
_PLACEHOLDER = re.compile(r"(%\(\w+\)s)")
_LATIN = "abcdefghijklmnopqrstuvwxyzåäöéü"
_ARABIC = "ابجدهفغحيكقلمنوثخرستعطظشزصضذةىئ"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _ARABIC + _ARABIC)
_LONGEST_WORD = 26


def write(folder: Path) -> None:
    """Write the catalogs of the pages into a folder, with the two languages beside the real ones."""
    shutil.copytree(_LOCALES, folder)
    texts = [message for path in sorted(_LOCALES.glob("en/*.po")) for message in _read(path) if message.id]
    for tag, told in ((LONG, lengthened), (MIRRORED, mirrored)):
        catalog = Catalog(locale=tag)
        for message in texts:
            catalog.add(message.id, _told(message, told, catalog.num_plurals), flags=message.flags)
        (folder / tag).mkdir()
        with (folder / tag / "all.po").open("wb") as file:
            write_po(file, catalog)


def lengthened(text: str) -> str:
    """A text that is 60 % longer, by words that are as long as German ones."""
    missing = max(2, round(len(text) * 0.6) - 2)
    filling = ["å" * min(_LONGEST_WORD, missing - at) for at in range(0, missing, _LONGEST_WORD)]
    return f"[{text} {' '.join(filling)}]"


def mirrored(text: str) -> str:
    """A text in Arabic letters; what is filled in stays where it was."""
    return "".join(
        part if _PLACEHOLDER.fullmatch(part) else part.translate(_LETTERS) for part in _PLACEHOLDER.split(text)
    )


def _told(message: Message, told: Callable[[str], str], plurals: int) -> str | tuple[str, ...]:
    if isinstance(message.id, str):
        return told(message.id)
    one, many = message.id
    return (told(one), *(told(many) for _ in range(plurals - 1)))


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)
