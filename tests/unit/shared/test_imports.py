"""What import-linter cannot say: a domain knows nothing but Python itself and itself."""

import ast
import sys
from pathlib import Path

import pytest

SERVICES = Path(__file__).parents[3] / "services"
PURE = ("shared.hours", "shared.names")
"""What rules of several services stand on, and so no less pure than they are (docs/decisions/0013)."""
DOMAINS = sorted(path for path in SERVICES.rglob("*.py") if "domain" in path.relative_to(SERVICES).as_posix())


def imported(source: str) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def foreign(source: str, *own: str) -> set[str]:
    return {
        name
        for name in imported(source)
        if name.split(".")[0] not in sys.stdlib_module_names and not name.startswith(own)
    }


@pytest.mark.parametrize("path", DOMAINS, ids=lambda path: path.parent.name)
def test_a_domain_imports_the_standard_library_only(path: Path) -> None:
    service = path.relative_to(SERVICES).parts[0]
    assert foreign(path.read_text(), f"services.{service}.domain", *PURE) == set()


@pytest.mark.parametrize("module", PURE)
def test_what_domains_share_imports_the_standard_library_only(module: str) -> None:
    path = SERVICES.parent / f"{module.replace('.', '/')}.py"
    assert foreign(path.read_text()) == set()


def test_the_rule_sees_a_foreign_import() -> None:
    assert foreign("import json\nfrom shared.db import Database\n", "services.x.domain") == {"shared.db"}
