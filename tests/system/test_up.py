"""`./plats up` and its sisters, as a person uses them."""

import asyncio
import os
import re
import signal
import stat
from pathlib import Path

import pytest

from tests.support.installation import Installation, installation
from tests.support.samples import E164, PHONE, booking_body
from tests.support.servers import ROOT, eventually


async def run(*arguments: str | Path, env: dict[str, str] | None = None) -> tuple[int, str]:
    """Run `./plats` to its end; gives its exit code and all it said."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "plats",
        *arguments,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        env=dict(os.environ) | (env or {}),
    )
    output, _ = await process.communicate()
    return process.returncode or 0, output.decode()


def processes_of(data: Path) -> list[str]:
    """Every process that has this folder in its command line or environment."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            told = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
        except OSError:
            continue
        if str(data).encode() in told:
            found.append((process / "cmdline").read_bytes().decode().replace("\0", " "))
    return found


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and waits to be cleared away has no command line."""
    try:
        return bool(Path(f"/proc/{pid}/cmdline").read_bytes())
    except FileNotFoundError:
        return False


async def test_what_runs_is_told_in_run_json(plats: Installation) -> None:
    info = plats.info
    assert info["ready"] is True
    assert set(info["pids"]) == {
        "postgres", "epmd", "rabbitmq", "identity", "phonebox", "web", "catalog", "booking", "notify", "volunteers",
    }  # fmt: skip
    for service in ("web", "catalog", "booking", "notify", "volunteers", "identity", "phonebox"):
        async with plats.http.get(f"{info[service]}/health/ready") as answer:
            assert answer.status == 200
    assert stat.S_IMODE((plats.data / "run.json").stat().st_mode) == 0o600, "it holds passwords"
    assert stat.S_IMODE((plats.data / "keys.json").stat().st_mode) == 0o600


async def test_the_example_programme_is_there(plats: Installation) -> None:
    async with plats.http.get(f"{plats.url('catalog')}/v1/sessions") as answer:
        items = (await answer.json())["items"]
    assert len(items) >= 12
    assert len({item["kind"] for item in items}) >= 4


async def test_a_second_start_in_the_same_folder_says_where_the_first_one_is(plats: Installation) -> None:
    code, output = await run("up", "--data", plats.data)
    assert code == 1
    assert "already runs" in output
    assert plats.url("web") in output
    assert (await plats.ready()) is True


async def test_commands_say_plainly_when_nothing_runs(tmp_path: Path) -> None:
    for command in (("token", "--role", "admin"), ("topology", "verify"), ("migrate",), ("seed",)):
        code, output = await run(*command, "--data", tmp_path)
        assert code == 1
        assert "Nothing runs in" in output
        assert "Traceback" not in output


@pytest.mark.parametrize(
    ("arguments", "env", "says"),
    [
        (("--quiet", "late"), {}, "Write quiet hours like"),
        (("--data", "/proc/plats"), {}, "cannot be used"),
        ((), {"PLATS_POSTGRES": "postgresql://nobody@127.0.0.1:9/none"}, "no PostgreSQL answers"),
        ((), {"PLATS_RABBITMQ": "amqp://nobody@127.0.0.1:9/"}, "no RabbitMQ answers"),
    ],
)
async def test_what_cannot_work_is_said_plainly(
    tmp_path: Path, arguments: tuple[str, ...], env: dict[str, str], says: str
) -> None:
    data = () if "--data" in arguments else ("--data", tmp_path)
    code, output = await run("up", *data, "--port-base", "27000", *arguments, env=env)
    assert code == 1
    assert says in output
    assert "Traceback" not in output
    assert processes_of(tmp_path) == []


async def test_topology_migrate_and_seed_on_a_running_installation(plats: Installation) -> None:
    for command in (("topology", "verify"), ("topology", "apply"), ("migrate",), ("seed",)):
        code, output = await run(*command, "--data", plats.data)
        assert code == 0, output


async def test_a_second_copy_on_given_servers_leaves_nothing_behind_but_them(
    plats: Installation, tmp_path: Path
) -> None:
    """Side by side, on the first one's PostgreSQL and a broker of its own; data survives a restart."""
    data = tmp_path / "second copy"
    database = plats.info["postgres"].replace("/postgres", "/second")
    async with plats.database("booking") as conn:
        await conn.execute("CREATE DATABASE second")
    env = {"PLATS_POSTGRES": database}
    async with installation(data, "--no-demo", env=env) as second:
        assert "postgres" not in second.info["pids"]
        async with second.http.get(f"{second.url('catalog')}/v1/sessions") as answer:
            assert (await answer.json())["items"] == []
        code, _ = await run("seed", "--data", data)
        assert code == 0
        async with second.http.get(f"{second.url('catalog')}/v1/sessions") as answer:
            kept = len((await answer.json())["items"])
    assert processes_of(data) == []
    assert not (data / "run.json").exists()
    assert await plats.ready()
    async with (
        installation(data, "--no-demo", env=env) as again,
        again.http.get(f"{again.url('catalog')}/v1/sessions") as answer,
    ):
        assert len((await answer.json())["items"]) == kept > 0


async def test_a_killed_supervisor_takes_everything_along(tmp_path: Path) -> None:
    """Parent-death signals end what it ran; the next start waits for that, and for nothing else."""
    data = tmp_path / "killed"
    async with installation(data, "--no-demo") as plats:
        old = plats.info["pids"]
        os.kill(plats.supervisor, signal.SIGKILL)
        code, output = await run("token", "--role", "admin", "--data", data)
        assert (code, "Nothing runs in" in output) == (1, True), "run.json is that of a dead one"
        async with installation(data, "--no-demo") as again:

            async def anew() -> bool:
                return await again.ready() and again.info["pids"] != old

            await eventually(anew, within=60)
            assert not [name for name, pid in old.items() if is_alive(pid)]
    assert processes_of(data) == []


async def test_what_cannot_be_started_again_now_is_started_when_it_can(plats: Installation) -> None:
    """No place for its log, as on a full disk. Fails when the watch ends with the first error."""
    logs, aside = plats.data / "logs", plats.data / "logs-aside"
    logs.rename(aside)
    logs.touch()
    try:
        was = plats.kill("web")
        said = plats.data / "up.log"

        async def complained() -> bool:
            return "web cannot be started" in said.read_text()

        await eventually(complained)
    finally:
        logs.unlink()
        aside.rename(logs)
    await plats.restarted("web", was)


async def test_no_log_names_a_person(plats: Installation) -> None:
    """After a booking and its messages: no number, address, name or code in any log of any process."""
    session = await plats.session()
    body = booking_body(session["id"], name="Zebedeus Testare", reach={"by": "sms", "phone": PHONE})
    async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
        code = (await answer.json())["code"]
    await plats.message(E164, containing=code)
    body["reach"] = {"by": "email", "email": "zebedeus@example.org"}
    async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
        assert answer.status == 201
    await plats.message("zebedeus@example.org")
    secret = re.compile(rf"Zebedeus|zebedeus|0?701740605|{code}|{code.replace('-', '')}")
    logs = [*plats.data.rglob("*.log")]
    assert len(logs) >= 8
    assert [log.name for log in logs if secret.search(log.read_text(errors="replace"))] == []
