"""What is noted in an audit has words for people."""

import ast
from collections.abc import Iterator
from pathlib import Path

import services
from services.web.staff.deeds import DEEDS, KINDS

ROOT = Path(services.__file__).parents[1]
_ACTION, _KIND = 2, 3
"""Where they stand among what ``audit.note`` is given."""


def noted() -> Iterator[tuple[str, str]]:
    """What is noted anywhere with its words written out."""
    for path in (*ROOT.glob("services/**/*.py"), *ROOT.glob("shared/*.py"), *ROOT.glob("deploy/*.py")):
        for call in ast.walk(ast.parse(path.read_text())):
            if isinstance(call, ast.Call) and getattr(call.func, "attr", "") in {"note", "note_hourly"}:
                given = [one.value if isinstance(one, ast.Constant) else None for one in call.args]
                action, kind = (*given[_ACTION : _KIND + 1], None, None)[:2]
                if isinstance(action, str) and isinstance(kind, str):
                    yield action, kind


def test_what_is_noted_has_words() -> None:
    """Fails when somebody notes a new thing and tells nobody what it is called."""
    found = set(noted())
    assert len(found) > 10, "we still know how notes are made"
    assert found - DEEDS.keys() == set()


def test_what_it_was_done_to_has_a_name() -> None:
    assert {kind for _, kind in DEEDS} - KINDS.keys() == set()
