"""Programs from Debian's packages: what is installed is used; root installs; everybody else unpacks.

Unpacked packages live in a folder of the user's, by a path without spaces, and are used from there.
"""

import asyncio
import fcntl
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes import command
from deploy.local.trouble import Trouble

_POLICY = Path("/usr/sbin/policy-rc.d")
_STATUS = Path("/var/lib/dpkg/status")


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A Debian package, and the files that show that it and what it needs are there."""

    name: str
    shown_by: tuple[str, ...]


RABBITMQ = Package(name="rabbitmq-server", shown_by=("usr/lib/rabbitmq/bin/rabbitmq-server", "usr/bin/epmd"))
CHROMIUM = Package(name="chromium", shown_by=("usr/lib/chromium/chromium",))


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefix:
    """Where packages are: ``/``, or the folder they were unpacked to."""

    path: Path

    @property
    def unpacked(self) -> bool:
        """Whether they are not where their programs expect themselves."""
        return self.path != Path("/")

    def find(self, program: str) -> str:
        """The path of a program."""
        return str(self.path / "usr/bin" / program)

    def env(self) -> dict[str, str]:
        """The environment in which their programs find each other and their libraries."""
        usual = "/usr/sbin:/usr/bin:/sbin:/bin"
        if not self.unpacked:
            return {"PATH": usual}
        libraries = [str(found) for found in sorted((self.path / "usr/lib").glob("*-linux-*"))]
        own = ":".join(str(self.path / place) for place in ("usr/lib/erlang/bin", "usr/sbin", "usr/bin"))
        return {"PATH": f"{own}:{usual}", "LD_LIBRARY_PATH": ":".join(libraries)}


async def ensure(package: Package) -> Prefix:
    """Make a package's programs available.

    Raises:
        Trouble: that is not possible here; says what to do.
    """
    for prefix in (Prefix(path=Path("/")), Prefix(path=_cache() / package.name)):
        if _there(prefix.path, package):
            return prefix
    if shutil.which("apt-get") is None:
        raise Trouble(
            f"{package.name} is missing, and this machine has no apt-get to install it with. "
            f"Please install {package.name} by hand, or use Debian 12."
        )
    async with _alone(package) as log:
        if os.geteuid() == 0:
            await _install(package, log)
            return Prefix(path=Path("/"))
        return await _unpack(package, log)


def _there(root: Path, package: Package) -> bool:
    return all((root / file).exists() for file in package.shown_by)


def _cache() -> Path:
    """A folder of this user's without spaces in its path."""
    home = os.environ.get("XDG_CACHE_HOME") or (os.path.expanduser("~/.cache") if os.environ.get("HOME") else "")  # noqa: PTH111 - Path.expanduser raises where there is no home
    wanted = Path(home) / "plats" if home and " " not in home else None
    if wanted is None or not _writable(wanted):
        wanted = Path(tempfile.gettempdir()) / f"plats-cache-{os.getuid()}"
        wanted.mkdir(mode=0o700, exist_ok=True)
        if wanted.stat().st_uid != os.getuid():
            raise Trouble(f"{wanted} belongs to somebody else. Set XDG_CACHE_HOME to a folder of yours.")
    return wanted


def _writable(folder: Path) -> bool:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return False
    return os.access(folder, os.W_OK)


@asynccontextmanager
async def _alone(package: Package) -> AsyncIterator[Path]:
    """One at a time: a second start waits for the first one's packages. Gives the log."""
    cache = _cache()
    with (cache / f"{package.name}.lock").open("w") as lock:
        await asyncio.to_thread(fcntl.flock, lock, fcntl.LOCK_EX)
        yield cache / f"{package.name}.log"


async def _install(package: Package, log: Path) -> None:
    if _there(Path("/"), package):
        return
    env = dict(os.environ) | {"DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    what = f"Installing {package.name} with apt-get"
    await command("apt-get", "-q", "update", env=env, log=log, what="Asking for Debian's packages with apt-get update")
    with _no_services():
        install = ("apt-get", "-q", "-y", "-o", "DPkg::Lock::Timeout=300", "install", "--no-install-recommends")
        await command(*install, package.name, env=env, log=log, what=what)


@contextmanager
def _no_services() -> Iterator[None]:
    """Keep Debian from starting what it installs: we run our own."""
    if _POLICY.exists():
        yield
        return
    _POLICY.write_text("#!/bin/sh\nexit 101\n")
    _POLICY.chmod(0o755)
    try:
        yield
    finally:
        _POLICY.unlink()


async def _unpack(package: Package, log: Path) -> Prefix:
    """Download a package with all it needs that is not installed, and unpack it; all without being root."""
    root = _cache() / package.name
    if _there(root, package):
        return Prefix(path=root)
    making = root.with_name(f"{package.name}.making")
    shutil.rmtree(making, ignore_errors=True)
    apt = making / "apt"
    for folder in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (apt / folder).mkdir(parents=True)
    own = [f"Dir::State={apt / 'state'}", f"Dir::Cache={apt / 'cache'}", f"Dir::State::status={_STATUS}"]
    options = [part for option in own for part in ("-o", option)]
    env = dict(os.environ) | {"LC_ALL": "C.UTF-8"}
    what = f"Downloading {package.name} with apt-get"
    await command("apt-get", "-q", *options, "update", env=env, log=log, what=what)
    listed = making / "wanted"
    simulate = ("apt-get", "-q", *options, "-s", "--no-install-recommends", "install", package.name)
    await command(*simulate, env=env, log=listed, what=what)
    wanted = re.findall(r"^Inst (\S+)", listed.read_text(), re.MULTILINE)
    script = 'cd "$0" && exec apt-get -q "$@"'
    await command("sh", "-c", script, apt / "debs", *options, "download", *wanted, env=env, log=log, what=what)
    for deb in sorted((apt / "debs").glob("*.deb")):
        await command("dpkg", "-x", deb, apt / "root", env=env, log=log, what=f"Unpacking {deb.name}")
    (apt / "root").rename(root)
    shutil.rmtree(making)
    _settle(root)
    return Prefix(path=root)


def _settle(root: Path) -> None:
    """Tell Erlang where it lives now: its start script holds the path it was built for."""
    for script in (root / "usr/lib/erlang/bin/erl", *root.glob("usr/lib/erlang/erts-*/bin/erl")):
        if script.exists():
            script.write_text(script.read_text().replace("/usr/lib/erlang", str(root / "usr/lib/erlang")))


def chromium_command(prefix: Prefix) -> Path:
    """The browser's program; an unpacked one gets a start script that knows its libraries and fonts."""
    if not prefix.unpacked:
        return Path("/usr/bin/chromium")
    fonts = prefix.path / "fonts.conf"
    fonts.write_text(
        f"<fontconfig><dir>/usr/share/fonts</dir><dir>{prefix.path}/usr/share/fonts</dir>"
        f"<cachedir>{prefix.path}/fonts-cache</cachedir></fontconfig>\n"
    )
    script = prefix.path / "chromium"
    libraries = prefix.env()["LD_LIBRARY_PATH"]
    script.write_text(
        f"#!/bin/sh\nLD_LIBRARY_PATH={libraries} FONTCONFIG_FILE={fonts} "
        f'exec {prefix.path}/usr/lib/chromium/chromium "$@"\n'
    )
    script.chmod(0o755)
    return script
