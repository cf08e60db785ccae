"""What people read in a mail: everything they need, where to answer, and nothing that nobody reads."""

import re
from dataclasses import replace

import pytest

from services.notify import render
from tests.unit.notify.samples import LANGUAGES, WORDINGS, online, session, telling

ANSWERS_NOBODY_READS = re.compile(r"\b(JA|NEJ|YES|NO)\b")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_no_mail_asks_for_an_answer_that_nobody_reads(wording: str, language: str) -> None:
    """Fails when a mail says what only an SMS may, and when it has a link although web's address is not known."""
    mail = render.letter(telling(wording, language=language))
    for words in (mail.subject, mail.text):
        assert not ANSWERS_NOBODY_READS.search(words), words
        assert not re.search(r"\b(sms|text you)\b", words), words
    for marks in ("href", "src"):
        assert marks not in mail.html
    assert "{" not in mail.text


@pytest.mark.parametrize(
    ("language", "persons", "lead"),
    [
        ("sv", 1, "Nu är 1 plats bokad på Språkcafé."),
        ("sv", 12, "Nu är 12 platser bokade på Språkcafé."),
        ("en", 1, "1 place is booked now at Language café."),
        ("en", 2, "2 places are booked now at Language café."),
    ],
)
def test_who_comes_with_fewer_people_reads_how_many_places_are_left(language: str, persons: int, lead: str) -> None:
    assert f"\n{lead}\n" in render.letter(telling("fewer people", language=language, persons=persons)).text


def test_a_code_that_was_asked_for_comes_first() -> None:
    mail = render.letter(telling("code again"))
    assert mail.subject == "Din kod till Språkcafé tisdag 3 mars kl 17.00"
    assert "\nDin kod är K7F-4MQ. Den gäller Språkcafé.\n" in mail.text
    assert "\nHar du inte bett om koden? Då behöver du inte göra något.\n" in mail.text
    assert "Har du inte bett" not in render.letter(telling()).text


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


@pytest.mark.parametrize(
    ("wording", "lead"),
    [
        (
            "queued",
            "Det är fullt. Du är nummer 3 i kön till Språkcafé. Vi skickar ett mejl om du får en plats.",
        ),
        (
            "offered",
            "Du kan få en plats på Språkcafé! Svara före måndag 2 mars kl 12.00. Annars går platsen till nästa i kön.",
        ),
        ("new time in the queue", "Språkcafé har en ny tid: tisdag 3 mars kl 17.00-18.30. Du står i kön."),
        ("new time on offer", "Språkcafé har en ny tid: tisdag 3 mars kl 17.00-18.30. Du kan få en plats."),
        ("code again in the queue", "Din kod är K7F-4MQ. Den gäller Språkcafé. Du står i kön."),
        ("code again on offer", "Din kod är K7F-4MQ. Den gäller Språkcafé. Du kan få en plats."),
        ("fewer people in the queue", "Nu står du i kön för 1 plats på Språkcafé."),
        ("accepted", "Tack! Du har en plats på Språkcafé."),
        ("moved", "Klart! Du har bytt till Språkcafé tisdag 3 mars kl 17.00. Där har du en plats."),
        ("reminder", "Kom ihåg: Språkcafé är i morgon tisdag 3 mars kl 17.00. Välkommen!"),
        (
            "reminder, reconfirm",
            (
                "Kom ihåg: Språkcafé är i morgon tisdag 3 mars kl 17.00. Välkommen! "
                "Det är fullt. Kan du inte komma? Säg till, så får någon annan din plats."
            ),
        ),
        ("taken off the queue", "Biblioteket har tagit bort dig från kön till Språkcafé."),
    ],
)
def test_a_letter_says_what_happened_and_what_the_booking_is(wording: str, lead: str) -> None:
    assert f"\n{lead}\n" in render.letter(telling(wording)).text


@pytest.mark.parametrize(
    ("wording", "act", "facts"),
    [
        ("confirmed", "Kan du inte komma? Ring 08-465 004 00 eller avboka", ("Din kod: K7F-4MQ",)),
        (
            "queued",
            "Vill du inte vänta? Ring 08-465 004 00 eller lämna kön",
            ("Nummer i kön: 3", "Din kod: K7F-4MQ"),
        ),
        (
            "offered",
            "Vill du ha platsen? Ring 08-465 004 00 eller säg ja",
            ("Svara före: måndag 2 mars kl 12.00", "Din kod: K7F-4MQ"),
        ),
    ],
)
def test_a_letter_says_where_to_act(wording: str, act: str, facts: tuple[str, ...]) -> None:
    """Fails when who waits is told to cancel, or who has an offer not until when."""
    about = telling(wording)
    text = render.letter(about).text
    assert f"\n{act} " in text
    for fact in facts:
        assert f"\n{fact}\n" in text
    linked = render.letter(replace(about, public_url="https://plats.example.org"))
    assert "https://plats.example.org/sv/my-booking\n" in linked.text


@pytest.mark.parametrize("wording", ["new place", "new time and place"])
def test_a_session_that_moved_online_has_no_room(wording: str) -> None:
    about = telling(wording, facts=session(place="online", room="Rum 2"))
    mail = render.letter(about)
    for words in (render.sms(about), mail.subject, mail.text):
        assert "online" in words
        assert "Rum 2" not in words
        assert "Kista" not in words


def test_an_online_session_is_entered_from_the_mail() -> None:
    """Fails when the address is no link, or may break out of it."""
    mail = render.letter(telling(facts=online()))
    assert "\nVar: online\nLänk: https://meet.example.org/j/123?pwd=a&b=c\nMötesnummer: 123 456 789\n" in mail.text
    assert "\nLänken är bara för dig som har en plats. Skicka den inte vidare.\n" in mail.text
    assert '<a href="https://meet.example.org/j/123?pwd=a&amp;b=c">' in mail.html


def test_an_online_session_without_a_number_is_entered_by_its_link() -> None:
    text = render.letter(telling(facts=online(number=""))).text
    assert "Länk: https://meet.example.org/" in text
    assert "Mötesnummer" not in text


@pytest.mark.parametrize("wording", [name for name, case in WORDINGS.items() if case.standing != "confirmed"])
def test_who_has_no_seat_is_not_told_how_to_get_in(wording: str) -> None:
    about = telling(wording, facts=online())
    mail = render.letter(about)
    for words in (render.sms(about), mail.text, mail.html):
        assert "meet.example.org" not in words
        assert "123 456 789" not in words


def test_a_session_that_is_held_at_a_library_after_all_has_no_way_in() -> None:
    """Fails when what is left of a meeting is told although the place changed."""
    assert "meet.example.org" not in render.letter(telling("new place", facts=online(place="branch"))).text


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


def test_who_helps_somebody_is_told_whom_it_is_about() -> None:
    about = telling()
    mail = render.letter(replace(about, contact=about.contact.model_copy(update={"by": "proxy"})))
    assert mail.text.startswith("Hej! Det här gäller Sara.")


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
