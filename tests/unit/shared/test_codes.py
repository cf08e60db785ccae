import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared import codes

CODE = "KR7FZD"


def test_new_codes_read_back_and_are_shown_in_two_halves() -> None:
    for _ in range(200):
        code = codes.new_code()
        assert codes.read(codes.shown(code)) == code
        assert codes.shown(code)[3] == "-"


@pytest.mark.parametrize(
    "typed", [codes.shown(CODE).lower(), CODE, f" {CODE[:2]} {CODE[2:]} ", f"{CODE[:3]}–{CODE[3:]}"]
)
def test_a_code_is_read_however_it_is_typed(typed: str) -> None:
    assert codes.read(typed) == CODE


@given(st.integers(0, codes.LENGTH - 1), st.sampled_from(codes.ALPHABET))
def test_one_mistyped_symbol_is_noticed(place: int, symbol: str) -> None:
    typed = CODE[:place] + symbol + CODE[place + 1 :]
    assert codes.read(typed) == (CODE if typed == CODE else None)


@pytest.mark.parametrize("typed", ["", "K7F", "K7F-4MQ-2", "O0I-1LU", "ÅÄÖ-ÅÄÖ"])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert codes.read(typed) is None


@pytest.mark.parametrize(
    ("proof", "name", "phone", "proven"),
    [
        ("0605", "Sara", "+46701740605", True),
        (" 06 05 ", "Sara", "+46701740605", True),
        ("٠٦٠٥", "Sara", "+46701740605", True),  # Arabic digits
        ("۰۶۰۵", "Sara", "+46701740605", True),  # Persian digits
        ("605", "Sara", "+46701740605", False),
        ("", "Sara", "+46701740605", False),
        ("Sa", "Sara", "+46701740605", False),
        ("070-174 06 05", "Sara", "+46701740605", True),
        ("+46701740604", "Sara", "+46701740605", False),
        ("\u1369\u136a\u136b\u136c", "Sara", "+46701740605", False),  # Ethiopic numerals, which are no decimals
        ("sa", "Sara", None, True),
        ("SA", "Sara", None, True),
        ("sara", "Sara", None, True),
        ("sarah", "Sara", None, False),
        ("s", "Sara", None, False),
        ("", "Sara", None, False),
        ("-", "Sara", None, False),
        ("نو", "نور", None, True),
        ("e\u0301l", "Élodie", None, True),
        ("x", "X", None, True),
        ("ak", "A Karlsson", None, True),
        ("a k", "A Karlsson", None, True),
        ("ib", "İbrahim", None, True),
        ("İb", "İbrahim", None, True),
        ("ob", "O'Brien", None, True),
        ("nd", "N’Diaye", None, True),
        ("عل", "\u200fعلي", None, True),
    ],
)
def test_what_proves_a_booking(proof: str, name: str, phone: str | None, *, proven: bool) -> None:
    """Whatever is sent is compared. Fails with TypeError when numerals that are no decimals count as digits."""
    assert codes.proves(proof, name=name, phone=phone) is proven


def test_names_are_the_same_whatever_their_case_and_spaces() -> None:
    assert codes.fold("  SARA   Ek ") == codes.fold("sara ek")


@pytest.mark.parametrize(
    ("name", "phone"),
    [("Sara", "+46701740605"), ("A Karlsson", None), ("İbrahim", None), ("O'Brien", None), ("Ö", None), ("ሰላም", None)],
)
def test_what_we_say_proves_a_booking_does(name: str, phone: str | None) -> None:
    assert codes.proves(codes.proof(name=name, phone=phone), name=name, phone=phone)
