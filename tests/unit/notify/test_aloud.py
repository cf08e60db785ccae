"""What staff say on the phone: whole sentences that name nobody."""

import pytest

from services.notify import render
from tests.unit.notify.samples import LANGUAGES, WORDINGS, session, telling, weeks_later

HELLO = {"sv": "Hej från Kista bibliotek! ", "en": "Hello from Kista bibliotek! "}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wording", WORDINGS)
def test_there_are_words_for_every_message(wording: str, language: str) -> None:
    """Fails when a text is missing, or says a name, a code, or how to answer an SMS."""
    words = render.aloud(telling(wording, language=language))
    assert words.startswith(HELLO[language])
    for strange in ("aloud.", "announcement.", "{", "Sara", "K7F-4MQ", "NEJ", "JA ", "YES", "  "):
        assert strange not in words
    assert "Language café" in words if language == "en" else "Språkcafé" in words


@pytest.mark.parametrize(
    ("wording", "words"),
    [
        ("offered", "Du kan få en plats på Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Vill du ha platsen?"),
        ("new time", "har en ny tid: tisdag 3 mars kl 17.00 till 18.30, Kista bibliotek. Du är fortfarande bokad."),
        ("new time in the queue", "Du står kvar i kön."),
        ("session cancelled", "Vi måste tyvärr ställa in Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek."),
        ("session cancelled, next time", "Nästa gång är tisdag 10 mars kl 17.00. Vill du komma då?"),
        ("announced: starts_later", "Det gäller Språkcafé tisdag 3 mars kl 17.00, Kista bibliotek. Vi börjar lite"),
        (
            "series with dates refused",
            "3 mars till 19 maj, Kista bibliotek. De här datumen gick inte att boka: 26 maj.",
        ),
    ],
)
def test_the_words_say_what_happened_and_what_one_may_do(wording: str, words: str) -> None:
    assert words in render.aloud(telling(wording))


def test_a_next_time_somewhere_else_says_where() -> None:
    """Fails when somebody goes to the library they know, and the next time is at another one."""
    about = telling("session cancelled, next time")
    tensta = session().branch.model_copy(
        update={"id": "tensta", "name": "Tensta bibliotek", "sms_name": "Tensta bibl."}
    )
    elsewhere = telling("session cancelled, next time", following=weeks_later(session(), 1, branch=tensta))
    assert "kl 17.00. Frågor? " in render.sms(about)
    assert " Nästa gång: tisdag 10 mars kl 17.00, Tensta bibl." in render.sms(elsewhere)
    assert (
        "Nästa gång: tisdag 10 mars kl 17.00, Tensta bibliotek. Vill du komma då? Ring" in render.letter(elsewhere).text
    )
    assert "Nästa gång är tisdag 10 mars kl 17.00, Tensta bibliotek." in render.aloud(elsewhere)
    online = telling("session cancelled, next time", following=weeks_later(session(), 1, place="online"))
    assert " Nästa gång: tisdag 10 mars kl 17.00, online." in render.sms(online)
