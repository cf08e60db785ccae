"""What people read on a phone: one part, no link, the right words, and only ways to answer that are heard."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from structlog.testing import capture_logs

from services.notify import render
from services.notify.gsm7 import fits
from services.notify.messages import ENDING
from tests.unit.notify.samples import (
    LANGUAGES,
    LONGEST_NAME,
    LONGEST_TITLE,
    WORDINGS,
    longest,
    longest_day,
    online,
    session,
    telling,
)

STARTS_WITH = {"sv": "Biblioteket: ", "en": "The library: "}
NO = {"sv": "Svara NEJ.", "en": "Reply NO."}
YES_OR_NO = {"sv": "Svara JA eller NEJ", "en": "Reply YES or NO"}
LINK = re.compile(r"https?:|www\.|\w\.(se|org|com|nu)\b", re.IGNORECASE)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize("room", ["", "Rum 2", "Det stora rummet på andra våningen"])
@pytest.mark.parametrize("persons", [1, 12])
def test_sms_is_one_part_with_the_longest_names(wording: str, language: str, room: str, persons: int) -> None:
    """Fails when a text has no form that is short enough: its title would be cut."""
    facts = longest(language, room)
    now = facts.starts_at - timedelta(hours=26)
    with capture_logs() as logs:
        text = render.sms(telling(wording, language=language, facts=facts, now=now, persons=persons))
    assert not logs
    assert fits(text), f"{len(text)}: {text}"
    assert text.startswith(STARTS_WITH[language])
    assert LONGEST_NAME in text
    assert LONGEST_TITLE in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", ["offered", "code again on offer", "new time on offer", "fewer people on offer"])
@pytest.mark.parametrize("days", range(15))
def test_a_time_to_answer_by_fits_beside_the_longest_names(wording: str, language: str, days: int) -> None:
    """Fails when the longest weekday, or the date of a time that is far away, leaves no room."""
    facts = longest(language)
    now = facts.starts_at - timedelta(days=20)
    with capture_logs() as logs:
        about = telling(wording, language=language, facts=facts, now=now, answer_by=now + timedelta(days=days))
        text = render.sms(about)
    assert not logs
    assert fits(text), f"{len(text)}: {text}"
    assert about.deadline in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "wording",
    ["confirmed", "accepted", "moved", "reminder", "code again", "new time", "new place", "new time and place"],
)
@pytest.mark.parametrize("number", ["123 456 789", "312 345 678 901 2"], ids=["usual", "long"])
def test_sms_of_an_online_session_has_its_number(wording: str, language: str, number: str) -> None:
    """Fails when the number is left out where it, or the longest names beside it, need room."""
    starts_at = longest_day(language)
    facts = online(
        number,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        sms_titles=dict.fromkeys(LANGUAGES, LONGEST_TITLE),
    )
    text = render.sms(telling(wording, language=language, facts=facts, now=starts_at - timedelta(hours=26)))
    assert fits(text), f"{len(text)}: {text}"
    for words in (f" {number}.", LONGEST_TITLE, "online", "K7F-4MQ", NO[language]):
        assert words in text
    assert not LINK.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_no_text_holds_a_link(wording: str, language: str) -> None:
    about = telling(wording, language=language)
    assert not LINK.search(render.sms(about))
    assert not LINK.search(render.sms(replace(about, public_url="https://plats.example.org")))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_every_text_that_can_be_answered_says_how(wording: str, language: str) -> None:
    """Fails when somebody who has something to give back, or to answer, is not told that a word is enough."""
    about = telling(wording, language=language)
    text = render.sms(about)
    if about.template in ENDING:
        assert NO[language] not in text
        assert YES_OR_NO[language] not in text
    elif about.standing == "offered" or about.parameters.reconfirm:
        assert YES_OR_NO[language] in text
    elif about.of_series:
        assert f"{NO[language][:-1]} K7F-4MQ." in text
    else:
        assert NO[language] in text
    if about.answer_by:
        assert about.deadline in text
    assert ("K7F-4MQ" in text) is (about.template not in ENDING)


def test_a_confirmation_says_when_where_the_code_and_how_to_cancel() -> None:
    assert render.sms(telling()) == (
        "Biblioteket: Du är bokad! Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Kod: K7F-4MQ. "
        "Kan du inte komma? Svara NEJ. Frågor? 08-465 004 00"
    )
    assert render.sms(telling(language="en")) == (
        "The library: You are booked! Language café Tuesday 3 March at 17.00, Kista bibliotek. Code: K7F-4MQ. "
        "Cannot come? Reply NO. Questions? 08-465 004 00"
    )


def test_who_waits_reads_how_far_ahead_the_others_are_and_what_happens_next() -> None:
    assert render.sms(telling("queued")) == (
        "Biblioteket: Du är nummer 3 i kön: Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. "
        "Vi skickar sms om du får plats. Kod: K7F-4MQ. Lämna kön? Svara NEJ."
    )
    assert "Vi skickar sms om du får plats. Kod: K7F-4MQ. Vill du inte vänta? Svara NEJ." in render.sms(
        telling("queued", facts=session(sms_titles={"sv": "Sagor"}))
    )


def test_an_offer_says_until_when() -> None:
    """Fails when the time is not rounded to the earlier side, and when it is told in another zone."""
    assert render.sms(telling("offered")) == (
        "Biblioteket: Du kan få en plats! Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Kod: K7F-4MQ. "
        "Svara JA eller NEJ före måndag kl 12.00."
    )
    assert " before Monday at 12.00." in render.sms(telling("offered", language="en"))


@pytest.mark.parametrize(
    ("answer_by", "deadline"),
    [
        ("2026-03-02T11:00:00+00:00", "måndag kl 12.00"),
        ("2026-03-02T11:04:59+00:00", "måndag kl 12.00"),
        ("2026-03-02T11:05:00+00:00", "måndag kl 12.05"),
        ("2026-03-02T10:59:59+00:00", "måndag kl 11.55"),
        ("2026-03-08T18:00:00+00:00", "söndag kl 19.00"),
        ("2026-03-09T18:00:00+00:00", "måndag 9/3 kl 19.00"),
        ("2026-03-29T00:59:00+00:00", "söndag 29/3 kl 01.55"),
        ("2026-03-29T01:01:00+00:00", "söndag 29/3 kl 03.00"),
    ],
)
def test_a_time_to_answer_by_is_told_by_its_weekday(answer_by: str, deadline: str) -> None:
    """Fails when a weekday could be this one or the next, and on the day on which an hour is left out."""
    about = telling("offered", answer_by=datetime.fromisoformat(answer_by))
    assert about.deadline == deadline
    assert f"före {deadline}." in render.sms(about)


@pytest.mark.parametrize(
    ("now", "when"),
    [
        ("2026-03-02T00:00:00+01:00", "i morgon tisdag 3 mars"),
        ("2026-03-02T23:59:59+01:00", "i morgon tisdag 3 mars"),
        ("2026-03-03T00:00:00+01:00", "i dag tisdag 3 mars"),
        ("2026-03-03T07:00:00+01:00", "i dag tisdag 3 mars"),
        ("2026-03-01T23:59:59+01:00", "tisdag 3 mars"),
        ("2026-03-01T23:00:00+00:00", "i morgon tisdag 3 mars"),
    ],
)
def test_a_reminder_tells_the_day_as_it_is_when_it_is_sent(now: str, when: str) -> None:
    """Fails when the day is counted in hours, or in UTC."""
    text = render.sms(telling("reminder", now=datetime.fromisoformat(now)))
    assert f"Påminnelse! Språkcafé {when} kl 17.00, " in text


def test_a_reminder_may_ask_whether_somebody_comes() -> None:
    assert render.sms(telling("reminder, reconfirm")).endswith(" Kod: K7F-4MQ. Kommer du? Svara JA eller NEJ.")
    assert render.sms(telling("reminder, reconfirm", language="en")).endswith(" Are you coming? Reply YES or NO.")


def test_what_to_do_is_said_in_as_many_words_as_fit() -> None:
    """Fails when the short words are used although there is room for the plain ones."""
    assert render.sms(telling("new time")).endswith(" Kan du inte komma? Svara NEJ. Frågor? 08-465 004 00")
    short = telling("new time and place", facts=session(room="Rum 2"))
    assert render.sms(short).endswith(", Rum 2. Kod: K7F-4MQ. Kan du inte komma? Svara NEJ. Frågor? 08-465 004 00")
    long = online("312 345 678 901 2", sms_titles={"sv": LONGEST_TITLE})
    assert render.sms(telling("new time and place", facts=long)).endswith(
        " Kod: K7F-4MQ. Kan du inte komma? Svara NEJ."
    )
    longer = online("312 345 678 901 234 567", sms_titles={"sv": LONGEST_TITLE})
    assert render.sms(telling("new time and place", facts=longer)).endswith(" Kod: K7F-4MQ. Avboka? Svara NEJ.")


@pytest.mark.parametrize(
    ("wording", "language", "persons", "news"),
    [
        ("fewer people", "sv", 1, "Biblioteket: Nu är 1 plats bokad. Språkcafé "),
        ("fewer people", "sv", 12, "Biblioteket: Nu är 12 platser bokade. Språkcafé "),
        ("fewer people", "en", 1, "The library: 1 place is booked now. Language "),
        ("fewer people", "en", 2, "The library: 2 places are booked now. Language "),
        ("fewer people in the queue", "sv", 1, "Biblioteket: Nu står du i kön för 1 plats. Språkcafé "),
        ("fewer people in the queue", "sv", 2, "Biblioteket: Nu står du i kön för 2 platser. Språkcafé "),
        ("fewer people in the queue", "en", 2, "The library: You are waiting for 2 places. Language "),
        ("fewer people on offer", "sv", 1, "Biblioteket: Nu kan du få 1 plats. Språkcafé "),
        ("fewer people on offer", "en", 2, "The library: You can have 2 places. Language "),
    ],
)
def test_who_comes_with_fewer_people_reads_how_many_places_are_left(
    wording: str, language: str, persons: int, news: str
) -> None:
    """Fails when the sentence does not agree with its number, or promises a seat to somebody who waits."""
    assert render.sms(telling(wording, language=language, persons=persons)).startswith(news)


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("accepted", "Tack! Du har en plats. Språkcafé "),
        ("offer expired", "Vi fick inget svar. Platsen gick till nästa."),
        ("declined", "Du sa nej. Platsen går till nästa."),
        ("moved", "Klart! Du har bytt till Språkcafé tisdag 3 mars kl 17.00"),
        ("cancelled by the visitor", "Tack för att du sa till."),
        ("cancelled by staff", "Din plats är avbokad."),
        ("left the queue", "Du står inte längre i kön."),
        ("taken off the queue", "Du står inte längre i kön."),
        ("offer taken back by staff", "Du står inte längre i kön."),
        ("session cancelled", "ställs in. Vi är ledsna."),
        ("session cancelled in the queue", "ställs in. Vi är ledsna."),
        ("new time", "Ny tid! Språkcafé tisdag 3 mars kl 17.00-18.30, Kista bibliotek."),
        ("new time in the queue", "Kista bibliotek. Kod: K7F-4MQ. Du står i kön. Vill du inte vänta? Svara NEJ."),
        ("new time on offer", "Du kan få en plats. Svara JA eller NEJ före måndag kl 12.00."),
        ("new place", "Ny plats: Kista bibliotek. Språkcafé tisdag 3 mars kl 17.00."),
        ("new time and place", "Ny tid och plats! Språkcafé tisdag 3 mars kl 17.00-18.30, Kista bibliotek."),
        ("code again", "Din kod är K7F-4MQ. Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Kan du inte komma?"),
        ("code again in the queue", "Kista bibliotek. Du står i kön. Vill du inte vänta? Svara NEJ."),
        ("code again before the offer is told", "Kista bibliotek. Du kan få en plats. Svara JA eller NEJ."),
    ],
)
def test_each_wording_says_its_own(wording: str, words: str) -> None:
    assert words in render.sms(telling(wording))


@pytest.mark.parametrize("wording", [name for name, case in WORDINGS.items() if case.standing != "confirmed"])
def test_who_has_no_seat_is_not_told_that_they_have(wording: str) -> None:
    """Fails when what is said to those who have a seat is said to everybody."""
    about = telling(wording)
    mail = render.letter(about)
    for words in (render.sms(about), mail.subject, mail.text):
        assert not re.search("bokad!|Du har en plats|fortfarande bokad|Kan du inte komma", words), words


@pytest.mark.parametrize(
    ("wording", "language", "words"),
    [
        (
            "series",
            "sv",
            "Du är bokad 40 gånger! Språkcafé tisdagar kl 17.00, 3 mars till 1 december, Kista bibliotek.",
        ),
        ("series", "en", "You are booked 40 times! Language café Tuesdays at 17.00, 3 March to 1 December, Kista bib"),
        ("series of one date", "sv", "Du är bokad 1 gång! Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Avboka"),
        (
            "series twice a week",
            "sv",
            " Språkcafé tisdagar och fredagar kl 17.00, 3 mars till 17 juli, Kista bibliotek.",
        ),
        ("series without a rhythm", "sv", " Språkcafé första gången tisdag 3 mars kl 17.00, sista gången 1 december, "),
        ("series with dates refused", "sv", ", Kista bibliotek. Inte 26 maj. Avboka alla? Svara NEJ K7F-4MQ."),
        ("series with many refused", "sv", ", Kista bibliotek. 12 gånger gick inte. Avboka alla? "),
        ("series at a new time", "sv", "Ny tid för 40 gånger! Språkcafé tisdagar kl 17.00, 3 mars till 1 december, "),
        (
            "series at a new place",
            "sv",
            "Ny plats för 40 gånger: Kista bibliotek. Språkcafé tisdagar kl 17.00, 3 mars till",
        ),
        (
            "series cancelled by staff",
            "sv",
            "Alla 40 gånger är avbokade. Språkcafé tisdagar kl 17.00, 3 mars till 1 dece",
        ),
        (
            "session cancelled, next time",
            "sv",
            "ställs in. Vi är ledsna. Nästa gång: tisdag 10 mars kl 17.00. Frågor? 08-",
        ),
        (
            "announced: lift_broken",
            "sv",
            "kl 17.00, Kista bibliotek. Hissen är trasig. Ring 08-465 004 00 för hjälp. Kod: K7F",
        ),
    ],
)
def test_what_is_new_says_what_it_is_about(wording: str, language: str, words: str) -> None:
    assert words in render.sms(telling(wording, language=language))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_next_time_at_the_longest_place_fits(language: str) -> None:
    """Fails when the library of the next time, or the day, is cut: people would go to the wrong one."""
    facts = longest(language)
    elsewhere = facts.branch.model_copy(update={"id": "elsewhere", "sms_name": "Ä" * 16})
    following = facts.model_copy(update={"branch": elsewhere})
    with capture_logs() as logs:
        text = render.sms(telling("session cancelled, next time", language=language, facts=facts, following=following))
    assert not logs
    assert fits(text), f"{len(text)}: {text}"
    assert text.count(LONGEST_NAME) == text.count("Ä" * 16) == 1


def test_a_date_that_nobody_knows_is_counted() -> None:
    """Fails when a date that was refused is left out because catalog's word on it is still on its way."""
    about = replace(telling("series with dates refused"), refused=())
    assert " 1 gånger gick inte" not in render.sms(about)
    assert " 1 gång gick inte att boka. " in render.sms(about)
    assert "Gick inte att boka: 1 gång\n" in render.letter(about).text


def test_a_language_without_texts_gets_swedish() -> None:
    assert render.sms(telling(language="tlh")) == render.sms(telling(language="sv"))


def test_a_new_room_is_named_when_it_fits() -> None:
    for wording in ("new place", "new time and place"):
        assert "Kista bibliotek, Rum 2." in render.sms(telling(wording, facts=session(room="Rum 2")))
        long = "Det stora rummet på andra våningen till vänster om trappan"
        assert long not in render.sms(telling(wording, facts=session(room=long)))


def test_an_online_session_is_at_no_library() -> None:
    assert ", online. Kod" in render.sms(telling(facts=session(place="online")))


def test_an_online_session_is_entered_by_its_number() -> None:
    """Fails when its address stands in the SMS."""
    assert render.sms(telling(facts=online())) == (
        "Biblioteket: Du är bokad! Språkcafé tisdag 3 mars kl 17.00, online. Mötesnummer 123 456 789. "
        "Kod: K7F-4MQ. Kan du inte komma? Svara NEJ. Frågor? 08-465 004 00"
    )
    assert "online. Kod: " in render.sms(telling(facts=online(number="")))


def test_typographic_signs_do_not_double_the_price() -> None:
    title = {"sv": "Café \u2013 \u201dprat\u201d\u2026"}
    assert 'Café - "prat"...' in render.sms(telling(facts=session(sms_titles=title)))


@pytest.mark.parametrize(("text", "one_part"), [("å" * 160, True), ("å" * 161, False), ("€" * 80, True), ("ş", False)])
def test_counting_parts(text: str, one_part: bool) -> None:  # noqa: FBT001 - a column of the table
    assert fits(text) is one_part


@pytest.mark.parametrize(
    ("title", "branch", "words"),
    [
        ("Română și ţară", "Kista bibliotek", "Romana si tara tisdag 3 mars kl 17.00, Kista bibliotek."),
        ("مقهى اللغة", "Kista bibliotek", "bokad! tisdag 3 mars kl 17.00, Kista bibliotek."),
        ("[" * 22, "{" * 16, "[[[ tisdag 3 mars kl 17.00, {{{{{{{{{{{{{{{{."),
        ("Ö" * 80, "Å" * 16, "ÖÖÖ tisdag 3 mars kl 17.00, ÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅÅ."),
        ("Ö" * 80, "€" * 80, "bokad! tisdag 3 mars kl 17.00, €€"),
    ],
)
def test_what_costs_too_much_is_spelled_and_shortened(title: str, branch: str, words: str) -> None:
    facts = session(sms_titles={"sv": title}, branch=session().branch.model_copy(update={"sms_name": branch}))
    with capture_logs() as logs:
        text = render.sms(telling(facts=facts))
    assert fits(text), text
    assert words in text
    assert "Kod: K7F-4MQ. " in text
    assert " Svara NEJ." in text
    [warning] = logs
    assert (warning["event"], warning["session_id"]) == ("sms_shortened", str(facts.session_id))


def test_a_number_that_hardly_fits_is_told_in_full() -> None:
    """Fails when the number or the code is cut instead of the title: half a number opens nothing."""
    number = "123 456 789 012 345 6789"
    facts = online(number, sms_titles={"sv": "Ö" * 40})
    text = render.sms(telling("new time and place", facts=facts))
    assert fits(text), text
    assert f"ÖÖÖ tisdag 3 mars kl 17.00-18.30, online. Mötesnummer {number}. Kod: K7F-4MQ. Avboka? Svara NEJ." in text


def _entries(language: str) -> Iterator[tuple[str, str]]:
    for path in sorted((Path(render.__file__).parents[1] / "locales" / language).glob("*.po")):
        with path.open("rb") as source:
            for entry in read_po(source):
                ids = entry.id if isinstance(entry.id, (list, tuple)) else [entry.id]
                texts = entry.string if isinstance(entry.string, (list, tuple)) else [entry.string]
                if entry.id:
                    yield ids[0], "".join(text or "" for text in texts)


def _placeholders(text: str) -> set[str | None]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text_with_the_same_placeholders(language: str) -> None:
    wanted = {key: _placeholders(text) for key, text in _entries("sv")}
    there = {key: _placeholders(text) for key, text in _entries(language) if text}
    assert there == wanted
