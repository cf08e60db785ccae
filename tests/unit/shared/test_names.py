"""What may stand in a name: messages say it to whoever is written to."""

import pytest

from shared.names import display_name


@pytest.mark.parametrize(
    "name",
    [
        "Ö",
        "Anna-Karin D'Arc",
        "D’Angelo",
        "Åsa K. af Ström jr.",
        "Sara 2",
        "Läraren i 7B",
        "محمد",
        "نور ٢",
        "ሰላም",
        "किरण",
        "கார்த்திக்",
        "Олександр Дем'яненко",
        "می\u200cترا",
        "x" * 60,
        "\u0958" * 30,
    ],
)
def test_names_of_all_people(name: str) -> None:
    """Fails when marks, joiners, digits of other scripts or a keyboard's apostrophe are taken for signs."""
    assert display_name(name).replace("\u0915\u093c", "\u0958") == name


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "12",
        ".",
        "x" * 61,
        "\u0958" * 60,  # twice as long in its composed form
        "a\x00b",
        "Vinn pengar på http://evil.example",
        "Vinn på evil.example",
        "evil。example",
        ".evil",
        "<b>x</b>",
        "Sara & Omar",
        "sara@example",
        "Anna 070-1740605",
        "Anna ٠٧٠١٧",
        "Sara ☺",
        "Ⅷ Sara",
    ],
)
def test_what_is_no_name(text: str) -> None:
    """Fails when a link, an address, a number or markup could be sent to a stranger in our name."""
    with pytest.raises(ValueError, match="name"):
        display_name(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        (" Anna \t Karin\n", "Anna Karin"),
        ("Sa\u202era", "Sara"),
        ("\u200fسارة\u200f", "سارة"),
        ("e\u0301" * 60, "é" * 60),
    ],
)
def test_a_name_as_it_was_meant(typed: str, meant: str) -> None:
    """Fails when marks of direction stay, which phones put in and which turn the text after them around."""
    assert display_name(typed) == meant
