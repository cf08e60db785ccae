import pytest

from services.catalog.search import fold, is_language, sought, stem, words
from shared.i18n import swedish_order


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Läxhjälp", "laxhjalp"),
        ("SPRÅKCAFÉ", "sprakcafe"),
        ("Vällingby", "vallingby"),
        ("Straße", "strasse"),
        ("قِصَّة", "قصة"),
    ],
)
def test_case_and_accents_do_not_matter(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_a_query_is_its_words() -> None:
    assert words("  Språkcafé   KISTA ") == ["sprakcafe", "kista"]
    assert words(" ") == []


def test_swedish_letters_come_last_and_in_their_order() -> None:
    names = ["Örby", "Älvsjö", "Alvik", "Årsta", "Vällingby"]

    assert sorted(names, key=swedish_order) == ["Alvik", "Vällingby", "Årsta", "Älvsjö", "Örby"]


@pytest.mark.parametrize(
    ("tag", "known"),
    [("sv", True), ("ckb", True), ("prs", True), ("zh-Hant", True), ("sr-Latn", True), ("xx", False), ("xx-sv", False)],
)
def test_a_language_is_one_that_has_a_name(tag: str, known: bool) -> None:  # noqa: FBT001 - a row of the table
    assert is_language(tag) is known


def test_little_words_are_not_looked_for_unless_there_are_no_others() -> None:
    assert sought("Hjälp med mobilen på Kista") == ["hjalp", "mobilen", "kista"]
    assert sought("help with MY phone") == ["help", "phone"]
    assert sought("för att") == ["for", "att"]
    assert sought(" ") == []


@pytest.mark.parametrize(
    ("word", "begins"),
    [
        ("mobilen", "mobil"),
        ("utskrifter", "utskrift"),
        ("laxorna", "lax"),
        ("laxor", "lax"),
        ("phones", "phon"),
        ("printing", "print"),
        ("barn", "barn"),
        ("kista", "kista"),
        ("1177", "1177"),
    ],
)
def test_a_word_is_looked_for_without_its_ending(word: str, begins: str) -> None:
    assert stem(word) == begins


def test_a_query_of_very_many_words_is_one_of_a_few() -> None:
    """Fails when each word of a hundred, or the same one again, is looked for in every session."""
    assert sought("café " * 40) == ["cafe"]
    assert len(sought(" ".join(f"ord{number}" for number in range(40)))) == 8
