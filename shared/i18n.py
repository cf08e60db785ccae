"""Texts in people's languages: gettext catalogs, found by listing a folder; dates by CLDR, always with a 24 h clock."""

from __future__ import annotations

import copy
import gettext
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TypeAlias
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime
from babel.messages.catalog import Catalog, Message
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

    @property
    def translations(self) -> gettext.NullTranslations:
        """Its texts."""
        return self._texts

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Text:
    """What a catalog says by one key."""

    key: str
    forms: tuple[str, ...]
    """One, or one for each plural form of the language in the catalog's order."""
    reviewed: bool
    """Whether somebody who speaks the language has signed it off; a machine's words have the flag ``unreviewed``."""


Own: TypeAlias = Mapping[str, Mapping[str, Sequence[str]]]
"""Words that are said instead of the catalogs', by language and key, one for each form."""


class Catalogs:
    """The languages of one service: the folders below its ``locales``, each with one catalog or several."""

    def __init__(self, folder: Path) -> None:
        found = sorted({path.parent for path in folder.glob("*/*.po")})
        self._sources = {path.name: _read(sorted(path.glob("*.po"))) for path in found}
        self._languages = {tag: Language(tag, _compiled(source)) for tag, source in self._sources.items()}

    def texts(self, tag: str) -> list[Text]:
        """Everything that a language's catalogs say, in their order."""
        return [_text(message) for message in self._sources[tag] if message.id]

    def saying(self, own: Own) -> Catalogs:
        """The same languages with some words of somebody's own; what no catalog says by that key is left out."""
        sources = {tag: _replaced(self._sources[tag], own[tag]) for tag in self.tags if own.get(tag)}
        other = self._with({tag: _compiled(source) for tag, source in sources.items()})
        other._sources = self._sources | sources  # noqa: SLF001 - one of us
        return other

    def noting(self, asked: set[str]) -> Catalogs:
        """The same languages, which note by its key each text that they are asked for."""
        return self._with({tag: _Noting(language.translations, asked) for tag, language in self._languages.items()})

    def _with(self, translations: Mapping[str, gettext.NullTranslations]) -> Catalogs:
        other = copy.copy(self)
        languages = {tag: Language(tag, texts) for tag, texts in translations.items()}
        other._languages = self._languages | languages  # noqa: SLF001 - one of us
        return other

    @property
    def tags(self) -> list[str]:
        """Every language there is, Swedish first."""
        return sorted(self._languages, key=lambda tag: (tag != SOURCE_LANGUAGE, tag))

    def __getitem__(self, tag: str) -> Language:
        """The language, or Swedish when we do not have it."""
        return self._languages.get(tag) or self._languages[SOURCE_LANGUAGE]

    def __contains__(self, tag: object) -> bool:
        return tag in self._languages


class _Noting(gettext.NullTranslations):
    """Texts of a language, each of which is noted when it is asked for."""

    def __init__(self, texts: gettext.NullTranslations, asked: set[str]) -> None:
        super().__init__()
        self._texts = texts
        self._asked = asked

    def gettext(self, message: str) -> str:
        self._asked.add(message)
        return self._texts.gettext(message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        self._asked.add(msgid1)
        return self._texts.ngettext(msgid1, msgid2, n)


def _read(paths: list[Path]) -> Catalog:
    """Read catalogs as one: the readable files are the only ones there are."""
    first, *others = [_parsed(path) for path in paths]
    for other in others:
        for message in other:
            if message.id:
                first[message.id] = message
    return first


def _compiled(catalog: Catalog) -> gettext.GNUTranslations:
    """Compile a catalog in memory."""
    compiled = io.BytesIO()
    write_mo(compiled, catalog)
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _replaced(catalog: Catalog, own: Mapping[str, Sequence[str]]) -> Catalog:
    """The catalog with other words by these keys."""
    other = copy.deepcopy(catalog)
    for message in other:
        if message.id and (forms := own.get(_text(message).key)):
            message.string = tuple(forms) if message.pluralizable else forms[0]
    return other


def _text(message: Message) -> Text:
    return Text(
        key=message.id if isinstance(message.id, str) else message.id[0],
        forms=(message.string,) if isinstance(message.string, str) else tuple(message.string or ()),
        reviewed="unreviewed" not in message.flags,
    )


def _parsed(path: Path) -> Catalog:
    with path.open("rb") as source:
        return read_po(source)


def choose(texts: Mapping[str, str], tag: str) -> str:
    """The text in ``tag``, or in Swedish."""
    return texts.get(tag) or texts[SOURCE_LANGUAGE]


def swedish_order(text: str) -> str:
    """A sort key that puts å, ä and ö after z, where Swedish readers look for them."""
    return text.casefold().translate(_AFTER_Z)
