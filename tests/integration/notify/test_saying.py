"""What staff learn before they change something, and what they say to whom no message reaches."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest

from services.notify import render
from services.notify.gsm7 import parts
from shared.events import MessageFailed, SessionState
from shared.hours import PermittedHours, Window
from tests.integration.notify.conftest import Notify, closed_now
from tests.integration.notify.events import announced, booking, cancelled, confirmed, rescheduled, session_cancelled
from tests.support.samples import published, session_state
from tests.unit.notify.samples import STOCKHOLM


async def get(notify: Notify, path: str, headers: dict[str, str]) -> tuple[int, dict[str, Any]]:
    async with notify.http.get(f"{notify.url}{path}", headers=headers) as answer:
        return answer.status, await answer.json()


async def preview(notify: Notify, body: dict[str, Any], *branches: str) -> tuple[int, dict[str, Any]]:
    headers = notify.issuer.headers("staff", *(branches or ("kista",)))
    async with notify.http.post(f"{notify.url}/v1/previews", json=body, headers=headers) as answer:
        return answer.status, await answer.json()


def some(language: str = "sv", channel: str = "sms", count: int = 1, **more: str) -> dict[str, Any]:
    return {"language": language, "channel": channel, "count": count, **more}


def week_later(session: SessionState, **changes: object) -> SessionState:
    after = {"session_id": uuid4(), "starts_at": session.starts_at + timedelta(days=7)}
    return session.model_copy(update=after | {"ends_at": session.ends_at + timedelta(days=7)} | changes)


class TestWords:
    async def test_a_cancelled_session_with_the_next_time(self, notify: Notify) -> None:
        """Fails when whoever is rung up hears no next time, or staff cannot read what they say."""
        session, person = session_state(), notify.knows(by="call", language="en")
        following, state = week_later(session), booking(person, session)
        await notify.hear(published(session), published(following), session_cancelled(session))
        off = cancelled(state, by="library", reason="session_cancelled", next_session_id=following.session_id)
        await notify.hear(off)
        await notify.reached("failed")
        [failed] = await notify.told()
        assert isinstance(failed, MessageFailed)
        path = f"/v1/messages/{failed.data.message_id}/words"
        status, words = await get(notify, path, notify.issuer.headers("staff", "kista"))
        assert status == 200
        assert (words["speaks"], words["language"], words["still_so"]) == ("en", "en", True)
        assert words["text"].startswith("Hello from Kista bibliotek! We are sorry: Language café ")
        assert " The next time is " in words["text"]
        assert words["swedish"].startswith("Hej från Kista bibliotek! Vi måste tyvärr ställa in Språkcafé ")
        assert person.name not in str(words)

    async def test_what_is_no_longer_so_is_marked(self, notify: Notify) -> None:
        """Fails when somebody is told a new time of a session that was cancelled meanwhile."""
        session, person = session_state(revision=2), notify.knows(by="call", language="so")
        state = booking(person, session)
        await notify.hear(published(session), rescheduled(state))
        [row] = await notify.reached("failed")
        path, headers = f"/v1/messages/{row['id']}/words", notify.issuer.headers("staff", "kista")
        _, words = await get(notify, path, headers)
        assert (words["speaks"], words["language"], words["swedish"]) == ("so", "sv", None)
        assert (words["still_so"], "Du är fortfarande bokad." in words["text"]) == (True, True)
        await notify.hear(cancelled(state, 3))
        assert (await get(notify, path, headers))[1]["still_so"] is False

    @pytest.mark.parametrize(
        ("role", "branches", "status"),
        [(None, (), 403), ("coordinator", ("kista",), 403), ("staff", ("tensta",), 403), ("admin", (), 200)],
    )
    async def test_only_staff_of_the_branch_see_them(
        self, notify: Notify, role: str | None, branches: tuple[str, ...], status: int
    ) -> None:
        session, person = session_state(), notify.knows()
        await notify.hear(published(session), confirmed(booking(person, session)))
        [row] = await notify.reached("delivered")
        path = f"/v1/messages/{row['id']}/words"
        assert (await get(notify, path, notify.issuer.headers(role, *branches)))[0] == status
        assert (await get(notify, path, {}))[0] == 401

    @pytest.mark.parametrize("message", [str(UUID(int=1)), "no-id"])
    async def test_there_is_no_such_message(self, notify: Notify, message: str) -> None:
        status, problem = await get(notify, f"/v1/messages/{message}/words", notify.issuer.headers("admin"))
        assert (status, problem["type"]) == (404, "unknown-message")


class TestPreviews:
    async def test_what_is_shown_is_what_is_sent(self, notify: Notify) -> None:
        """Fails when the preview has words of its own: each SMS is then sent, and compared."""
        session, person = session_state(), notify.knows()
        state = booking(person, session)
        after = week_later(session, session_id=session.session_id, revision=2, room="Rum 2")
        await notify.hear(published(session), confirmed(state))
        await notify.phonebox.got(person.phone)
        changes = {"starts_at": after.starts_at.isoformat(), "room": "Rum 2"}
        body = {"template": "rescheduled", "session_id": str(session.session_id), "changes": changes}
        status, shown = await preview(notify, body | {"people": [some()]})
        assert status == 200
        await notify.hear(published(after), rescheduled(state, changed=("time", "place")))
        newest, _ = await notify.phonebox.got(person.phone, 2)
        assert shown["texts"][0]["text"] == newest["text"]
        body = {"template": "announced", "session_id": str(session.session_id)}
        status, shown = await preview(notify, body | {"changes": {"announcement": "lift_broken"}, "people": [some()]})
        await notify.hear(announced(state, "lift_broken", 3))
        newest, *_ = await notify.phonebox.got(person.phone, 3)
        assert shown["texts"][0]["text"] == newest["text"]

    async def test_people_parts_cost_and_who_must_be_called(self, notify: Notify) -> None:
        session = session_state()
        following = week_later(session)
        await notify.hear(published(session), published(following))
        people = [
            some(count=7),
            some("en", count=4),
            some("so", count=2),
            some("en", "email", 3),
            some("sv", "call", 2),
        ]
        body = {
            "template": "session_cancelled",
            "session_id": str(session.session_id),
            "changes": {"next_session_id": str(following.session_id)},
            "people": [*people, some("sv", "door", 1, state="queued")],
        }
        status, shown = await preview(notify, body)
        assert status == 200
        assert (shown["parts"], shown["cost"], shown["to_call"], shown["at_door"]) == (13, "6.50", 2, 1)
        swedish, english, somali, mail, aloud, _ = shown["texts"]
        assert "ställs in. Vi är ledsna. Nästa gång: " in swedish["text"]
        assert (swedish["parts_each"], swedish["parts"]) == (parts(swedish["text"]), 7)
        assert "is cancelled" in english["text"]
        assert (somali["language"], somali["text_language"], somali["text"]) == ("so", "sv", swedish["text"])
        assert mail["subject"].startswith("Cancelled: Language café ")
        assert (mail["parts"], swedish["subject"]) == (0, None)
        assert mail["text"].startswith("Hello N.N.!")
        assert aloud["text"].startswith("Hej från Kista bibliotek!")

    async def test_it_says_when_people_would_be_written_to(self, still_notify: Notify) -> None:
        """Fails when staff are shown the present moment while nothing leaves until the morning."""
        session, hours = session_state(), closed_now()
        body = {
            "template": "announced",
            "session_id": str(session.session_id),
            "changes": {"announcement": "bring_device"},
            "people": [some()],
        }
        async with still_notify.serving(permitted_hours=hours):
            await still_notify.hear(published(session))
            _, shown = await preview(still_notify, body)
        now = await still_notify.database.pool.fetchval("SELECT clock_timestamp()")
        expected = PermittedHours(window=Window.parse(hours), zone=STOCKHOLM).first(now, session.starts_at)
        assert datetime.fromisoformat(shown["sends_at"]) == expected

    async def test_another_branch_is_known_by_its_sessions(self, notify: Notify) -> None:
        session = session_state()
        tensta = session.branch.model_copy(
            update={"id": "tensta", "sms_name": "Tensta biblio", "name": "Tensta bibliotek"}
        )
        await notify.hear(published(session), published(session_state(branch=tensta)))
        body = {"template": "rescheduled", "session_id": str(session.session_id), "people": [some()]}
        _, shown = await preview(notify, body | {"changes": {"branch_id": "tensta"}})
        assert shown["texts"][0]["text"].startswith("Biblioteket: Ny plats: Tensta biblio. Språkcafé ")
        status, problem = await preview(notify, body | {"changes": {"branch_id": "atlantis"}})
        assert (status, problem["field"]) == (422, "changes.branch_id")

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"changes": {}}, "changes"),
            ({"changes": {"starts_at": "2020-01-01T10:00:00Z"}}, "changes.starts_at"),
            ({"changes": {"ends_at": "2020-01-01T10:00:00Z"}}, "changes.ends_at"),
            ({"changes": {"starts_at": "2030-02-31T10:00:00Z"}}, "changes.starts_at"),
            ({"template": "announced"}, "changes.announcement"),
            ({"template": "announced", "changes": {"announcement": "win_a_car"}}, "changes.announcement"),
            (
                {"template": "session_cancelled", "changes": {"next_session_id": str(UUID(int=1))}},
                "changes.next_session_id",
            ),
            ({"template": "confirmed"}, "template"),
            ({"people": [some(channel="pigeon")]}, "people.0.channel"),
            ({"people": [some(count=-1)]}, "people.0.count"),
            ({"people": [some()] * 201}, "people"),
            ({"changes": {"words": "Come!"}}, "changes.words"),
        ],
    )
    async def test_what_cannot_be_is_refused_by_name(self, notify: Notify, change: dict[str, Any], field: str) -> None:
        session = session_state()
        await notify.hear(published(session))
        body = {"template": "rescheduled", "session_id": str(session.session_id), "people": [some()]}
        status, problem = await preview(notify, body | {"changes": {}} | change)
        assert (status, problem["type"], problem["field"]) == (422, "invalid", field)

    async def test_only_staff_of_the_branch_see_them(self, notify: Notify) -> None:
        session = session_state()
        await notify.hear(published(session))
        body = {
            "template": "announced",
            "session_id": str(session.session_id),
            "changes": {"announcement": "as_planned"},
            "people": [],
        }
        assert (await preview(notify, body))[0] == 200
        assert (await preview(notify, body, "tensta"))[0] == 403
        status, problem = await preview(notify, body | {"session_id": str(uuid4())})
        assert (status, problem["type"], problem["field"]) == (404, "unknown-session", "session_id")
        async with notify.http.post(f"{notify.url}/v1/previews", json=body) as answer:
            assert answer.status == 401


async def test_staff_see_what_may_be_announced(notify: Notify) -> None:
    status, shown = await get(notify, "/v1/announcements", notify.issuer.headers("staff", "kista"))
    assert status == 200
    assert {"starts_later", "lift_broken", "other_entrance"} <= {item["id"] for item in shown["items"]}
    for item in shown["items"]:
        assert set(item["texts"]) == set(render.CATALOGS.tags)
        assert not any(text.startswith("announcement.") for text in item["texts"].values())
    assert (await get(notify, "/v1/announcements", {}))[0] == 401


@pytest.mark.parametrize("first", ["starts_later", "lift_broken"])
async def test_each_announcement_reaches_everybody(notify: Notify, first: str) -> None:
    """Fails when the second takes the place of the first."""
    session, person = session_state(), notify.knows()
    state = booking(person, session)
    await notify.hear(
        published(session), confirmed(state), announced(state, "bring_device", 3), announced(state, first, 2)
    )
    messages = await notify.phonebox.got(person.phone, 3)
    texts = " ".join(message["text"] for message in messages)
    assert "Ta med mobil eller dator." in texts
    assert ("Vi börjar lite senare, senast kl " in texts) is (first == "starts_later")
    assert all(message["parts"] == 1 for message in messages)


class TestLibraryPreviews:
    PATH = "/v1/previews/library"

    async def ask(self, notify: Notify, role: str | None = "admin", **values: object) -> tuple[int, dict[str, Any]]:
        body = {"id": "kista", "name": "Kista bibliotek", "sms_name": "Kista bibliotek", "phone": "08-465 004 00"}
        headers = notify.issuer.headers(role, "kista") if role else {}
        async with notify.http.post(f"{notify.url}{self.PATH}", json=body | values, headers=headers) as answer:
            return answer.status, await answer.json()

    async def test_the_longest_confirmation_is_shown_as_it_is_sent(self, notify: Notify) -> None:
        """Fails when the example has words of its own, or is of a shorter name than there is."""
        short = session_state(sms_titles={"sv": "Café"})
        long = session_state(sms_titles={"sv": "Läxhjälp högst"})
        person = notify.knows()
        await notify.hear(published(short), published(long), confirmed(booking(person, long)))
        [sent] = await notify.phonebox.got(person.phone)

        status, shown = await self.ask(notify, sms_name=long.branch.sms_name, phone=long.branch.phone)

        assert status == 200
        swedish = next(one for one in shown["items"] if one["language"] == "sv")
        assert (swedish["text"], swedish["parts"], swedish["whole"]) == (sent["text"], 1, True)
        assert {one["language"] for one in shown["items"]} == {"sv", "en"}

    async def test_a_library_without_sessions_is_tried_with_those_of_others(self, notify: Notify) -> None:
        assert (await self.ask(notify, id="new"))[1]["items"] == []
        await notify.hear(published(session_state()))

        _, shown = await self.ask(notify, id="new", sms_name="Nya biblioteket")

        assert all("Nya biblioteket" in one["text"] for one in shown["items"])
        assert len(shown["items"]) == 2

    @pytest.mark.parametrize(("role", "status"), [(None, 401), ("staff", 403), ("admin", 200)])
    async def test_only_administrators_ask(self, notify: Notify, role: str | None, status: int) -> None:
        assert (await self.ask(notify, role))[0] == status
