"""`plats test`: lint, types, import rules and every test, with what they need set up first."""

import asyncio
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from deploy.local import debian, node
from deploy.local.processes import ROOT


class Check(NamedTuple):
    """A check and its command line."""

    name: str
    argv: tuple[str, ...]


def _tool(name: str) -> str:
    return str(Path(sys.executable).parent / name)


STATIC = (
    Check("lint", (_tool("ruff"), "check", "--quiet", ".")),
    Check("format", (_tool("ruff"), "format", "--check", "--quiet", ".")),
    Check("types", (_tool("mypy"),)),
    Check("imports", (_tool("lint-imports"), "--no-logo")),
)

FAST = ("tests/unit", "tests/contract")

AT_ONCE = ("--numprocesses", str(min((os.cpu_count() or 1) + 1, 4)), "--dist", "loadfile", "--no-loadscope-reorder")
"""Tests wait more than they count: one more at once than there are processors, each with servers of its own.

In the order of the folders, so that browser and faults, which take longest, come first and none is left for the end.
"""


async def run(*, fast: bool, pytest_arguments: Sequence[str]) -> int:
    """Run all checks, whatever fails, and sum up; 0 when all is well.

    Raises:
        Trouble: what the tests need cannot be had here.
    """
    env = dict(os.environ) | {"PYTHONPATH": str(ROOT)}
    await node.ensure_built()
    if not fast:
        env |= await _set_up()
    checking = asyncio.gather(*(_quietly(check, env) for check in STATIC))
    results = [] if fast else await checking  # one thing at a time on a small machine, unless it is quick
    pytest = (sys.executable, "-m", "pytest", *(FAST if fast else AT_ONCE), *pytest_arguments)
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(*pytest, cwd=ROOT, env=env)
    failed = await process.wait()
    results = results or await checking
    results.append(("tests", failed == 0, time.monotonic() - began))
    for name, well, seconds in results:
        print(f"  {name:<8} {'ok' if well else 'FAILED':<7} {seconds:6.1f} s")
    return int(not all(well for _, well, _ in results))


async def _set_up() -> dict[str, str]:
    """What tests with servers need beside Python: the broker's and the browser's packages, and Node.

    Playwright is given our Node, since its own needs a library that a bare Debian lacks.
    """
    print("Setting up what the tests need ...", flush=True)
    await debian.ensure(debian.RABBITMQ)
    chromium = debian.chromium_command(await debian.ensure(debian.CHROMIUM))
    return {"PLATS_TEST_CHROMIUM": str(chromium), "PLAYWRIGHT_NODEJS_PATH": str(node.node())}


async def _quietly(check: Check, env: dict[str, str]) -> tuple[str, bool, float]:
    """Run a check and show its output only when it failed."""
    began = time.monotonic()
    process = await asyncio.create_subprocess_exec(
        *check.argv, cwd=ROOT, env=env, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    output, _ = await process.communicate()
    if process.returncode:
        print(f"--- {check.name}\n{output.decode(errors='replace')}", flush=True)
    return check.name, process.returncode == 0, time.monotonic() - began
