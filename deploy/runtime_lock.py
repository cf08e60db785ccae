"""The part of requirements.lock that a stage of the image needs: for a service without what trying out and tests add.

The lock says beside each package who asked for it (``# via``); who is asked for by something that the services need is
needed too. What this leaves out by mistake pip refuses to install without, as it checks hashes. Standard library only:
``python3 deploy/runtime_lock.py pyproject.toml requirements.lock`` for the services, with names of packages behind for
those alone.
"""

import re
import sys
import tomllib
from collections.abc import Iterable
from pathlib import Path

_ENTRY = re.compile(r"^(?=\S+==)", re.MULTILINE)
_NAME = re.compile(r"[\w.-]+")
_VIA = re.compile(r"^    # +(?:via +)?([\w.-]+)", re.MULTILINE)


def dependencies(pyproject: str) -> set[str]:
    """The packages that the services themselves name."""
    listed: list[str] = tomllib.loads(pyproject)["project"]["dependencies"]
    return set(_names(listed))


def _names(texts: Iterable[str]) -> Iterable[str]:
    for text in texts:
        if found := _NAME.match(text):
            yield found[0]


def runtime(lock: str, needed: set[str]) -> str:
    """The entries for ``needed`` packages and for all that these need, as they stand in the lock.

    Raises:
        LookupError: one of them is not in the lock.
    """
    entries = {name: entry for entry in _ENTRY.split(lock)[1:] for name in _names([entry])}
    if missing := needed - entries.keys():
        raise LookupError(f"the lock is older than pyproject.toml, it lacks {', '.join(sorted(missing))}")
    asked_for_by = {name: set(_VIA.findall(entry)) for name, entry in entries.items()}
    wanted = set(needed)
    while more := {name for name, askers in asked_for_by.items() if askers & wanted} - wanted:
        wanted |= more
    return "".join(entry for name, entry in entries.items() if name in wanted)


if __name__ == "__main__":
    project, whole = (Path(name).read_text() for name in sys.argv[1:3])
    sys.stdout.write(runtime(whole, set(sys.argv[3:]) or dependencies(project)))
