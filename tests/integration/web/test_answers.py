"""What the library asks beside who comes, on pages of its own: chosen, written, kept, changed, sent."""

import json
from typing import Any
from uuid import UUID

import pytest

from tests.integration.web.house import House
from tests.support.pages import Browser, Form
from tests.support.servers import eventually

TOPIC, HELP = {"answer-topic": "bankid"}, {"answer-help_language": "ar"}
CLASS: dict[str, Form] = {
    "": {"adults": "2", "children": "24"},
    "/answers/school": {"answer-school": "Bergaskolan", "answer-class": "4B"},
    "/answers/grade": {"answer-grade": "4"},
    "/answers/needs": {"answer-needs-step_free": "1", "answer-needs-interpreter": "1", "answer-needs-owl": "1"},
    "/name": {"name": "Karin"},
}


def book(session: str, step: str = "", language: str = "sv") -> str:
    return f"/{language}/sessions/{session}/book{step}"


async def answers(house: House, session: str) -> dict[str, Any]:
    """What booking keeps of the only booking."""
    row = await house.booking.row("SELECT answers FROM booking WHERE session_id = $1", UUID(session))
    found = row["answers"]
    kept: dict[str, Any] = json.loads(found) if isinstance(found, str) else dict(found)
    return kept


async def test_coaching_is_booked_with_a_topic_and_a_language(house: House, browser: Browser) -> None:
    """Fails when what was chosen is not shown before the last button, or does not reach booking."""
    session = await house.session("digital_coaching")
    topic = await browser.follow(await browser.get(book(session)))
    assert topic.title.startswith("Vad vill du ha hjälp med? – Boka plats: ")
    assert "Vi gör inga bankärenden" in topic.text
    assert "(arabiska)" not in topic.text.lower(), "one question a page"
    language = await browser.follow(await browser.post(book(session, "/answers/topic"), TOPIC))
    assert "العربية (Arabiska)" in language.text
    assert "Vi gör inga bankärenden" not in language.text
    name = await browser.follow(await browser.post(book(session, "/answers/help_language"), HELP))
    assert "Vad heter du?" in name.text
    last = await browser.follow(await browser.post(book(session, "/name"), {"name": "Sara"}))
    assert "Vad vill du ha hjälp med? Komma i gång med BankID Ändra svar" in last.text

    done = await browser.post(book(session, "/reach"), {"by": "none"})

    assert done.location == "/sv/booked"
    assert await answers(house, session) == {"topic": "bankid", "help_language": "ar"}


async def test_a_class_is_booked_without_the_name_of_any_pupil(house: House, browser: Browser) -> None:
    """Fails when a box that does not exist is sent on, or a line is taken for a choice."""
    session = await house.session("class_visit", capacity=1)
    for step, form in CLASS.items():
        assert (await browser.post(book(session, step), form)).status == 303, step
    school = await browser.get(book(session, "/answers/school"))
    assert (school.value("answer-school"), school.value("answer-class")) == ("Bergaskolan", "4B")
    assert "Skriv aldrig namn på elever." in school.text
    last = await browser.get(book(session, "/reach"))
    assert "Komma in utan trappor, Plats för tolk" in last.text

    assert (await browser.post(book(session, "/reach"), {"by": "none"})).location == "/sv/booked"

    assert await answers(house, session) == {
        "school": "Bergaskolan",
        "class": "4B",
        "grade": "4",
        "needs": ["step_free", "interpreter"],
    }


@pytest.mark.parametrize(
    ("step", "form", "field", "told"),
    [
        ("/answers/grade", {"answer-grade": "99"}, "answer-grade", "Välj ett svar: Årskurs"),
        ("/answers/grade", {}, "answer-grade", "Välj ett svar: Årskurs"),
        ("/answers/school", {"answer-class": "4B"}, "answer-school", "Fyll i: Skola"),
        ("", {"adults": "4", "children": "31"}, "children", "En klass kan vara högst 34 personer"),
    ],
)
async def test_what_is_missing_is_named_and_linked(
    house: House, browser: Browser, step: str, form: Form, field: str, told: str
) -> None:
    """Fails when a fault is said without its question, or the link in the summary leads nowhere."""
    session = await house.session("class_visit", capacity=1)
    await browser.post(book(session), CLASS[""])
    await browser.post(book(session, "/answers/school"), CLASS["/answers/school"])

    shown = await browser.post(book(session, step), form)

    assert (shown.status, shown.title.startswith("Fel: ")) == (422, True)
    assert shown.text.count(told) == 2
    assert f'href="#{field}"' in shown.source
    assert f'id="{field}"' in shown.source


async def test_a_line_that_is_no_name_is_asked_for_again_by_its_own_page(house: House, browser: Browser) -> None:
    """Booking decides. Fails when its answer leads to the last page, which has no such field."""
    session = await house.session("class_visit", capacity=1)
    for step, form in CLASS.items():
        await browser.post(book(session, step), form)
    await browser.post(book(session, "/answers/school"), {"answer-school": "www.evil.example", "answer-class": "4B"})

    shown = await browser.post(book(session, "/reach"), {"by": "none"})

    assert shown.status == 422
    assert f'action="{book(session, "/answers/school")}"' in shown.source
    assert "utan länkar och telefonnummer: Skola" in shown.text
    assert shown.value("answer-school") == "www.evil.example"


async def test_no_question_is_passed_and_each_is_seen_once(house: House, browser: Browser) -> None:
    """Fails when somebody reaches the end without a required answer, or one they may leave open is never shown."""
    session = await house.session("digital_coaching")
    await browser.post(book(session, "/name"), {"name": "Sara"})
    assert (await browser.get(book(session, "/reach"))).location == book(session, "/answers/topic")

    sent = await browser.post(book(session, "/answers/topic"), TOPIC)

    assert sent.location == book(session, "/answers/help_language")
    sent = await browser.post(book(session, "/answers/help_language"), {})
    assert sent.location == book(session, "/reach")
    changed = await browser.post(book(session, "/answers/topic"), {"answer-topic": "swish"})
    assert changed.location == book(session, "/reach")
    assert "Komma i gång med Swish" in (await browser.get(book(session, "/reach"))).text
    assert (await browser.get(book(session, "/answers/shoe_size"))).location == book(session, "/answers/topic")


async def test_answers_go_along_to_another_time_and_not_to_another_activity(house: House, browser: Browser) -> None:
    """Fails when they are typed twice, or sent where nobody asked: booking would refuse all."""
    full, free, cafe = (
        await house.session("digital_coaching", capacity=1),
        await house.session("digital_coaching"),
        await house.session(),
    )
    await browser.post(book(full, "/answers/topic"), TOPIC)
    await browser.post(book(full, "/answers/help_language"), HELP)
    await browser.post(book(full, "/name"), {"name": "Sara"})

    onward = await browser.get(book(free, "/reach"))

    assert onward.status == 200
    assert "Komma i gång med BankID" in onward.text
    await browser.book(cafe, {"adults": "1", "children": "0", "name": "Sara", "by": "none"})
    assert await answers(house, cafe) == {}


async def test_a_question_that_the_library_adds_meanwhile_is_asked(house: House, browser: Browser) -> None:
    """Fails when the last page says that something is wrong without saying what."""
    session = await house.session("digital_coaching")
    await browser.post(book(session, "/answers/topic"), TOPIC)
    await browser.post(book(session, "/answers/help_language"), {})
    await browser.post(book(session, "/name"), {"name": "Sara"})
    await house.catalog.database.pool.execute(
        "UPDATE session SET ask = (SELECT jsonb_agg(one || '{\"required\": true}') FROM jsonb_array_elements(ask) one)"
    )

    async def asked() -> bool:
        shown = await browser.get(book(session, "/reach"))
        return shown.location == book(session, "/answers/help_language")

    await eventually(asked)
