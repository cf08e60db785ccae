"""A library's own words: what has to stay, what has to fit, and that each text is seen in a message."""

import pytest

from services.notify import wording
from services.notify.gsm7 import fits
from services.notify.render import CATALOGS, whole_sms
from services.notify.wording.samples import CASES, telling
from tests.unit.notify.samples import LANGUAGES, STOCKHOLM

CONFIRMED = "Biblioteket: Du är bokad! {title} {day} kl {time}, {place}."


def objections(key: str, *forms: str, language: str = "sv") -> list[tuple[int, str, str]]:
    found = wording.objections(language, key, forms, STOCKHOLM, CATALOGS)
    return [(one.form, one.why, one.value) for one in found]


@pytest.mark.parametrize("language", LANGUAGES)
def test_our_own_words_fit_in_every_case(language: str) -> None:
    """Else nobody could change anything: whoever asks is told what is wrong with their words, not with ours."""
    for case in CASES:
        about = telling(case, language, "longest", STOCKHOLM, CATALOGS)
        assert any(fits(text) for text in whole_sms(about)), case


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_text_is_seen_in_a_message_that_holds_it(language: str) -> None:
    """Fails when a text was added of which no case is known: nobody would check its length either."""
    found = wording.examples(language, STOCKHOLM, CATALOGS)

    unseen = {key for key in wording.standard(language) if key not in found}

    assert all("short" in key or key == "sms.offer" for key in unseen), unseen
    assert len(unseen) < 10
    assert all(example.text for example in found.values())


def test_an_example_is_the_message_as_it_arrives() -> None:
    example = wording.example("sv", "sms.confirmed", STOCKHOLM, CATALOGS)

    assert example is not None
    assert (example.channel, example.names, example.parts) == ("sms", "longest", 1)
    assert example.text.startswith("Biblioteket: Du är bokad! Läxhjälp matte torsdag 14 september kl 18.00, ")
    said = CATALOGS.saying({"sv": {"sms.confirmed": [CONFIRMED.replace("bokad!", "välkommen.")]}})
    changed = wording.example("sv", "sms.confirmed", STOCKHOLM, said)
    assert changed is not None
    assert changed.text == example.text.replace("bokad!", "välkommen.")


def test_other_words_that_keep_what_matters_can_be_said() -> None:
    assert objections("sms.confirmed", "Biblioteket: Vi ses! {title} {day} {time}, {place}.") == []
    assert (
        objections(
            "sms.shrunk.one",
            "Nu {number} plats: {title} {day} {time}, {place}.",
            "{number} platser: {title} {day} {time}, {place}.",
        )
        == []
    )
    assert objections("mail.confirmed.subject", "Välkommen! {title} {day} {time}") == []


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("", (0, "empty", "")),
        ("Vi ses! {title} {day} kl {time}.", (0, "placeholder-missing", "{place}")),
        (CONFIRMED + " {name}", (0, "placeholder-unknown", "{name}")),
        (CONFIRMED + " {", (0, "braces", "")),
        (CONFIRMED + " {title.__class__}", (0, "braces", "")),
        (CONFIRMED + " {0}", (0, "braces", "")),
        (CONFIRMED + " {title!r}", (0, "braces", "")),
        (CONFIRMED + "\nHej", (0, "one-line", "")),
        (CONFIRMED + " Se plats.se", (0, "link", "s.se")),
        (CONFIRMED + " Добро", (0, "letters", "Д о б р")),
    ],
)
def test_words_that_lose_what_matters_cannot_be_said(words: str, why: tuple[int, str, str]) -> None:
    assert why in objections("sms.confirmed", words)


def test_words_that_do_not_fit_beside_the_longest_names_are_shown_as_they_would_arrive() -> None:
    """Fails when only the text itself is measured, and not what stands with it in one SMS."""
    long = CONFIRMED + " Ta med något att skriva med, och kom gärna lite i förväg."

    [(form, why, text)] = objections("sms.confirmed", long)

    assert (form, why) == (0, "sms-too-long")
    assert text.startswith("Biblioteket: Du är bokad! Läxhjälp matte torsdag ")
    assert len(text) > 160


def test_how_one_answers_has_to_stay() -> None:
    assert objections("sms.coming", "Kommer du? Hör av dig.") == [
        (0, "answer-missing", "JA"),
        (0, "answer-missing", "NEJ"),
    ]
    assert objections("sms.coming", "Kommer du? Skriv JA eller NEJ.") == []
    assert objections("sms.coming", "Coming? Answer YES or NO!", language="en") == []


def test_words_of_another_version_are_not_said() -> None:
    """What is filled in may be called differently by then, and a message that cannot be written is lost."""
    assert wording.still_fits("sv", "sms.confirmed", [CONFIRMED])
    assert not wording.still_fits("sv", "sms.confirmed", [CONFIRMED.replace("{place}", "{where_it_is}")])
    assert not wording.still_fits("sv", "sms.no_more", ["Hej"])
    assert not wording.still_fits("sv", "sms.shrunk.one", [CONFIRMED])
    assert not wording.still_fits("tlh", "sms.confirmed", [CONFIRMED])
