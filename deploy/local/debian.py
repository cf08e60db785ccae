"""Programs from Debian's packages: what is installed is used; else they are downloaded and unpacked.

Unpacked packages live in a folder of the user's, by a path without spaces, and are used from there. Root does
the same: the machine stays as it was, and no service of Debian's starts, now or when it is next switched on.
"""

import os
import re
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from deploy.local.processes import alone, command
from deploy.local.trouble import Trouble

_STATUS = Path("/var/lib/dpkg/status")


@dataclass(frozen=True, kw_only=True, slots=True)
class Package:
    """A Debian package, and the file that shows that it is there."""

    name: str
    shown_by: str


RABBITMQ = Package(name="rabbitmq-server", shown_by="usr/lib/rabbitmq/bin/rabbitmq-server")
CHROMIUM = Package(name="chromium", shown_by="usr/lib/chromium/chromium")


@dataclass(frozen=True, kw_only=True, slots=True)
class Prefix:
    """Where packages are: ``/``, or the folder they were unpacked to."""

    path: Path

    @property
    def unpacked(self) -> bool:
        """Whether they are not where their programs expect themselves."""
        return self.path != Path("/")

    def find(self, program: str) -> str:
        """The path of a program: its own, or the machine's where a part of what is needed was installed."""
        return shutil.which(program, path=self.env()["PATH"]) or program

    def env(self) -> dict[str, str]:
        """The environment in which their programs find each other and their libraries."""
        usual = "/usr/sbin:/usr/bin:/sbin:/bin"
        if not self.unpacked:
            return {"PATH": usual}
        files = (file for top in ("usr/lib", "lib") for file in (self.path / top).glob("*-linux-*/**/*.so*"))
        libraries = sorted({str(file.parent) for file in files})  # some are found by a path from / only
        own = ":".join(str(self.path / place) for place in ("usr/lib/erlang/bin", "usr/sbin", "usr/bin"))
        erlang = str(self.path / "usr/lib/erlang/lib")
        return {"PATH": f"{own}:{usual}", "LD_LIBRARY_PATH": ":".join(libraries), "ERL_LIBS": erlang}


async def ensure(package: Package) -> Prefix:
    """Make a package's programs available.

    Raises:
        Trouble: that is not possible here; says what to do.
    """
    for prefix in (Prefix(path=Path("/")), Prefix(path=cache() / package.name)):
        if _there(prefix.path, package):
            return prefix
    if shutil.which("apt-get") is None:
        raise Trouble(
            f"{package.name} is missing, and this machine has no apt-get to install it with. "
            f"Please install {package.name} by hand, or use Debian 12."
        )
    folder = cache()
    async with alone(folder / f"{package.name}.lock"):
        return await _unpack(package, folder)


def _there(root: Path, package: Package) -> bool:
    return (root / package.shown_by).exists()


def cache() -> Path:
    """A folder of this user's without spaces in its path.

    Raises:
        Trouble: there is none.
    """
    home = os.environ.get("HOME")
    parent = os.environ.get("XDG_CACHE_HOME") or (f"{home}/.cache" if home else "")
    wanted = Path(parent, "plats")
    if parent.startswith("/") and " " not in parent and _writable(wanted):
        return wanted
    wanted = Path(tempfile.gettempdir(), f"plats-cache-{os.getuid()}")
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


async def _unpack(package: Package, folder: Path) -> Prefix:
    """Download a package with all it needs that is not installed, and unpack it into its place, whole."""
    home, making = folder / package.name, folder / f"{package.name}.making"
    if _there(home, package):
        return Prefix(path=home)
    shutil.rmtree(making, ignore_errors=True)
    for part in ("state/lists/partial", "cache/archives/partial", "debs", "root"):
        (making / part).mkdir(parents=True)
    log, env = folder / f"{package.name}.log", dict(os.environ) | {"LC_ALL": "C.UTF-8"}
    log.unlink(missing_ok=True)
    own = {
        "Dir::State": making / "state",
        "Dir::State::status": _STATUS,
        "Dir::Cache": making / "cache",
        "APT::Sandbox::User": "root",
        "APT::Install-Recommends": "false",
    }
    apt = ("apt-get", "-q", *(part for name, value in own.items() for part in ("-o", f"{name}={value}")))
    what = f"Downloading {package.name} with apt-get"
    await command(*apt, "update", env=env, log=log, what=what)
    plan = making / "plan"
    into_file = ("sh", "-c", 'exec "$@" >"$0"', plan)
    await command(*into_file, *apt, "--simulate", "install", package.name, env=env, log=log, what=what)
    wanted = re.findall(r"^Inst (\S+)", plan.read_text(), re.MULTILINE)
    in_folder = ("sh", "-c", 'cd "$0" && exec "$@"', making / "debs")
    await command(*in_folder, *apt, "download", *wanted, env=env, log=log, what=what)
    for deb in sorted((making / "debs").glob("*.deb")):
        await command("dpkg", "-x", deb, making / "root", env=env, log=log, what=f"Unpacking {deb.name}")
    _settle(making / "root", home)
    shutil.rmtree(home, ignore_errors=True)
    (making / "root").rename(home)
    shutil.rmtree(making)
    return Prefix(path=home)


def _settle(root: Path, home: Path) -> None:
    """Tell Erlang where it is going to live: its start script holds the path it was built for."""
    for script in (root / "usr/lib/erlang/bin/erl", *root.glob("usr/lib/erlang/erts-*/bin/erl")):
        if script.exists():
            script.write_text(script.read_text().replace("/usr/lib/erlang", str(home / "usr/lib/erlang")))


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
