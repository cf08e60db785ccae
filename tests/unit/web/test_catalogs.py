"""The texts of the pages: each is in every catalog, and says what it has room for."""

import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

import services.web

WEB = Path(services.web.__file__).parent
TRANSLATED = sorted({path.parent.name for path in WEB.glob("locales/*/*.po")} - {"sv"})
_METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
_KEYWORDS = {"_": None, "ngettext": (1, 2), "msgid": None}

MessageId = str | tuple[str, ...]


def used() -> set[MessageId]:
    """Every text that a template or module shows."""
    options = {"templates/**.html": {"newstyle_gettext": "true"}}
    found = extract_from_dir(WEB, method_map=_METHODS, options_map=options, keywords=_KEYWORDS)
    return {message_id for _, _, message_id, _, _ in found}


def catalogs(tag: str) -> list[Catalog]:
    """The files of a language: one for what all pages share, one for each room of pages."""

    def read(path: Path) -> Catalog:
        with path.open("rb") as source:
            return read_po(source)

    return [read(path) for path in sorted((WEB / "locales" / tag).glob("*.po"))]


def texts(message: MessageId | list[str] | None) -> tuple[str, ...]:
    """The forms of a text: one, or one for each plural."""
    return (message,) if isinstance(message, str) else tuple(message or ("",))


def placeholders(text: str) -> set[str]:
    return set(re.findall(r"%\((\w+)\)s", text))


def messages(tag: str) -> list[Message]:
    return [message for catalog in catalogs(tag) for message in catalog if message.id]


@pytest.mark.parametrize("tag", TRANSLATED)
def test_every_text_of_the_pages_is_translated(tag: str) -> None:
    ready = {message.id for message in messages(tag) if all(texts(message.string)) and not message.fuzzy}

    assert used() - ready == set()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_no_translation_is_left_of_a_text_that_is_gone(tag: str) -> None:
    assert {message.id for message in messages(tag)} - used() == set()


@pytest.mark.parametrize("tag", TRANSLATED)
def test_a_text_is_translated_in_one_file_only(tag: str) -> None:
    """Fails when a text stands in two: one of its translations would never be seen."""
    found = [message.id for message in messages(tag)]

    assert [text for text in set(found) if found.count(text) > 1] == []


@pytest.mark.parametrize("tag", TRANSLATED)
def test_translations_have_the_same_placeholders(tag: str) -> None:
    for message in messages(tag):
        wanted = [placeholders(text) for text in texts(message.id)]
        for place, text in enumerate(texts(message.string)):
            # Only the form for one thing may leave the number out, and only where the Swedish text does.
            assert placeholders(text) in (wanted if place == 0 else wanted[-1:]), text


def test_swedish_is_in_the_code_and_not_twice() -> None:
    assert messages("sv") == []
