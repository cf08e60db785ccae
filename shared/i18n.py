"""Texts in people's languages: gettext catalogs, found by listing a folder; dates by CLDR, always with a 24 h clock."""

from __future__ import annotations

import gettext
import io
from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE_LANGUAGE = "sv"

_CLDR = {"en": "en_GB"}  # plain "en" is the American order of day and month
_AFTER_Z = str.maketrans("åäö", "{|}")
_DAY_PATTERN = {"sv": "EEEE d MMMM", "en": "EEEE d MMMM"}


class Language:
    """One language: its texts, its direction, and how it writes days and times."""

    def __init__(self, tag: str, texts: gettext.NullTranslations) -> None:
        self.tag = tag
        self._texts = texts

    @cached_property
    def locale(self) -> Locale:
        """The CLDR locale this language's dates and plurals come from."""
        return Locale.parse(_CLDR.get(self.tag, self.tag), sep="-" if "-" in self.tag else "_")

    @property
    def name(self) -> str:
        """The language's name in itself, as people look for it."""
        return (Locale.parse(self.tag).get_display_name() or self.tag).capitalize()

    @property
    def direction(self) -> str:
        """``ltr`` or ``rtl``."""
        return self.locale.text_direction

    def gettext(self, text: str) -> str:
        """Translate ``text``."""
        return self._texts.gettext(text)

    def ngettext(self, one: str, many: str, number: int) -> str:
        """Translate a text that depends on a number, by the language's own plural rules."""
        return self._texts.ngettext(one, many, number)

    def pgettext(self, context: str, text: str) -> str:
        """Translate a text that means something else elsewhere."""
        return self._texts.pgettext(context, text)

    def day(self, at: datetime | date, zone: ZoneInfo) -> str:
        """``tisdag 3 mars``, of a moment or of a local date."""
        local = at.astimezone(zone).date() if isinstance(at, datetime) else at
        return format_date(local, _DAY_PATTERN.get(self.tag, "EEEE d MMMM"), locale=self.locale)

    def time(self, at: datetime, zone: ZoneInfo) -> str:
        """``17.00``, as it is printed on Swedish posters."""
        return format_datetime(at.astimezone(zone), "HH.mm", tzinfo=zone, locale=self.locale)


class Catalogs:
    """The languages of one service: the folders below its ``locales``, each with one catalog or several."""

    def __init__(self, folder: Path) -> None:
        found = sorted({path.parent for path in folder.glob("*/*.po")})
        self._languages = {path.name: Language(path.name, _read(sorted(path.glob("*.po")))) for path in found}

    @property
    def tags(self) -> list[str]:
        """Every language there is, Swedish first."""
        return sorted(self._languages, key=lambda tag: (tag != SOURCE_LANGUAGE, tag))

    def __getitem__(self, tag: str) -> Language:
        """The language, or Swedish when we do not have it."""
        return self._languages.get(tag) or self._languages[SOURCE_LANGUAGE]

    def __contains__(self, tag: object) -> bool:
        return tag in self._languages


def _read(paths: list[Path]) -> gettext.GNUTranslations:
    """Compile catalogs in memory, as one: the readable files are the only ones there are."""
    first, *others = [_parsed(path) for path in paths]
    for other in others:
        for message in other:
            if message.id:
                first[message.id] = message
    compiled = io.BytesIO()
    write_mo(compiled, first)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _parsed(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def choose(texts: Mapping[str, str], tag: str) -> str:
    """The text in ``tag``, or in Swedish."""
    return texts.get(tag) or texts[SOURCE_LANGUAGE]


def swedish_order(text: str) -> str:
    """A sort key that puts å, ä and ö after z, where Swedish readers look for them."""
    return text.casefold().translate(_AFTER_Z)
