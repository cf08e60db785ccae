"""A whole Plats as a person starts it: ``./plats up``, with its servers, services and outside world."""

import asyncio
import contextlib
import json
import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import aiohttp
import asyncpg

from tests.support.servers import ROOT, eventually, free_port

START_WITHIN = 240
"""Seconds: what a first start on a bare machine may take."""


class Installation:
    """What `run.json` tells, and what tests do with it."""

    def __init__(self, data: Path, http: aiohttp.ClientSession, supervisor: int) -> None:
        self.data = data
        self.http = http
        self.supervisor = supervisor
        self._tokens = dict[tuple[str, ...], dict[str, str]]()

    @property
    def info(self) -> dict[str, Any]:
        """run.json as it is now; empty while there is none."""
        try:
            found: dict[str, Any] = json.loads((self.data / "run.json").read_text())
        except (FileNotFoundError, json.JSONDecodeError):
            return {}
        return found

    def url(self, service: str) -> str:
        """Where a service listens."""
        return str(self.info[service])

    async def ready(self) -> bool:
        """Whether everything runs."""
        return bool(self.info.get("ready"))

    def kill(self, name: str) -> int:
        """Kill a process as the power would; gives the pid that is gone."""
        pid = int(self.info["pids"][name])
        os.kill(pid, signal.SIGKILL)
        return pid

    async def restarted(self, name: str, was: int) -> None:
        """Until the supervisor has it running again and all is ready."""

        async def again() -> bool:
            info = self.info
            return bool(info.get("ready")) and info["pids"].get(name, was) != was

        await eventually(again, within=60)

    async def token(self, *arguments: str) -> dict[str, str]:
        """The Authorization header for staff, as `./plats token` gives it, which lasts a working day."""
        if arguments not in self._tokens:
            self._tokens[arguments] = await self._new_token(*arguments)
        return self._tokens[arguments]

    async def _new_token(self, *arguments: str) -> dict[str, str]:
        process = await asyncio.create_subprocess_exec(
            ROOT / "plats", "token", "--data", self.data, *arguments, stdout=asyncio.subprocess.PIPE
        )
        out, _ = await process.communicate()
        assert process.returncode == 0
        return {"Authorization": f"Bearer {out.decode().strip()}"}

    async def messages(self, to: str) -> list[dict[str, Any]]:
        """What arrived at a phone or mailbox, newest first."""
        async with self.http.get(f"{self.url('phonebox')}/api/messages", params={"to": to}) as answer:
            found: list[dict[str, Any]] = (await answer.json())["items"]
            return found

    async def message(self, to: str, *, containing: str = "", within: float = 15) -> dict[str, Any]:
        """The newest message to somebody, once one with this text is there."""

        async def arrived() -> dict[str, Any] | None:
            return next((message for message in await self.messages(to) if containing in message["text"]), None)

        return await eventually(arrived, within=within)

    async def session(self, **changes: object) -> dict[str, Any]:
        """A new session at Kista, which visitors can book."""
        headers = await self.token("--role", "admin")
        async with self.http.get(f"{self.url('catalog')}/v1/activities") as answer:
            activities = (await answer.json())["items"]
        starts_at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=4)
        body = {
            "activity_id": next(found["id"] for found in activities if found["kind"] == "language_cafe"),
            "branch_id": "kista",
            "starts_at": starts_at.isoformat(),
            "ends_at": (starts_at + timedelta(minutes=90)).isoformat(),
            "capacity": 15,
            "mode": "booking",
        }
        catalog = self.url("catalog")
        async with self.http.post(f"{catalog}/v1/sessions", json=body | changes, headers=headers) as answer:
            assert answer.status == 201, await answer.text()
            made: dict[str, Any] = await answer.json()

        async def bookable() -> dict[str, Any] | None:
            shown = await self.shown(made["id"])
            return shown if shown["bookable"] else None

        return await eventually(bookable)

    async def shown(self, session_id: str) -> dict[str, Any]:
        """A session as the public catalog shows it."""
        async with self.http.get(f"{self.url('catalog')}/v1/sessions/{session_id}") as answer:
            assert answer.status == 200, await answer.text()
            found: dict[str, Any] = await answer.json()
            return found

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
        """A look into a service's database."""
        parts = urlsplit(self.info["postgres"])
        conn = await asyncpg.connect(urlunsplit(parts._replace(path=f"/plats_{service}")))
        try:
            yield conn
        finally:
            await conn.close()


@asynccontextmanager
async def installation(data: Path, *arguments: str, env: dict[str, str] | None = None) -> AsyncIterator[Installation]:
    """Start Plats in a folder of its own, and stop it as Ctrl-C does."""
    data.mkdir(parents=True, exist_ok=True)
    with (data / "up.log").open("w") as log:
        process = await asyncio.create_subprocess_exec(
            ROOT / "plats", "up", "--data", data, "--port-base", str(free_port()), *arguments,
            stdout=log, stderr=log, stdin=asyncio.subprocess.DEVNULL, start_new_session=True,
            env=dict(os.environ) | (env or {}),
        )  # fmt: skip
        try:
            async with aiohttp.ClientSession() as http:
                made = Installation(data, http, process.pid)

                async def up() -> bool:
                    assert process.returncode is None, (data / "up.log").read_text()
                    return await made.ready()

                await eventually(up, within=START_WITHIN)
                yield made
        finally:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            await asyncio.wait_for(process.wait(), timeout=60)
