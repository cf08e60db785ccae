import pytest

from services.catalog.search import fold, swedish_order, words


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
