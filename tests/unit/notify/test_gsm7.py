"""What a text costs."""

import pytest

from services.notify.gsm7 import parts


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("", 1),
        ("å" * 160, 1),
        ("å" * 161, 2),
        ("å" * 306, 2),
        ("å" * 307, 3),
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 153, 3),  # 76 in a part: none of them straddles two
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("ş" * 134, 2),
        ("ş" * 135, 3),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 67, 3),
    ],
)
def test_parts(text: str, number: int) -> None:
    """Fails when joined parts are thought to hold as much as one alone, and when a pair may be torn apart."""
    assert parts(text) == number
