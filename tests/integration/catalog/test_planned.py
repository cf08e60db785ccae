"""One session as its staff see it, whatever became of it."""

from uuid import uuid4

import pytest

from tests.integration.catalog.conftest import ADMIN, COORDINATOR, KISTA, RINKEBY, Catalog, Json


async def planned(catalog: Catalog, id_: object, by: tuple[str, ...] | None = KISTA) -> tuple[int, Json]:
    return await catalog.send("GET", f"/v1/planning/sessions/{id_}", by=by)


async def test_staff_see_drafts_and_what_was_called_off_with_what_they_set(catalog: Catalog) -> None:
    """Fails when a draft is told to be none, or seats that staffing takes away are shown as if nobody had set them."""
    draft = await catalog.session(status="draft", capacity=12, capacity_from="staffing", helpers=3)
    status, seen = await planned(catalog, draft["id"])
    assert (status, seen["status"], seen["helpers"]) == (200, "draft", 3)
    assert seen["seats"]["capacity"] == 12
    called_off = await catalog.session()
    await catalog.cancel(called_off)
    status, seen = await planned(catalog, called_off["id"], by=ADMIN)
    assert (status, seen["status"], seen["revision"]) == (200, "cancelled", 2)


@pytest.mark.parametrize(("by", "status"), [(RINKEBY, 403), (COORDINATOR, 403), (None, 401)])
async def test_nobody_else_does(catalog: Catalog, by: tuple[str, ...] | None, status: int) -> None:
    session = await catalog.session()
    assert (await planned(catalog, session["id"], by=by))[0] == status


@pytest.mark.parametrize("id_", [uuid4(), "café"])
async def test_what_is_not_there_is_not_there(catalog: Catalog, id_: object) -> None:
    status, problem = await planned(catalog, id_)
    assert (status, problem["type"]) == (404, "unknown-session")
