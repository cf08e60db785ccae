"""Those who help are asked and told: once, what is still so, in permitted hours, by whoever knows them."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from shared.events import AnyEvent, MessageFailed, MessageSent, Policies, SessionState
from tests.integration.notify.conftest import Notify, Person, closed_now
from tests.integration.notify.events import (
    agreed,
    assignment,
    booking,
    confirmed,
    helper_found,
    helper_missing,
    helper_moved,
    helper_reminded,
    notice,
    off_duty,
    passed_on,
    proposed,
    released,
    session_cancelled,
)
from tests.support.samples import published, session_state


def _asking(**labels: tuple[str, str]) -> Policies:
    """What a coaching session asks visitors, with one answer to each question."""
    return Policies.model_validate(
        {
            "ask": [
                {
                    "id": question,
                    "type": "choice",
                    "labels": {"sv": question},
                    "options": [{"id": option, "labels": {"sv": words}}],
                }
                for question, (option, words) in labels.items()
            ]
        }
    )


COACHING = _asking(topic=("bankid", "Komma i gång med BankID"), help_language=("ar", "Arabiska"))


def _coaching(**changes: object) -> SessionState:
    return session_state(sms_titles={"sv": "Digital hjälp"}, policies=COACHING, **changes)


def _tensta() -> SessionState:
    branch = _coaching().branch.model_copy(update={"id": "tensta", "sms_name": "Tensta"})
    return _coaching().model_copy(update={"branch": branch})


async def _texts(notify: Notify, person: Person) -> list[str]:
    """What a phone got, oldest first."""
    return [sms["text"] for sms in reversed(await notify.phonebox.messages(person.phone))]


async def _states(notify: Notify) -> list[tuple[str, str, str | None]]:
    return [(row["template"], row["state"], row["reason"]) for row in await notify.messages()]


async def test_a_proposal_says_what_when_where_until_when_and_what_a_yes_promises(notify: Notify) -> None:
    """Fails when its code is another assignment's, the visitor's wish is missing, or volunteers hear of another id."""
    session, helper = _tensta(), notify.knows_helper()
    other = assignment(helper, session, code="A2B-3CD")
    state = assignment(helper, session, topic="bankid", help_language="ar")
    await notify.hear(published(session), proposed(state))
    await notify.reached("delivered")
    [text] = await _texts(notify, helper)
    assert text.startswith("Biblioteket: Kan du hjälpa ")
    for words in ("Tensta", "Arabiska.", "BankID", "JA = du följer reglerna.", "Svara JA/NEJ före ", "T3R-9WX"):
        assert words in text
    assert helper.codes[other.assignment_id] not in text
    [sent] = [event.data for event in await notify.told() if isinstance(event, MessageSent)]
    assert (sent.about, sent.template, sent.contact_ref) == (state.assignment_id, "assignment_proposed", helper.ref)


async def test_a_proposal_by_mail_has_the_rules_and_where_to_answer(notify: Notify) -> None:
    session = _coaching()
    helper = notify.knows_helper(phone=None, email="amina@example.org", by="email")
    await notify.hear(published(session), proposed(assignment(helper, session, topic="bankid", help_language="ar")))
    await notify.reached("sent")
    [mail] = await notify.phonebox.messages("amina@example.org")
    assert mail["subject"].startswith("Kan du hjälpa? Svara före ")
    for words in (
        "Hej Amina!",
        "Hjälp med: Komma i gång med BankID",
        "Språk: Arabiska",
        "Titta bort när någon skriver",
    ):
        assert words in mail["text"]


async def test_being_asked_to_be_on_duty_promises_no_rules(notify: Notify) -> None:
    session, helper = _coaching(), notify.knows_helper()
    await notify.hear(published(session), proposed(assignment(helper, session, for_visitor=False)))
    [row] = await notify.reached("delivered")
    [text] = await _texts(notify, helper)
    assert row["template"] == "shift_proposed"
    assert text.startswith("Biblioteket: Kan du vara med? Digital hjälp ")
    assert "reglerna" not in text


async def test_a_whole_sitting_is_asked_for_with_its_end(notify: Notify) -> None:
    """Fails when who is asked for three slots in a row reads when the first one ends."""
    session, helper = _coaching(), notify.knows_helper()
    ends_at = session.ends_at + timedelta(hours=1)
    await notify.hear(published(session), proposed(assignment(helper, session, for_visitor=False, ends_at=ends_at)))
    await notify.reached("delivered")
    [text] = await _texts(notify, helper)
    assert f"-{ends_at.astimezone(ZoneInfo('Europe/Stockholm')):%H.%M}, Kista" in text


async def test_who_would_swap_reads_what_they_take_and_what_they_give(notify: Notify) -> None:
    session, mine, helper = _coaching(), _coaching(), notify.knows_helper()
    state = assignment(helper, session, for_visitor=False)
    await notify.hear(published(session), published(mine), proposed(state, in_return=mine.session_id, stand_in=True))
    await notify.reached("delivered")
    [text] = await _texts(notify, helper)
    assert "Kan du byta? Du tar " in text
    assert "Du slipper " in text


async def test_one_owner_of_contacts_that_is_away_holds_up_nobody_of_the_other(notify: Notify) -> None:
    """Fails when both are asked in one loop, or everybody in one question."""
    session, helper, visitor = _coaching(), notify.knows_helper(), notify.knows()
    notify.helpers.away = True
    await notify.hear(published(session), proposed(assignment(helper, session)), confirmed(booking(visitor, session)))
    await notify.reached("pending", "delivered")
    notify.helpers.away, notify.owner.away = False, True
    await notify.hear(confirmed(booking(notify.knows(), session)))
    await notify.reached("delivered", "delivered", "pending")


async def test_the_same_event_twice_asks_once(notify: Notify) -> None:
    session, helper = _coaching(), notify.knows_helper()
    asked = proposed(assignment(helper, session))
    await notify.hear(published(session), asked, asked)
    await notify.reached("delivered")
    assert len(await _texts(notify, helper)) == 1


async def test_a_question_waits_for_permitted_hours_and_a_code_to_sign_in_does_not(still_notify: Notify) -> None:
    session, helper, other = _coaching(), still_notify.knows_helper(), still_notify.knows_helper()
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), proposed(assignment(helper, session)))
        await still_notify.held("assignment_proposed")
        await still_notify.hear(notice(other, "sign_in", code="204913"))
        await still_notify.reached("pending", "delivered")
    [text] = await _texts(still_notify, other)
    assert text.startswith("Biblioteket: Din kod för att logga in är 204913.")


async def test_a_yes_is_confirmed_at_once_whatever_the_hour(still_notify: Notify) -> None:
    """Fails when who answers in the evening does not hear until the morning that they were heard."""
    session, helper = _coaching(), still_notify.knows_helper()
    state = assignment(helper, session, topic="bankid", help_language="ar")
    async with still_notify.serving(permitted_hours=closed_now()):
        await still_notify.hear(published(session), proposed(state), agreed(state))
        await still_notify.reached("dropped", "delivered")
    [text] = await _texts(still_notify, helper)
    assert text.startswith("Biblioteket: Tack! Du hjälper ")
    assert text.endswith("Kan du inte? Svara NEJ.")


async def _after(notify: Notify, events: Sequence[AnyEvent]) -> list[str]:
    """The kinds of news that are told in the end, of events heard in this order while nobody may be written to."""
    async with notify.serving(permitted_hours=closed_now()):
        await notify.hear(*events)
    async with notify.serving():
        await notify.database.pool.execute("UPDATE message SET next_at = now(), due_at = now() WHERE state = 'pending'")
        await notify.reached_rest()
    return [row["template"] for row in await notify.messages() if row["state"] == "delivered"]


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_who_was_never_told_that_they_were_asked_is_not_told_that_it_is_over(
    still_notify: Notify, order: Sequence[int]
) -> None:
    """Fails when a release follows a question that it overtook."""
    session, helper = _coaching(), still_notify.knows_helper()
    state = assignment(helper, session)
    events: list[AnyEvent] = [proposed(state), released(state)]
    assert await _after(still_notify, [published(session), *(events[place] for place in order)]) == []
    assert await _texts(still_notify, helper) == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
async def test_who_said_yes_on_the_page_is_told_that_it_is_over(still_notify: Notify, order: Sequence[int]) -> None:
    """Fails when they would stand there in vain, in whatever order it was heard of."""
    session, helper = _coaching(), still_notify.knows_helper()
    state = assignment(helper, session)
    events: list[AnyEvent] = [proposed(state), agreed(state, 2, quietly=True), released(state, 3)]
    told = await _after(still_notify, [published(session), *(events[place] for place in order)])
    assert told == ["assignment_released"]


async def test_who_was_asked_is_told_once_that_it_is_over(notify: Notify) -> None:
    session, helper = _coaching(), notify.knows_helper()
    state = assignment(helper, session)
    await notify.hear(published(session), proposed(state))
    await notify.reached("delivered")
    over = released(state)
    await notify.hear(over, over)
    await notify.reached("delivered", "delivered")
    text = (await _texts(notify, helper))[-1]
    assert text.startswith("Biblioteket: Du behöver inte komma. Digital hjälp ")
    assert text.endswith("Besökaren har avbokat. Tack för att du hjälper!")


async def test_who_offered_themselves_is_told_that_they_are_not_needed(notify: Notify) -> None:
    """Nobody asked them. Fails when only what follows a question of ours is told."""
    session, helper = _coaching(), notify.knows_helper()
    await notify.hear(published(session), off_duty(assignment(helper, session, for_visitor=False)))
    [row] = await notify.reached("delivered")
    assert row["template"] == "shift_cancelled"


@pytest.mark.parametrize(
    ("why", "quietly", "told"),
    [
        ("declined", False, None),
        ("expired", False, None),
        ("left", False, None),
        ("ill", False, "Tack för att du sa till. Vi frågar andra om det du skulle göra "),
        ("ill", True, None),
        ("handed_over", True, None),
    ],
)
async def test_what_somebody_did_themselves_they_know(
    notify: Notify,
    why: str,
    quietly: bool,  # noqa: FBT001 - a table
    told: str | None,
) -> None:
    """Fails when silence is answered, or when who is ill gets a message for each thing that is taken off them."""
    session, helper = _coaching(), notify.knows_helper()
    state = assignment(helper, session)
    await notify.hear(published(session), agreed(state))
    await notify.reached("delivered")
    await notify.hear(passed_on(state, 3, why=why, quietly=quietly))
    await notify.reached_rest()
    texts = await _texts(notify, helper)
    assert len(texts) == (2 if told else 1)
    assert told is None or told in texts[-1]


async def test_a_question_that_volunteers_no_longer_ask_is_not_sent(notify: Notify) -> None:
    """Its end may be on its way. Fails when the owner of the question is not asked last."""
    session, helper = _coaching(), notify.knows_helper(answer_by=None)
    await notify.hear(published(session), proposed(assignment(helper, session)))
    [row] = await notify.reached("dropped")
    assert row["reason"] is None
    assert await _texts(notify, helper) == []


async def test_nobody_is_asked_for_a_session_that_is_cancelled(still_notify: Notify) -> None:
    session, helper = _coaching(), still_notify.knows_helper()
    events: list[AnyEvent] = [published(session), proposed(assignment(helper, session)), session_cancelled(session)]
    assert await _after(still_notify, events) == []


async def test_that_nobody_can_be_asked_by_message_is_told_at_once(notify: Notify) -> None:
    """It goes on to the next. Fails when a volunteer who wants to be rung up is waited for."""
    session, helper = _coaching(), notify.knows_helper(by="call")
    state = assignment(helper, session)
    await notify.hear(published(session), proposed(state))
    await notify.reached("failed")
    [failed] = [event.data for event in await notify.told() if isinstance(event, MessageFailed)]
    assert (failed.about, failed.template, failed.reason) == (state.assignment_id, "assignment_proposed", "no_address")


async def test_a_reminder_and_a_new_time_say_how_to_say_no(notify: Notify) -> None:
    session, helper = _coaching(), notify.knows_helper()
    state = assignment(helper, session)
    later = session.model_copy(update={"revision": 2, "starts_at": session.starts_at + timedelta(minutes=30)})
    await notify.hear(published(session), agreed(state), helper_reminded(state))
    await notify.reached("delivered", "delivered")
    await notify.hear(published(later), helper_moved(state, 4))
    await notify.reached("delivered", "delivered", "delivered")
    _, reminder, moved = await _texts(notify, helper)
    assert "Påminnelse! Du hjälper till" in reminder
    assert "Ny tid! Digital hjälp" in moved
    for text in (reminder, moved):
        assert "Kod: T3R-9WX. Kan du inte? Svara NEJ." in text


async def test_news_that_are_about_no_session(notify: Notify) -> None:
    """Fails when a message must have a session, or a count does not agree with its words."""
    helpers = [notify.knows_helper(language="en") for _ in range(4)]
    noted, welcomed, one, several = helpers
    await notify.hear(
        notice(noted, "register_note", day=date(2027, 3, 2)),
        notice(welcomed, "welcome"),
        notice(one, "handed_over", count=1),
        notice(several, "handed_over", count=3),
    )
    await notify.reached(*["delivered"] * 4)
    texts = [(await _texts(notify, helper))[0] for helper in helpers]
    assert "is good with us until Tuesday 2 March." in texts[0]
    assert "Welcome as a volunteer!" in texts[1]
    assert "1 assignment has changed hands." in texts[2]
    assert "3 assignments have changed hands." in texts[3]


async def test_an_alarm_names_the_session_and_no_visitor(notify: Notify) -> None:
    session, coordinator = _coaching(), notify.knows_helper()
    await notify.hear(published(session), notice(coordinator, "alarm", session_id=session.session_id))
    await notify.reached("delivered")
    [text] = await _texts(notify, coordinator)
    assert text.startswith("Biblioteket: Ingen kan hjälpa en besökare. Digital hjälp ")


@pytest.mark.parametrize("code", ["204913", ""])
async def test_a_code_that_signs_nobody_in_any_more_is_not_sent(notify: Notify, code: str) -> None:
    """Its time is over, or it was used. Fails when a code that came late brings somebody to a page that refuses it."""
    helper = notify.knows_helper()
    until = datetime.now(UTC) + timedelta(minutes=-1 if code else 15)
    await notify.hear(notice(helper, "sign_in", code=code, until=until))
    await notify.reached("skipped")
    assert await _texts(notify, helper) == []


async def test_codes_that_others_ask_for_keep_no_question_away(notify: Notify) -> None:
    """Fails when whoever knows somebody's number can have them hear nothing for a day."""
    session, helper = _coaching(), notify.knows_helper()
    await notify.hear(published(session), *(notice(helper, "sign_in", code="204913") for _ in range(15)))
    await notify.reached(*["delivered"] * 15)
    await notify.hear(proposed(assignment(helper, session)))
    await notify.reached(*["delivered"] * 16)


async def test_a_visitor_hears_once_that_somebody_helps_them(notify: Notify) -> None:
    session, visitor = _coaching(), notify.knows()
    state = booking(visitor, session, state="confirmed")
    found = helper_found(state)
    await notify.hear(published(session), confirmed(state), found, found)
    await notify.reached("delivered", "delivered")
    text = (await _texts(notify, visitor))[-1]
    assert text.startswith("Biblioteket: Nu har du en hjälpare! Digital hjälp ")


async def test_a_visitor_whom_nobody_can_help_may_change_or_cancel(notify: Notify) -> None:
    """Fails when a yes to another time is answered as if they came to this one."""
    session, visitor = _coaching(), notify.knows()
    instead = _coaching(starts_at=session.starts_at + timedelta(days=7), ends_at=session.ends_at + timedelta(days=7))
    state = booking(visitor, session, state="confirmed")
    await notify.hear(published(session), published(instead), confirmed(state), helper_missing(state, instead=instead))
    await notify.reached("delivered", "delivered")
    text = (await _texts(notify, visitor))[-1]
    assert text.startswith("Biblioteket: Ingen kan ")
    assert text.endswith("? Svara JA. Avboka? Svara NEJ.")
    assert await notify.reply(visitor.phone, "JA") is None
    [heard] = await notify.heard()
    assert (heard.about, heard.says, heard.question) == (state.booking_id, "yes", "helper_missing")


async def test_somebody_found_after_all_takes_back_that_nobody_was(still_notify: Notify) -> None:
    session, visitor = _coaching(), still_notify.knows()
    state = booking(visitor, session, state="confirmed")
    events: list[AnyEvent] = [published(session), helper_missing(state, 2), helper_found(state, 3)]
    assert await _after(still_notify, events) == ["helper_found"]


async def test_what_is_kept_of_those_who_help_are_ids(notify: Notify) -> None:
    """Fails when a name, a number or a code of theirs is stored."""
    session, helper = _coaching(), notify.knows_helper()
    state = assignment(helper, session, topic="bankid")
    await notify.hear(published(session), proposed(state))
    await notify.reached("delivered")
    rows = await notify.database.pool.fetch(
        "SELECT to_jsonb(m)::text || to_jsonb(b)::text AS kept FROM message m JOIN booking b ON b.id = m.about"
    )
    kept = " ".join(row["kept"] for row in rows)
    assert not any(secret in kept for secret in (str(helper.phone), helper.name, helper.codes[state.assignment_id]))


class TestAnswers:
    """What those who help answer by SMS."""

    @pytest.mark.parametrize(
        ("text", "says", "answer"),
        [("JA", "yes", None), ("nej tyvärr", "no", "Biblioteket: Tack för svaret! Vi frågar någon annan.")],
    )
    async def test_an_answer_reaches_volunteers(self, notify: Notify, text: str, says: str, answer: str | None) -> None:
        """A yes is confirmed by the message that follows. Fails when it names another question."""
        session, helper = _coaching(), notify.knows_helper()
        state = assignment(helper, session)
        await notify.hear(published(session), proposed(state))
        await notify.reached("delivered")
        got = await notify.reply(helper.phone, text)
        assert (got or "").startswith(answer or "")
        assert (got is None) is (answer is None)
        [heard] = await notify.heard()
        assert (heard.about, heard.contact_ref) == (state.assignment_id, helper.ref)
        assert (heard.says, heard.question) == (says, "assignment_proposed")

    async def test_who_answers_what_is_settled_is_thanked(self, notify: Notify) -> None:
        """Fails when volunteers hear of it again, or nobody says thank you."""
        session, helper = _coaching(), notify.knows_helper()
        state = assignment(helper, session)
        await notify.hear(published(session), proposed(state))
        await notify.reached("delivered")
        await notify.hear(released(state, why="taken_over"))
        await notify.reached("delivered", "delivered")
        got = await notify.reply(helper.phone, "ja")
        assert got
        assert got.startswith("Biblioteket: Tack för svaret! Det löste sig redan.")
        assert await notify.heard() == []

    async def test_a_yes_after_the_time_to_answer_may_still_be_of_use(self, notify: Notify) -> None:
        """Volunteers knows whether somebody else does it. Fails when it is turned away here."""
        session, helper = _coaching(), notify.knows_helper()
        state = assignment(helper, session)
        await notify.hear(published(session), proposed(state))
        await notify.reached("delivered")
        await notify.hear(passed_on(state, why="expired"))
        assert await notify.reply(helper.phone, "ja") is None
        [heard] = await notify.heard()
        assert (heard.about, heard.says) == (state.assignment_id, "yes")
        await notify.hear(agreed(state, 3))
        rows = await notify.reached("delivered", "dropped", "delivered")
        assert rows[-1]["template"] == "assignment_accepted"

    async def test_a_phone_with_a_booking_and_a_question_is_asked_which(self, notify: Notify) -> None:
        """Fails when a no gives back a chair that was not meant, or the code of a question is not known."""
        session, helper = _coaching(), notify.knows_helper()
        visitor = notify.knows(phone=helper.phone)
        mine = booking(visitor, session, state="confirmed")
        state = assignment(helper, session)
        await notify.hear(published(session), confirmed(mine), proposed(state))
        await notify.reached("delivered", "delivered")
        asked = await notify.reply(helper.phone, "NEJ")
        assert asked
        assert asked.startswith("Biblioteket: Vi har frågat dig om flera saker. Vilken menar du? Skriv NEJ och din kod")
        assert await notify.heard() == []
        assert await notify.reply(helper.phone, "t3r9wx")
        assert await notify.reply(helper.phone, f"NEJ {visitor.code}") is None
        heard = [(reply.about, reply.says) for reply in await notify.heard()]
        assert heard == [(state.assignment_id, "no"), (mine.booking_id, "no")]

    async def test_two_questions_to_one_volunteer_are_told_apart_by_their_codes(self, notify: Notify) -> None:
        """Both are asked of the same contact. Fails when a contact has one code."""
        session, helper = _coaching(), notify.knows_helper()
        first, second = (assignment(helper, session, code=code) for code in ("A2B-3CD", "E4F-5GH"))
        await notify.hear(published(session), proposed(first), proposed(second))
        await notify.reached("delivered", "delivered")
        texts = await _texts(notify, helper)
        assert ["A2B-3CD" in texts[0], "E4F-5GH" in texts[1]] == [True, True]
        assert await notify.reply(helper.phone, "JA")
        assert await notify.reply(helper.phone, "JA A2B-3CD") is None
        [heard] = await notify.heard()
        assert heard.about == first.assignment_id

    async def test_news_is_nothing_to_answer(self, notify: Notify) -> None:
        """Fails when an alarm, told last, makes it unclear which question a yes is to."""
        session, helper = _coaching(), notify.knows_helper()
        state = assignment(helper, session)
        await notify.hear(published(session), proposed(state))
        await notify.reached("delivered")
        await notify.hear(notice(helper, "alarm", session_id=session.session_id))
        await notify.reached("delivered", "delivered")
        assert await notify.reply(helper.phone, "JA") is None
        [heard] = await notify.heard()
        assert heard.about == state.assignment_id

    async def test_stopp_stops_their_reminders_too(self, notify: Notify) -> None:
        session, helper = _coaching(), notify.knows_helper()
        state = assignment(helper, session)
        await notify.hear(published(session), agreed(state))
        await notify.reached("delivered")
        assert await notify.reply(helper.phone, "STOPP")
        await notify.hear(helper_reminded(state))
        rows = await notify.reached("delivered", "skipped")
        assert rows[-1]["reason"] == "stopped"
