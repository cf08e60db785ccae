"""`plats doctor` on a whole Plats."""

import asyncio
import json
from pathlib import Path

import pytest

from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import ROOT, eventually


async def examined(data: Path, *options: str) -> tuple[int, str]:
    """Run the command; gives its exit code and all that it says."""
    process = await asyncio.create_subprocess_exec(
        ROOT / "plats", "doctor", "--data", data, *options,
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
    )  # fmt: skip
    out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


async def test_it_says_what_is_wrong_and_when_it_is_over(plats: Installation) -> None:
    """Fails when damage in a service's database is not seen, or the exit code does not tell.

    The damage is put right again: a session's seats that catalog shows, as no service would write them.
    """
    session = await plats.session()
    body = booking_body(session["id"], reach={"by": "sms", "phone": "070-174 06 90"})
    async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
        assert answer.status == 201

    async def told() -> bool:
        return bool(await plats.messages("+46701740690"))

    await eventually(told, within=30)
    shift = "UPDATE availability SET seats_left = seats_left + $2 WHERE session_id = $1"
    async with plats.database("catalog") as catalog:
        await catalog.execute(shift, session["id"], 1)
        try:
            code, text = await examined(plats.data)
        finally:
            await catalog.execute(shift, session["id"], -1)
    assert code == 1, text
    assert f"catalog has not what booking has of how full sessions are: {session['id']}." in text

    async def well() -> bool:
        nonlocal text
        code, text = await examined(plats.data, "--json")
        return code == 0 and bool(json.loads(text)["healthy"])

    try:
        await eventually(well, within=60)
    except TimeoutError:
        pytest.fail(text)


async def test_where_nothing_runs_it_says_so(tmp_path: Path) -> None:
    code, text = await examined(tmp_path / "nobody")
    assert code == 1
    assert "Nothing runs in" in text
