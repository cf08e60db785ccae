"""What people answer by SMS: heard from the provider only, once, for the right booking, and nothing of it kept."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from aiohttp import encode_basic_auth, web
from structlog.testing import capture_logs

from services.notify.app import create_app
from shared.events import BookingState, Reply, SessionState
from tests.integration.notify.conftest import LIBRARY, WEBHOOK_PASSWORD, Notify, Person, phonebox_process, somebody
from tests.integration.notify.events import (
    booking,
    cancelled,
    confirmed,
    moved,
    offer_expired,
    offered,
    queued,
    reminder_due,
)
from tests.integration.notify.test_receipts import FORGED
from tests.support.apps import serving
from tests.support.samples import published, session_state
from tests.support.servers import eventually


async def _seated(notify: Notify, session: SessionState | None = None, **changes: Any) -> tuple[Person, BookingState]:  # noqa: ANN401 - fields of a person
    """Somebody who was told that they have a seat."""
    session = session or session_state()
    person = notify.knows(**changes)
    state = booking(person, session, state="confirmed")
    await notify.hear(published(session), confirmed(state))
    await notify.reached_rest()
    return person, state


async def _stored(notify: Notify) -> Mapping[str, int]:
    """How many rows each table has."""
    tables = await notify.database.pool.fetch("SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public'")
    count = "SELECT count(*) FROM "
    return {row["name"]: await notify.database.pool.fetchval(f'{count} "{row["name"]}"') for row in tables}


@pytest.mark.parametrize("text", ["NEJ", " Nej. ", "2", "kan tyvärr inte komma", "\N{THUMBS DOWN SIGN}\U0001f3fe"])
async def test_a_no_reaches_booking_and_nothing_is_answered(notify: Notify, text: str) -> None:
    """The message that follows tells. Fails when booking does not hear of it, or of another booking."""
    person, state = await _seated(notify)
    assert await notify.reply(person.phone, text) is None
    [heard] = await notify.heard()
    assert (heard.says, heard.about, heard.contact_ref) == ("no", state.booking_id, person.ref)
    assert (heard.question, heard.revision) == ("confirmed", 1)
    [kept] = await notify.replies()
    assert (kept["id"], kept["understood"], kept["answer"], kept["parts"]) == (heard.reply_id, "no", None, 0)


@pytest.mark.parametrize(
    ("created", "expected"),
    [
        ("2026-03-02T10:00:00.123000", datetime(2026, 3, 2, 10, 0, 0, 123000, tzinfo=UTC)),
        ("2026-03-02T11:00:00+01:00", datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("2126-03-02T10:00:00", None),
        ("yesterday", None),
    ],
)
async def test_an_answer_counts_from_when_it_was_given(notify: Notify, created: str, expected: datetime | None) -> None:
    """Fails when who answers in time is too late because we were away, or the provider's clock is ahead of ours."""
    person, _ = await _seated(notify)
    before = await notify.database.pool.fetchval("SELECT clock_timestamp()")
    form = {"id": "s1", "from": person.phone or "", "message": "NEJ", "created": created}
    assert await notify.incoming(form) == (204, "")
    after = await notify.database.pool.fetchval("SELECT clock_timestamp()")
    [heard] = await notify.heard()
    assert heard.received_at == expected or (expected is None and before < heard.received_at < after)


async def test_a_yes_accepts_an_offer(notify: Notify) -> None:
    """Fails when the newest question is not named, or a text says what booking has not decided."""
    session, person = session_state(), notify.knows(answer_by=session_state().starts_at)
    state = booking(person, session, state="queued")
    await notify.hear(published(session), queued(state))
    await notify.reached("delivered")
    await notify.hear(offered(state))
    await notify.reached("delivered", "delivered")
    assert await notify.reply(person.phone, "ja tack!") is None
    [heard] = await notify.heard()
    assert (heard.says, heard.about, heard.question) == ("yes", state.booking_id, "offered")


async def test_who_has_a_seat_is_thanked_once_for_each_question(notify: Notify) -> None:
    """Fails when a yes is thanked each time, or a reminder's not because the confirmation's was."""
    person, state = await _seated(notify)
    answers = [await notify.reply(person.phone, "JA") for _ in range(2)]
    assert answers[0]
    assert answers[0].startswith("Biblioteket: Tack! Vi ses. Språkcafé ")
    assert answers[1] is None
    await notify.hear(reminder_due(state, reconfirm=True))
    await notify.reached("delivered", "delivered")
    assert await notify.reply(person.phone, "JA") == answers[0]
    assert [(reply.says, reply.question) for reply in await notify.heard()] == [
        ("yes", "confirmed"),
        ("yes", "confirmed"),
        ("yes", "reminder"),
    ]


async def test_what_the_provider_delivers_again_has_one_effect_and_the_same_answer(notify: Notify) -> None:
    """Also side by side. Fails when an answer lost on its way is taken for a second one."""
    person, _ = await _seated(notify)
    first = await notify.reply(person.phone, "JA", "s1")
    again = await asyncio.gather(*(notify.reply(person.phone, "JA", "s1") for _ in range(5)))
    assert first
    assert set(again) == {first}
    assert len(await notify.heard()) == 1
    assert [row["provider_id"] for row in await notify.replies()] == ["s1"]


async def test_of_deliveries_at_once_one_counts(still_notify: Notify) -> None:
    """Fails when two replicas take the same SMS for two."""
    async with still_notify.serving(), serving(create_app(still_notify.settings())) as other:
        person, _ = await _seated(still_notify)
        form = {"from": person.phone or "", "message": "JA", "id": "s1"}
        headers = {"Authorization": encode_basic_auth("46elks", WEBHOOK_PASSWORD)}

        async def deliver(url: str) -> str:
            address = f"{url}/v1/providers/46elks/incoming"
            async with still_notify.http.post(address, data=form, headers=headers) as answer:
                assert answer.status == 200
                return await answer.text()

        answers = await asyncio.gather(*(deliver(url) for url in (still_notify.url, other) * 4))
    assert len(set(answers)) == 1
    assert len(await still_notify.heard()) == 1


@pytest.mark.parametrize("headers", [{}, *({"Authorization": value} for value in FORGED)], ids=["none", *FORGED])
async def test_a_forged_answer_is_refused_and_seen(notify: Notify, headers: dict[str, str]) -> None:
    """Fails when anybody may cancel in somebody's name."""
    person, _ = await _seated(notify)
    form = {"direction": "incoming", "id": "s1", "from": person.phone or "", "to": LIBRARY, "message": "NEJ"}
    with capture_logs() as logs:
        async with notify.http.post(f"{notify.url}/v1/providers/46elks/incoming", data=form, headers=headers) as answer:
            assert answer.status == 401
            assert answer.headers["WWW-Authenticate"].startswith("Basic")
    assert [entry["event"] for entry in logs].count("webhook_refused") == 1
    assert await notify.replies() == []


@pytest.mark.parametrize(
    ("form", "status"),
    [
        ({"id": "", "from": "+46701740605"}, 422),
        ({"id": "s 1", "from": "+46701740605"}, 422),
        ({"id": "s1", "from": "x" * 41}, 422),
        ({"id": "s1", "from": "+46701740605", "message": "x" * 70_000}, 413),
        ({"id": "s1", "from": "+46701740605", "direction": "outgoing"}, 204),
    ],
)
async def test_what_makes_no_sense_is_not_taken_in(notify: Notify, form: dict[str, str], status: int) -> None:
    assert (await notify.incoming({"message": "NEJ"} | form))[0] == status


async def test_nothing_personal_is_kept(notify: Notify) -> None:
    """Neither the words nor the number. Fails when one of them is in a table, or in the log."""
    person, _ = await _seated(notify, name="Zarathustra")
    with capture_logs() as logs:
        await notify.reply(person.phone, "Nej, blåbärssoppa")
        await notify.reply(person.phone, "NEJ K7F-4MQ")
    secrets = [str(person.phone).removeprefix("+46"), "blåbär", "K7F", "Zarathustra"]
    assert not [entry for entry in logs if any(secret in str(entry) for secret in secrets)]
    for table in await _stored(notify):
        for row in await notify.database.pool.fetch(f'SELECT t::text AS row FROM "{table}" t'):  # noqa: S608 - our own tables
            assert not [secret for secret in secrets if secret in row["row"]]


async def test_an_unknown_number_is_answered_once_and_nothing_is_kept(notify: Notify) -> None:
    """Fails when a table has one row more, and when a machine could go on for ever."""
    await _seated(notify)
    stranger = somebody().phone
    before = await _stored(notify)
    first = await notify.reply(stranger, "NEJ", "s1")
    assert first
    assert first.startswith("Biblioteket: Vi hittar ingen bokning med ditt nummer. ")
    assert " / The library: We find no booking with your number. " in first
    assert await notify.reply(stranger, "NEJ", "s1") == first
    for text in ("Hallå?", "STOPP", "START", "NEJ K7F-4MQ"):
        assert await notify.reply(stranger, text) is None
    assert await _stored(notify) == before
    assert await notify.heard() == []


@pytest.mark.parametrize("sender", ["Telia", "72456", "+4684650040", "+14155550123", "", "+46", "not a number"])
async def test_what_is_no_swedish_mobile_number_gets_no_answer(notify: Notify, sender: str) -> None:
    """Fails when a short number or a name is written to, which nobody reads, or one abroad, which costs more."""
    before = await _stored(notify)
    assert await notify.reply(sender, "Ditt saldo är 100 kr") is None
    assert await _stored(notify) == before


async def test_who_is_not_understood_is_asked_again_twice_a_day(notify: Notify) -> None:
    """Fails when a machine that answers us is answered for ever, and when a person is after a day not."""
    person, _ = await _seated(notify)
    texts = ["Hur kommer jag dit?", "Hallå?", "Jag är på semester till den 15 augusti.", "?"]
    answers = [await notify.reply(person.phone, text) for text in texts]
    assert answers[0]
    assert answers[0].startswith(
        "Biblioteket: Vi förstod inte ditt svar. Svara JA eller NEJ. Eller ring 08-465 004 00."
    )
    assert answers == [answers[0], answers[0], None, None]
    assert [row["answer"] for row in await notify.replies()] == ["unclear", "unclear", None, None]
    await notify.database.pool.execute("UPDATE reply SET received_at = received_at - interval '24 hours'")
    assert await notify.reply(person.phone, "?") == answers[0]
    assert await notify.heard() == []


async def test_a_number_gets_few_answers_a_day_and_is_heard_all_the_same(notify: Notify) -> None:
    """Fails when answers have no limit of their own, and when a limit keeps somebody from giving a seat back."""
    person, _ = await _seated(notify)
    texts = ["?", "?", "STOPP", "STOPP", "START", "START", "JA", "STOPP"]
    answers = [await notify.reply(person.phone, text) for text in texts]
    assert [answer is not None for answer in answers] == [True] * 6 + [False] * 2
    assert await notify.reply(person.phone, "NEJ") is None
    assert [reply.says for reply in await notify.heard()] == ["yes", "no"]


async def test_answers_are_paid_for_and_stop_with_the_money(still_notify: Notify) -> None:
    """Fails when what is answered does not count, and when it is answered although nothing may be spent."""
    async with still_notify.serving(sms_parts_a_day=2):
        person, _ = await _seated(still_notify)
        assert await still_notify.reply(person.phone, "JA")
        with capture_logs() as logs:
            assert await still_notify.reply(person.phone, "?") is None
        assert [entry["event"] for entry in logs if entry["log_level"] == "error"] == ["sms_money_stop_closed"]
        assert await still_notify.reply(somebody().phone, "?") is None
        session = session_state()
        await still_notify.hear(published(session), confirmed(booking(still_notify.knows(), session)))
        await still_notify.reached("delivered", "failed")
        assert await still_notify.reply(person.phone, "NEJ") is None
    assert [reply.says for reply in await still_notify.heard()] == ["yes", "no"]


async def test_answers_count_among_the_messages_of_a_day(notify: Notify) -> None:
    """Fails when a number gets more than fifteen, because some of them are answers."""
    session = session_state()
    person, _ = await _seated(notify, session)
    assert await notify.reply(person.phone, "?")
    people = [notify.knows(phone=person.phone) for _ in range(14)]
    for one in people:
        await notify.hear(confirmed(booking(one, session)))
    rows = await notify.reached_rest(within=30)
    assert [row["state"] for row in rows].count("failed") == 1


class TestSeveralBookings:
    """One number, two bookings: a family, or a helper."""

    async def test_each_is_meant_by_its_code(self, notify: Notify) -> None:
        """Fails when another one is given back, or when the code's case and signs matter."""
        one, first = await _seated(notify)
        _, second = await _seated(notify, phone=one.phone, code="M3R-9WX")
        for text, state in (("nej m3r 9wx", second), ("K7F4MQ NEJ", first)):
            assert await notify.reply(one.phone, text) is None
            assert (await notify.heard())[-1].about == state.booking_id

    async def test_without_a_code_nobody_guesses(self, notify: Notify) -> None:
        """Fails when the newest booking is ended, the number asked for the wrong word, or the code not enough then."""
        one, _ = await _seated(notify)
        _, second = await _seated(notify, phone=one.phone, code="M3R-9WX", language="en")
        answer = await notify.reply(one.phone, "NEJ")
        assert answer
        assert answer.endswith("Write NO and your code, for example NO K7F-4MQ.")
        assert await notify.heard() == []
        assert await notify.reply(one.phone, "M3R-9WX") is None
        [heard] = await notify.heard()
        assert (heard.says, heard.about) == ("no", second.booking_id)

    async def test_a_code_of_somebody_else_opens_nothing(self, notify: Notify) -> None:
        """Fails when a code counts from any phone: it is shown on slips and screens."""
        one, _ = await _seated(notify)
        await _seated(notify, code="M3R-9WX")
        answer = await notify.reply(one.phone, "NEJ M3R-9WX")
        assert answer
        assert answer.startswith("Biblioteket: Vi hittar inte den koden. ")
        assert await notify.heard() == []

    async def test_of_two_the_one_that_is_left_needs_no_code(self, notify: Notify) -> None:
        """Fails when a booking that is over still counts."""
        one, first = await _seated(notify)
        _, second = await _seated(notify, phone=one.phone, code="M3R-9WX")
        await notify.hear(cancelled(second))
        await notify.reached("delivered", "delivered", "delivered")
        assert "Vilken menar du?" in str(await notify.reply(one.phone, "NEJ")), "a second no takes no other chair"
        assert await notify.heard() == []
        await notify.database.pool.execute("UPDATE attempt SET started_at = started_at - interval '1 day'")
        assert await notify.reply(one.phone, "NEJ", "s2") is None
        assert [reply.about for reply in await notify.heard()] == [first.booking_id]

    async def test_while_booking_is_away_a_code_is_delivered_again(self, notify: Notify) -> None:
        """Fails when the answer is lost, or another booking meant; and when a plain word has to wait as well."""
        one, _ = await _seated(notify)
        _, second = await _seated(notify, phone=one.phone, code="M3R-9WX")
        notify.owner.away = True
        status, _ = await notify.incoming({"from": one.phone or "", "message": "NEJ M3R-9WX", "id": "s1"})
        assert status == 503
        assert await notify.replies() == []
        assert await notify.reply(one.phone, "NEJ", "s2")
        notify.owner.away = False
        assert await notify.reply(one.phone, "NEJ M3R-9WX", "s1") is None
        assert [reply.about for reply in await notify.heard()] == [second.booking_id]


class TestTooLate:
    """There is nothing left to decide."""

    async def test_an_offer_that_went_on(self, notify: Notify) -> None:
        """Fails when booking is asked again, or who is too late is told something else."""
        session, person = session_state(), notify.knows(answer_by=session_state().starts_at)
        state = booking(person, session, state="queued")
        await notify.hear(published(session), offered(state))
        await notify.reached("delivered")
        await notify.hear(offer_expired(state))
        answer = await notify.reply(person.phone, "JA")
        assert answer
        assert answer.startswith("Biblioteket: Det är för sent. Platsen gick till nästa. Språkcafé ")
        assert await notify.heard() == []

    async def test_a_booking_that_is_over(self, notify: Notify) -> None:
        person, state = await _seated(notify)
        await notify.hear(cancelled(state))
        answer = await notify.reply(person.phone, "NEJ")
        assert answer
        assert answer.startswith("Biblioteket: Du har ingen bokning nu på Språkcafé ")

    async def test_a_session_that_has_begun(self, notify: Notify) -> None:
        """Fails when a seat is given back that nobody can take."""
        person, _ = await _seated(notify)
        await notify.database.pool.execute(
            "UPDATE session SET facts = facts || jsonb_build_object('starts_at', clock_timestamp())"
        )
        answer = await notify.reply(person.phone, "NEJ")
        assert answer
        assert "har redan börjat." in answer
        assert await notify.heard() == []

    async def test_what_a_version_before_this_one_kept_of_an_end_counts(self, notify: Notify) -> None:
        """Fails when a booking that ended in its time lives again, because it kept no more than that."""
        person, _ = await _seated(notify)
        await notify.database.pool.execute("UPDATE booking SET ended_revision = 2, standing = NULL, revision = 0")
        answer = await notify.reply(person.phone, "NEJ")
        assert answer
        assert "Du har ingen bokning nu" in answer
        await notify.database.pool.execute("UPDATE booking SET ended_revision = NULL, language = NULL")
        assert await notify.reply(person.phone, "NEJ") is None
        assert [reply.says for reply in await notify.heard()] == ["no"]


async def test_who_changed_to_another_session_answers_for_that_one(notify: Notify) -> None:
    """Its SMS has not left yet. Fails when the session counts that they were told of last: it is over."""
    person, state = await _seated(notify)
    new = session_state()
    notify.owner.away = True
    await notify.hear(published(new), moved(state, new))
    await notify.database.pool.execute(
        "UPDATE session SET facts = facts || jsonb_build_object('starts_at', now()) WHERE id = $1", state.session_id
    )
    assert await notify.reply(person.phone, "NEJ") is None
    assert [reply.about for reply in await notify.heard()] == [state.booking_id]


async def test_who_waits_and_says_yes_is_told_that_they_wait(notify: Notify) -> None:
    """Fails when a yes is taken for a seat, and when a no does not leave the queue."""
    session, person = session_state(), notify.knows()
    state = booking(person, session, state="queued")
    await notify.hear(published(session), queued(state))
    await notify.reached("delivered")
    answer = await notify.reply(person.phone, "ja")
    assert answer
    assert answer.startswith("Biblioteket: Du står i kön. Vi skickar sms om du får en plats. ")
    assert await notify.heard() == []
    assert await notify.reply(person.phone, "nej") is None
    assert [(reply.says, reply.question) for reply in await notify.heard()] == [("no", "queued")]


async def test_thanks_get_no_answer(notify: Notify) -> None:
    person, _ = await _seated(notify)
    assert await notify.reply(person.phone, "Tack så mycket!") is None
    assert [row["understood"] for row in await notify.replies()] == ["thanks"]


async def test_who_was_only_mailed_has_no_booking_by_their_number(notify: Notify) -> None:
    """Fails when a number counts that nothing was sent to: whoever has it need not be who booked."""
    session = session_state()
    person = notify.knows(by="email", email=f"{somebody().ref.hex}@example.org")
    await notify.hear(published(session), confirmed(booking(person, session)))
    await notify.reached("sent")
    answer = await notify.reply(person.phone, "NEJ")
    assert answer
    assert "Vi hittar ingen bokning" in answer
    assert await notify.heard() == []


async def test_an_answer_in_the_webhook_is_no_message_of_ours(still_notify: Notify) -> None:
    """The provider's history shows it beside ours. Fails when a look-up takes it for the text that never left."""
    person, history = still_notify.knows(), list[dict[str, str]]()

    async def send(request: web.Request) -> web.Response:
        form = await request.post()
        created = datetime.now(UTC).replace(tzinfo=None).isoformat()
        history.append(
            {"id": "r1", "direction": "outgoing-reply", "from": LIBRARY, "to": str(form["to"]), "created": created}
        )
        return web.Response(status=500)

    async def page(_: web.Request) -> web.Response:
        return web.json_response({"data": history})

    provider = web.Application()
    provider.router.add_post("/a1/sms", send)
    provider.router.add_get("/a1/sms", page)
    session = session_state()
    async with serving(provider) as url, still_notify.serving(sms_url=f"{url}/a1"):
        await still_notify.hear(published(session), reminder_due(booking(person, session)))
        [row] = await still_notify.reached("failed")
    assert row["reason"] == "unknown"
    assert history


async def test_a_phone_answers_through_the_provider(still_notify: Notify, tmp_path: Path) -> None:
    """All the way, from a phone through the webhook, and the text back. Fails when the two disagree on a form."""
    async with phonebox_process(tmp_path, still_notify.webhook) as box:
        notify = replace(still_notify, phonebox=box)
        async with notify.serving():
            person, state = await _seated(notify)
            answer = {"from": person.phone, "text": "Hur kommer jag dit?"}
            async with notify.http.post(f"{box.url}/api/reply", json=answer) as taken:
                assert taken.status == 202
            newest, _ = await box.got(person.phone, 2)
            assert newest["text"].startswith("Biblioteket: Vi förstod inte ditt svar. ")
            async with notify.http.post(f"{box.url}/api/reply", json=answer | {"text": "Nej tack"}) as taken:
                assert taken.status == 202

            async def heard() -> list[Reply]:
                return await notify.heard()

            [reply] = await eventually(heard)
    assert (reply.says, reply.about) == ("no", state.booking_id)
