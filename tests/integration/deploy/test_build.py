"""`plats build`, in a copy of the tree with the packages of this one."""

import asyncio
import json
import os
import shutil
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

from deploy.local import node
from deploy.local.processes import ROOT


class Ended(NamedTuple):
    """How a command ended, and what it said."""

    status: int
    output: str


class Copy:
    """A copy of what the build reads."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sheet = root / "services" / "web" / "styles" / "plats.css"
        self.built = root / "services" / "web" / "built"

    async def build(self) -> Ended:
        """Run the command."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "deploy", "build"),
            cwd=self.root,
            env=dict(os.environ) | {"PYTHONPATH": str(self.root)},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        return Ended(process.returncode or 0, output.decode())

    def served(self) -> str:
        """Under which name the style sheet is served."""
        name: str = json.loads((self.built / "manifest.json").read_text())["plats.css"]
        return name


@pytest.fixture
async def copy(tmp_path: Path) -> Copy:
    await node.ensure_modules()
    for folder in ("deploy", "shared", "services"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "built*"))
    shutil.copy(ROOT / "package-lock.json", tmp_path)
    (tmp_path / "node_modules").symlink_to(ROOT / "node_modules")
    return Copy(tmp_path)


async def test_it_builds_what_changed_and_two_at_once_take_turns(copy: Copy) -> None:
    """Fails when a change is missed, work is done again for nothing, or two write to one place."""
    assert [ended.status for ended in await asyncio.gather(copy.build(), copy.build())] == [0, 0]
    first, made = copy.served(), (copy.built / "manifest.json").stat().st_mtime_ns

    await copy.build()
    assert (copy.built / "manifest.json").stat().st_mtime_ns == made

    copy.sheet.write_text(copy.sheet.read_text() + "\n.new { color: red; }\n")
    (copy.root / "services" / "web" / "static" / "new.svg").write_text("<svg/>")
    await copy.build()
    assert copy.served() != first
    assert not (copy.built / first).exists()
    assert "new.svg" in (copy.built / "manifest.json").read_text()


async def test_a_mistake_in_a_style_sheet_is_told_with_its_place(copy: Copy) -> None:
    """Fails when a broken build replaces one that works, or counts as made."""
    await copy.build()
    before, good = copy.served(), copy.sheet.read_text()

    copy.sheet.write_text(f"{good}\n.a {{ color: red }}}}\n")
    broken = [await copy.build(), await copy.build()]
    copy.sheet.write_text(f"{good}\n.a {{ background: url(nowhere.svg) }}\n")
    missing = await copy.build()

    assert [ended.status for ended in (*broken, missing)] == [1, 1, 1]
    assert "plats.css:" in broken[0].output
    assert "url(nowhere.svg) in line" in missing.output
    assert copy.served() == before
