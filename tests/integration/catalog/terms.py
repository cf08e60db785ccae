"""Making a series and changing it, through the edge."""

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.integration.catalog.conftest import KISTA, Catalog, Json, soon

STOCKHOLM = ZoneInfo("Europe/Stockholm")
FIRST = soon(20).date()
"""Far enough ahead that a start moved by some days is not in the past."""


def body(**values: object) -> Json:
    """Four weekly dates that nothing falls away from."""
    skip = {"closures": False, "red_days": False}
    return {
        "branch_id": "kista",
        "first": FIRST.isoformat(),
        "time": "17:00",
        "rule": "FREQ=WEEKLY;COUNT=4",
        "skip": skip,
        **values,
    }


async def series(catalog: Catalog, by: tuple[str, ...] = KISTA, **values: object) -> Json:
    activity = values.pop("activity_id", None) or await catalog.activity()
    status, made = await catalog.send("POST", f"/v1/activities/{activity}/series", body(**values), by=by)
    assert status == 201, made
    return made


def local(session: Json) -> datetime:
    return datetime.fromisoformat(session["starts_at"]).astimezone(STOCKHOLM)


async def patch(catalog: Catalog, session: Json, by: tuple[str, ...] = KISTA, **values: object) -> tuple[int, Json]:
    return await catalog.send("PATCH", f"/v1/sessions/{session['id']}", values, by=by)


async def cancel(catalog: Catalog, session: Json, scope: str) -> tuple[int, Json]:
    wish = {"reason": "staff", "scope": scope}
    return await catalog.send("POST", f"/v1/sessions/{session['id']}/cancel", wish)


def soon_text(moment: datetime) -> str:
    return f"{moment.astimezone(ZoneInfo('UTC')):%Y-%m-%dT%H:%M:%SZ}"


async def shown(catalog: Catalog, ids: list[str]) -> list[Json]:
    return [(await catalog.get(f"/v1/sessions/{id_}"))[1] for id_ in ids]
