"""A library gets another name and number while it has bookings."""

from typing import Any

from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

LUMA = {"name": "Luma bibliotek", "sms_name": "Luma bibliotek", "phone": "08-465 004 22"}
RENAMED = {"name": "Luma bibliotek och ateljé", "sms_name": "Luma ateljé", "phone": "08-465 004 91"}
FIRST, SECOND = "+46701740697", "+46701740698"


async def test_whoever_is_told_something_after_a_rename_is_told_the_new_name(plats: Installation) -> None:
    """Fails when the rename itself is told to anybody, or a message after it has the old name or number."""
    session = await plats.session(branch_id="luma")
    await _book(plats, session, FIRST)
    assert "Luma bibliotek" in (await plats.message(FIRST))["text"]
    try:
        assert (await _called(plats, RENAMED))["sessions"] >= 1
        await eventually(lambda: _heard(plats, session))

        await _book(plats, session, SECOND)
        told = (await plats.message(SECOND))["text"]
        assert ("Luma ateljé" in told, "08-465 004 91" in told) == (True, True), told
        assert len(await plats.messages(FIRST)) == 1

        await _staff(plats, "POST", f"/v1/sessions/{session['id']}/cancel", {"reason": "illness"})
        await plats.message(FIRST, containing="Luma ateljé")
    finally:
        await _called(plats, LUMA)


async def _book(plats: Installation, session: dict[str, Any], phone: str) -> None:
    body = booking_body(session["id"], reach={"by": "sms", "phone": phone})
    async with plats.http.post(f"{plats.url('booking')}/v1/bookings", json=body) as answer:
        assert answer.status == 201, await answer.text()


async def _called(plats: Installation, names: dict[str, str]) -> dict[str, Any]:
    return await _staff(plats, "PATCH", "/v1/branches/luma", names)


async def _staff(plats: Installation, method: str, path: str, body: dict[str, str]) -> dict[str, Any]:
    headers = await plats.token("--role", "admin")
    async with plats.http.request(method, f"{plats.url('catalog')}{path}", json=body, headers=headers) as answer:
        assert answer.status == 200, await answer.text()
        done: dict[str, Any] = await answer.json()
        return done


async def _heard(plats: Installation, session: dict[str, Any]) -> bool:
    """Whether notify knows the new name: what was booked before that may be told with the old one."""
    async with plats.database("notify") as notify:
        name: str | None = await notify.fetchval(
            "SELECT facts -> 'branch' ->> 'sms_name' FROM session WHERE id = $1", session["id"]
        )
    return name == RENAMED["sms_name"]
