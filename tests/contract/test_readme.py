"""README is what a newcomer believes: its map, its paths and its commands must be true."""

import re
import tomllib
from pathlib import Path

import pytest

from deploy.cli import COMMANDS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
CONTRACTS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]


def layers(name: str) -> list[set[str]]:
    """The layers of an import rule, from the top; optional ones left out."""
    [contract] = [contract for contract in CONTRACTS if contract["name"].startswith(name)]
    found = [set(re.sub(r"\(\w+\)", "", layer).replace("|", " ").split()) for layer in contract["layers"]]
    return [layer - {"__main__"} for layer in found if layer - {"__main__"}]


def arrows(start: str) -> list[set[str]]:
    """A chain of names in README, ``a`` → ``b``, ``c``, beginning with ``start``."""
    [chain] = re.findall(rf"`{start}` →[^.;:]*", README)
    return [set(re.findall(r"`(\w+)`", step)) for step in chain.split("→")]


def test_the_drawn_order_of_folders_is_the_rule() -> None:
    assert arrows("deploy") == layers("What is shared")


def test_the_drawn_order_inside_a_service_is_the_rule() -> None:
    assert arrows("app") == layers("Inside a service")


PATHS = sorted(
    set(re.findall(r"`((?:services|shared|deploy|tests|docs)/[\w./-]+|pyproject\.toml|CONTRIBUTING\.md)`", README))
)


@pytest.mark.parametrize("path", PATHS)
def test_every_place_that_readme_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_readme_names_enough_places_for_this_to_mean_something() -> None:
    assert len(PATHS) > 10


def test_every_command_that_readme_names_exists() -> None:
    named = set(re.findall(r"\./plats (\w+)", README))
    assert {"up", "test"} <= named <= set(COMMANDS)


FAULTS = (ROOT / "docs" / "faults.md").read_text()


def test_every_test_that_the_table_of_faults_names_exists() -> None:
    named = set(re.findall(r"`(test_\w+)`", FAULTS))
    there = {
        name for path in (ROOT / "tests").rglob("test_*.py") for name in re.findall(r"def (test_\w+)", path.read_text())
    }
    assert len(named) > 50
    assert not named - there
