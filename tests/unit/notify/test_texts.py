"""What people read: one part, no link, the right words, and only ways to answer that exist."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest
from babel.messages.pofile import read_po
from structlog.testing import capture_logs

from services.notify import render
from services.notify.gsm7 import fits
from services.notify.render import CATALOGS
from tests.unit.notify.samples import STOCKHOLM, WORDINGS, online, session, telling

LANGUAGES = CATALOGS.tags
STARTS_WITH = {"sv": "Biblioteket: ", "en": "The library: "}
ANSWERS_NOBODY_HEARS = re.compile(r"\b(JA|NEJ|YES|NO|[Ss]vara|[Rr]eply)\b")
LINK = re.compile(r"https?:|www\.|\w\.(se|org|com|nu)\b", re.IGNORECASE)
LONGEST_NAME = "Å" * 16
LONGEST_TITLE = "Ö" * 14


def _longest_day(language: str) -> datetime:
    days = (datetime(2028, 1, 1, 16, tzinfo=UTC) + timedelta(days=day) for day in range(366 * 6))
    return max(days, key=lambda day: len(CATALOGS[language].day(day, STOCKHOLM)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
@pytest.mark.parametrize("room", ["", "Rum 2", "Det stora rummet på andra våningen"])
def test_sms_is_one_part_with_the_longest_names(wording: str, language: str, room: str) -> None:
    starts_at = _longest_day(language)
    branch = session().branch.model_copy(update={"sms_name": LONGEST_NAME})
    facts = session(
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        sms_titles=dict.fromkeys(LANGUAGES, LONGEST_TITLE),
        branch=branch,
        room=room,
    )
    text = render.sms(telling(wording, language=language, facts=facts))
    assert fits(text), f"{len(text)}: {text}"
    assert LONGEST_NAME in text
    assert LONGEST_TITLE in text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", ["confirmed", "code again", "new time", "new place", "new time and place"])
@pytest.mark.parametrize("number", ["123 456 789", "312 345 678 901 2"], ids=["usual", "long"])
def test_sms_of_an_online_session_has_its_number(wording: str, language: str, number: str) -> None:
    """Fails when the number is left out where it, or the longest names beside it, need room."""
    starts_at = _longest_day(language)
    facts = online(
        number,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(hours=1),
        sms_titles=dict.fromkeys(LANGUAGES, LONGEST_TITLE),
    )
    text = render.sms(telling(wording, language=language, facts=facts))
    assert fits(text), f"{len(text)}: {text}"
    for words in (f" {number}.", LONGEST_TITLE, "online", "K7F-4MQ", "08-465 004 00"):
        assert words in text
    assert not LINK.search(text)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_no_text_holds_a_link_or_an_answer_that_nobody_hears(wording: str, language: str) -> None:
    about = telling(wording, language=language)
    text = render.sms(about)
    mail = render.letter(about)
    assert text.startswith(STARTS_WITH[language])
    for words in (text, mail.subject, mail.text):
        assert not LINK.search(words), words
        assert not ANSWERS_NOBODY_HEARS.search(words), words
    assert "href" not in mail.html
    assert "src" not in mail.html


def test_a_confirmation_says_when_where_the_code_and_how_to_cancel() -> None:
    assert render.sms(telling()) == (
        "Biblioteket: Du är bokad! Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Kod: K7F-4MQ. "
        "Kan du inte? Ring 08-465 004 00 eller avboka på webben."
    )
    assert render.sms(telling(language="en")) == (
        "The library: You are booked! Language café Tuesday 3 March at 17.00, Kista bibliotek. Code: K7F-4MQ. "
        "Cannot come? Call 08-465 004 00 or cancel online."
    )


def test_what_to_do_is_said_in_as_many_words_as_fit() -> None:
    """Fails when the short words are used although there is room for the plain ones."""
    assert render.sms(telling("new time")).endswith(" Kan du inte? Ring 08-465 004 00 eller avboka på webben.")
    short = telling("new time and place", facts=session(room="Rum 2"))
    assert render.sms(short).endswith(", Rum 2. Kod: K7F-4MQ. Avboka: 08-465 004 00 eller på webben.")
    long = online("312 345 678 901 2", sms_titles={"sv": LONGEST_TITLE})
    assert render.sms(telling("new time and place", facts=long)).endswith(" Avboka: 08-465 004 00.")


@pytest.mark.parametrize(
    ("language", "persons", "news", "lead"),
    [
        ("sv", 1, "Biblioteket: Nu är 1 plats bokad. Språkcafé ", "Nu är 1 plats bokad på Språkcafé."),
        ("sv", 12, "Biblioteket: Nu är 12 platser bokade. Språkcafé ", "Nu är 12 platser bokade på Språkcafé."),
        ("en", 1, "The library: 1 place is booked now. Language ", "1 place is booked now at Language café."),
        ("en", 2, "The library: 2 places are booked now. Language ", "2 places are booked now at Language café."),
    ],
)
def test_who_comes_with_fewer_people_reads_how_many_places_are_left(
    language: str, persons: int, news: str, lead: str
) -> None:
    """Fails when the sentence does not agree with its number."""
    about = telling("fewer people", language=language, persons=persons)
    assert render.sms(about).startswith(news)
    assert f"\n{lead}\n" in render.letter(about).text


def test_a_code_that_was_asked_for_comes_first() -> None:
    assert render.sms(telling("code again")) == (
        "Biblioteket: Din kod är K7F-4MQ. Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. "
        "Kan du inte? Ring 08-465 004 00 eller avboka på webben."
    )
    mail = render.letter(telling("code again"))
    assert mail.subject == "Din kod till Språkcafé tisdag 3 mars kl 17.00"
    assert "\nDin kod är K7F-4MQ. Den gäller Språkcafé.\n" in mail.text
    assert "\nHar du inte bett om koden? Då behöver du inte göra något.\n" in mail.text
    assert "Har du inte bett" not in render.letter(telling()).text


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("cancelled by the visitor", "Tack för att du sa till."),
        ("cancelled by staff", "Din plats är avbokad."),
        ("session cancelled", "ställs in. Vi är ledsna."),
        ("new time", "Ny tid! Språkcafé tisdag 3 mars kl 17.00-18.30, Kista bibliotek."),
        ("new place", "Ny plats: Kista bibliotek. Språkcafé tisdag 3 mars kl 17.00."),
        ("new time and place", "Ny tid och plats! Språkcafé tisdag 3 mars kl 17.00-18.30, Kista bibliotek."),
    ],
)
def test_each_wording_says_its_own(wording: str, words: str) -> None:
    assert words in render.sms(telling(wording))


def test_a_language_without_texts_gets_swedish() -> None:
    assert render.sms(telling(language="tlh")) == render.sms(telling(language="sv"))


def test_a_new_room_is_named_when_it_fits() -> None:
    for wording in ("new place", "new time and place"):
        assert "Kista bibliotek, Rum 2." in render.sms(telling(wording, facts=session(room="Rum 2")))
        long = "Det stora rummet på andra våningen till vänster om trappan"
        assert long not in render.sms(telling(wording, facts=session(room=long)))


@pytest.mark.parametrize(
    ("wording", "subject", "lead"),
    [
        (
            "new time",
            "Ny tid: Språkcafé tisdag 3 mars kl 17.00-18.30",
            "Språkcafé har en ny tid: tisdag 3 mars kl 17.00-18.30.",
        ),
        (
            "new place",
            "Ny plats: Kista bibliotek, Rum 2. Språkcafé tisdag 3 mars kl 17.00",
            "Språkcafé har en ny plats: Kista bibliotek, Rum 2, Kista Galleria.",
        ),
        (
            "new time and place",
            "Ny tid och plats: Språkcafé tisdag 3 mars kl 17.00-18.30, Kista bibliotek, Rum 2",
            (
                "Språkcafé har en ny tid och en ny plats: "
                "tisdag 3 mars kl 17.00-18.30, Kista bibliotek, Rum 2, Kista Galleria."
            ),
        ),
    ],
)
def test_a_letter_of_a_change_says_what_is_true_now(wording: str, subject: str, lead: str) -> None:
    mail = render.letter(telling(wording, facts=session(room="Rum 2")))
    assert mail.subject == subject
    assert f"\n{lead} Du är fortfarande bokad.\n" in mail.text


@pytest.mark.parametrize("wording", ["new place", "new time and place"])
def test_a_session_that_moved_online_has_no_room(wording: str) -> None:
    about = telling(wording, facts=session(place="online", room="Rum 2"))
    mail = render.letter(about)
    for words in (render.sms(about), mail.subject, mail.text):
        assert "online" in words
        assert "Rum 2" not in words
        assert "Kista" not in words


def test_an_online_session_is_at_no_library() -> None:
    about = telling(facts=session(place="online"))
    assert ", online. Kod" in render.sms(about)
    assert "Var: online\n" in render.letter(about).text


def test_an_online_session_is_entered_by_number_or_from_the_mail() -> None:
    """Fails when the address stands in the SMS, or is no link in the mail, or may break out of it."""
    about = telling(facts=online())
    assert render.sms(about) == (
        "Biblioteket: Du är bokad! Språkcafé tisdag 3 mars kl 17.00, online. Mötesnummer 123 456 789. "
        "Kod: K7F-4MQ. Avboka: 08-465 004 00 eller på webben."
    )
    mail = render.letter(about)
    assert "\nVar: online\nLänk: https://meet.example.org/j/123?pwd=a&b=c\nMötesnummer: 123 456 789\n" in mail.text
    assert "\nLänken är bara för dig som har en plats. Skicka den inte vidare.\n" in mail.text
    assert '<a href="https://meet.example.org/j/123?pwd=a&amp;b=c">' in mail.html


def test_an_online_session_without_a_number_is_entered_by_its_link() -> None:
    about = telling(facts=online(number=""))
    assert "online. Kod: " in render.sms(about)
    text = render.letter(about).text
    assert "Länk: https://meet.example.org/" in text
    assert "Mötesnummer" not in text


@pytest.mark.parametrize("wording", ["cancelled by the visitor", "cancelled by staff", "session cancelled"])
def test_who_has_no_seat_is_not_told_how_to_get_in(wording: str) -> None:
    about = telling(wording, facts=online())
    mail = render.letter(about)
    for words in (render.sms(about), mail.text, mail.html):
        assert "meet.example.org" not in words
        assert "123 456 789" not in words


def test_a_session_that_is_held_at_a_library_after_all_has_no_way_in() -> None:
    """Fails when what is left of a meeting is told although the place changed."""
    assert "meet.example.org" not in render.letter(telling("new place", facts=online(place="branch"))).text


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
    assert " 08-465 004 00" in text
    [warning] = logs
    assert (warning["event"], warning["session_id"]) == ("sms_shortened", str(facts.session_id))


def test_a_number_that_hardly_fits_is_told_in_full() -> None:
    """Fails when the number or the code is cut instead of the title: half a number opens nothing."""
    number = "123 456 789 012 345 6789"
    facts = online(number, sms_titles={"sv": "Ö" * 40})
    text = render.sms(telling("new time and place", facts=facts))
    assert fits(text), text
    assert (
        f"ÖÖÖ tisdag 3 mars kl 17.00-18.30, online. Mötesnummer {number}. Kod: K7F-4MQ. Avboka: 08-465 004 00." in text
    )


@pytest.mark.parametrize("blank", ["\u2028", "\u2029", "\x85", "\x1c", "\r\n", "\t", " \x00 ", "\u00a0"])
def test_what_would_break_a_line_is_a_space(blank: str) -> None:
    odd = f"Ett{blank}två"
    branch = session().branch.model_copy(update={"name": odd, "sms_name": odd})
    facts = session(titles={"sv": odd}, sms_titles={"sv": odd}, room=odd, branch=branch)
    about = telling("new time and place", name=odd, facts=facts)
    mail = render.letter(about)
    assert mail.subject == "Ny tid och plats: Ett två tisdag 3 mars kl 17.00-18.30, Ett två, Ett två"
    assert "Hej Ett två!\n" in mail.text
    assert "Var: Ett två, Ett två, Kista Galleria\n" in mail.text
    assert "Ett två tisdag 3 mars kl 17.00-18.30, Ett två, Ett två." in render.sms(about)


@pytest.mark.parametrize(
    ("phone", "proof"),
    [
        ("+46701740605", "På webben behöver du koden och de fyra sista siffrorna i ditt telefonnummer."),
        (None, "På webben behöver du koden och de två första bokstäverna i ditt namn."),
    ],
)
def test_a_letter_says_where_to_cancel_and_what_proves_the_booking(phone: str | None, proof: str) -> None:
    text = _letter("sv", phone).text
    assert "Ring 08-465 004 00 eller avboka här: https://plats.example.org/sv/my-booking\n" in text
    assert f"{proof}\n" in text
    assert "https://plats.example.org/en/my-booking\n" in _letter("en", phone).text


def _letter(language: str, phone: str | None) -> render.Letter:
    about = telling(language=language)
    contact = about.contact.model_copy(update={"phone": phone})
    return render.letter(replace(about, contact=contact, public_url="https://plats.example.org"))


def test_no_text_message_holds_the_address_of_the_web() -> None:
    assert not LINK.search(render.sms(replace(telling(), public_url="https://plats.example.org")))


def test_a_letter_has_everything_the_person_needs() -> None:
    mail = render.letter(telling(persons=3))
    assert mail.subject == "Du är bokad: Språkcafé tisdag 3 mars kl 17.00"
    for line in (
        "Hej Sara!",
        "När: tisdag 3 mars kl 17.00-18.30",
        "Var: Kista bibliotek, Kista Galleria",
        "Platser: 3 personer",
        "Din kod: K7F-4MQ",
        "Kan du inte komma? Ring 08-465 004 00 eller avboka på webben.",
        "Vi frågar aldrig efter BankID, lösenord eller pengar.",
    ):
        assert f"{line}\n" in mail.text
    assert "Platser: 1 person\n" in render.letter(telling()).text


def test_a_cancelled_booking_has_no_code_in_the_letter() -> None:
    assert "K7F-4MQ" not in render.letter(telling("session cancelled")).text


def test_a_name_is_no_markup() -> None:
    mail = render.letter(telling(name="<b>{code}</b>"))
    assert "&lt;b&gt;{code}&lt;/b&gt;" in mail.html
    assert "Hej <b>{code}</b>!" in mail.text


def _entries(language: str) -> Iterator[tuple[str, str]]:
    path = Path(render.__file__).parent / "locales" / language / "messages.po"
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
