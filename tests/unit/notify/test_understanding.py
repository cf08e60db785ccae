"""What people mean who answer by SMS. Each line is something somebody would write on a phone."""

import pytest

from services.notify.domain import understand
from services.notify.domain.vocabulary import PHRASES, WORDS, Part

SAYS = {
    "yes": [
        "JA",
        " ja. ",
        "Ja tack",
        "ja tack!",
        "JAAA",
        "Ja jag kommer",
        "jag kommer",
        "Vi kommer",
        "Kommer gärna",
        "yes",
        "Yes please",
        "YES!",
        "ok",
        "Ok tack",
        "Okej",
        "1",
        "1.",
        "１",
        "١",
        "۱",
        "፩",
        "1️⃣",
        "👍",
        "👍🏿",
        "👍🏻👍🏻",
        "👍🏽 tack",
        "Ja 😊",
        "ja absolut",
        "Visst",
        "Självklart!",
        "sure",
        "Of course",
        "I will come",
        "I'm coming",
        "We can come",
        "I'll be there",
        "kan komma",
        "Jag kan",
        "Ja det kan jag",
        "J",
        "y",
        "evet",
        "tak",
        "Так",
        "نعم",
        "بله",
        "بلی",
        "آره",
        "haa",
        "sí",
        "Si",
        "kyllä",
        "joo",
        "እወ",
        "بەڵێ",
        "ja, gärna",
        "Hej! Ja jag kommer. Mvh Sara Ali",
        "JA /Sara",
        "Ja jag vill ha platsen",
        "Jag vill gärna komma",
        "ja kommer",
        "jadå",
        "jepp",
        "👌",
        "موافق",
        "تمام",
        "tamam",
        "geliyorum",
        "przyjdę",
        "tulen",
        "Ja, vi kommer i morgon",
        "voy",
        "Yes I am coming today",
        "Jo",
        "ja vi har tid",
        "yesss",
        "نعم شكرا",
        "بله ممنون",
        "tak dziękuję",
        "evet teşekkürler",
        "kyllä kiitos",
        "ja takk",
        "Так, дякую",
        "haa mahadsanid",
        "sí gracias",
        "እወ የቐንየለይ",
        "بەڵێ سوپاس",
        "Ja tack gärna",
        "JA tack😊",
        "ja!!!",
        "Ja. Jag kommer. /Ahmed",
        "yes we are coming",
        "Jag kommer 👍",
        "Kommer, tack",
        "ok jag kommer",
    ],
    "no": [
        "NEJ",
        " Nej. ",
        "nej tack",
        "Nej tack!",
        "NEEEJ",
        "nä",
        "Nä tyvärr",
        "nope",
        "no",
        "No thanks",
        "2",
        "2)",
        "٢",
        "۲",
        "፪",
        "2️⃣",
        "👎",
        "👎🏾",
        "kan inte komma",
        "Kan tyvärr inte komma",
        "Jag kommer inte",
        "Vi kommer inte",
        "kommer ej",
        "Nej jag kan inte komma",
        "nej, jag är sjuk",
        "I can't come",
        "I can’t come",
        "cannot come",
        "Sorry I can't",
        "Sorry, we are not coming",
        "not coming",
        "No I cannot",
        "Avboka",
        "avboka tack",
        "Jag vill avboka",
        "Kan ni avboka min plats",
        "cancel",
        "Please cancel my booking",
        "Jag kan inte, avboka",
        "hayır",
        "hayir",
        "nie",
        "Ні",
        "لا",
        "نه",
        "نخیر",
        "maya",
        "no puedo",
        "No puedo ir",
        "nie mogę",
        "не можу",
        "ei",
        "en pääse",
        "ኣይፋል",
        "نەخێر",
        "لا أستطيع الحضور",
        "نمی‌توانم",
        "نمیتوانم",
        "Har inte tid",
        "jag hinner inte",
        "Vi hinner tyvärr inte",
        "vill inte",
        "Jag vill inte ha platsen",
        "Tyvärr inte",
        "n",
        "❌",
        "nej mvh Sara",
        "Hej, vi kan inte komma idag. Hälsningar Fatima och Ali",
        "Idag kan jag inte",
        "Lämna kön",
        "I want to leave the queue",
        "ma imaan karo",
        "gelemem",
        "återbud",
        "Ta bort mig",
        "Nej nästa gång",
        "Nej, jag kan inte. Tack!",
        "No. 👎",
        "nejjjj",
        "لا شكرا",
        "نه ممنون",
        "nie dziękuję",
        "hayır teşekkürler",
        "ei kiitos",
        "nei takk",
        "Ні, дякую",
        "maya mahadsanid",
        "no gracias",
        "ኣይፋል የቐንየለይ",
        "نەخێر سوپاس",
        "Nej tyvärr, jag är sjuk",
        "Kan inte!",
        "Nej, barnen är sjuka",
        "Jag kan tyvärr inte komma idag. Mvh Anna Andersson",
        "nej vi kan inte",
        "Nej jag hinner inte",
        "jag kommer tyvärr inte",
        "Avboka min bokning tack",
        "kommer inte :(",
        "Kommer ikke",
        "Eg kjem ikkje",
        "No I will not come",
        "we will not be there",
        "Nej tack 👎",
    ],
    "thanks": [
        "Tack",
        "tack!",
        "Tack så mycket",
        "Thank you",
        "thanks",
        "🙏",
        "❤️",
        "Bra",
        "Tack tack",
        "شكرا",
        "takk",
        "Kiitos",
        "😊",
        "tusen tack",
    ],
    "stop": [
        "STOPP",
        "Stopp!",
        "stop",
        "STOP",
        "Stopp tack",
        "stoppa påminnelser",
        "STOPP PÅMINNELSER",
        "Stop sms",
        "inga påminnelser tack",
        "no more reminders",
    ],
    "start": [
        "START",
        "start",
        "Start tack",
        "starta påminnelser",
    ],
}

UNCLEAR = [
    "",
    "  ",
    "?",
    "Ja?",
    "nej?",
    "ja nej",
    "Ja eller nej",
    "ja men nej",
    "Kanske",
    "nja",
    "vet inte",
    "Ja om jag hinner",
    "Kommer det att finnas kaffe",
    "Kan jag komma",
    "kan jag få en plats",
    "Can I come",
    "Will you be there",
    "Nej jag kommer",
    "No I can come",
    "No problem",
    "Inga problem",
    "Avboka inte",
    "avboka inte!",
    "Do not cancel",
    "don't cancel my booking",
    "Jag är sjuk",
    "Sorry",
    "tyvärr",
    "Ja tyvärr",
    "Yes I can't",
    "Ja jag kommer inte",
    "När börjar det",
    "Hej",
    "hallå",
    "123",
    "12",
    "3",
    "0",
    "1 2",
    "12 personer",
    "vi blir 2",
    "inte",
    "👍👎",
    "🤷",
    "🤷‍♀️",
    "👍🤔",
    "Ring mig",
    "Nej ring mig",
    "Ja ring mig",
    "Semester tom 15 augusti",
    "Jag är på semester och läser inte detta",
    "Ja en annan gång",
    "komma",
    "stop nej",
    "JA STOPP",
    "Jag har inte fått någon kod",
    "Nej jag har inte fått någon kod",
    "Jag kommer sent",
    "Jag kommer kanske",
    "soon",
    "Jag kan inte avboka",
    "K7F-4MQ",
    "https://example.org",
    "Ja Ja Ja Ja Ja Ja Ja Ja Ja Ja Ja Ja Ja ",
    "ni",
    "i",
    "not",
    "absolut inte",
    "Ska jag svara ja",
    "Kan inte vänta!",
    "Vi kan inte båda komma",
    "Kan ni inte komma",
    "Jag kommer men min son kommer inte",
    "yes but later",
    "no but yes",
    "Vi är 2",
    "1 vuxen",
    "1, 2",
    "Ja?!",
    "22",
    "222",
    "11",
    "ja 11",
    "Vi är 11",
    "22 22",
    "Nej, det är inte jag",
    "Not me",
    "inte nej",
]


@pytest.mark.parametrize(("says", "text"), [(says, text) for says, texts in SAYS.items() for text in texts])
def test_an_answer_is_understood_as_people_write_it(says: str, text: str) -> None:
    """Fails when case, accents, spaces, signs, drawn-out letters, scripts of digits or the colour of a thumb matter."""
    assert understand(text).says == says


@pytest.mark.parametrize("text", UNCLEAR)
def test_what_could_mean_two_things_is_not_guessed(text: str) -> None:
    """Fails when one word decides whatever else is said: a wrong guess takes somebody's chair."""
    assert understand(text).says == "unclear"


def test_a_story_is_not_read() -> None:
    """Fails when a text is searched for a word that it may hold by chance."""
    assert understand("Ja " * 12).says == "yes"
    assert understand("Ja " * 13).says == "unclear"
    assert understand("ja" + " " * 298).says == "yes"
    assert understand("ja" + " " * 299).says == "unclear"


def test_a_code_is_looked_for_at_the_beginning_only() -> None:
    """Fails when somebody can keep us busy with a text as long as they like."""
    assert understand("x" * 993 + " K7F4MQ", ["K7F-4MQ"]).codes == {"K7F-4MQ"}
    assert not understand("x" * 994 + " K7F4MQ", ["K7F-4MQ"]).codes


@pytest.mark.parametrize(
    "text",
    [
        "NEJ K7F-4MQ",
        "nej k7f4mq",
        "nej k7f 4mq",
        "K7F-4MQ nej",
        "NEJK7F-4MQ",
        "Nej. Kod: k7f–4mq",
        "nej K 7 F 4 M Q",
        "nej k\u06f7f-\u06f4mq",
        "nej k\u0667f-\u0664mq",
        "#K7F4MQ nej",
        "min kod är K7F-4MQ nej tack",
        "nej\nK7F\n4MQ",
        "nej (K7F-4MQ) 👎",
        "Kan inte komma, K7F4MQ. Mvh Sara",
    ],
)
def test_a_code_is_found_wherever_and_however_it_is_typed(text: str) -> None:
    """Fails when a code needs its hyphen, its capitals, Western digits, or a place of its own."""
    understood = understand(text, ["M3R-9WX", "K7F-4MQ"])
    assert understood.says == "no"
    assert understood.codes == {"K7F-4MQ"}
    assert not understood.like_a_code
    assert not understood.strange


def test_a_code_alone_says_neither_yes_nor_no() -> None:
    understood = understand("Kod K7F-4MQ, tack", ["K7F-4MQ"])
    assert understood.says == "thanks"
    assert understood.codes == {"K7F-4MQ"}
    assert understood.bare
    assert not understand("NEJ K7F-4MQ", ["K7F-4MQ"]).bare


def test_two_codes_are_not_both_meant() -> None:
    """Fails when a text about two bookings ends the first of them."""
    understood = understand("NEJ K7F-4MQ och M3R-9WX", ["M3R-9WX", "K7F-4MQ"])
    assert understood.says == "unclear"
    assert understood.codes == {"M3R-9WX", "K7F-4MQ"}


@pytest.mark.parametrize("text", ["nej K7F-4MR", "nej k7f 4mr", "nej K7F4MR", "nej abc-def", "K7F-4MR"])
def test_what_is_typed_like_a_code_is_told_apart_from_words(text: str) -> None:
    """Fails when a mistyped code is taken for no code at all: then another booking would be meant."""
    understood = understand(text, ["K7F-4MQ"])
    assert (understood.says, understood.like_a_code, understood.strange) == ("unclear", True, True)


@pytest.mark.parametrize("text", ["Nej 112", "kan-123", "vi kommer 15"])
def test_words_beside_a_number_are_no_code(text: str) -> None:
    """Fails when somebody who writes something else is told that their code is wrong."""
    assert not understand(text).like_a_code


@pytest.mark.parametrize(
    "text", ["nej tack", "ja jag kommer", "NEJ", "1", "Nej, jag kan inte. Tack!", "kan inte komma"]
)
def test_plain_words_need_nobody_who_knows_codes(text: str) -> None:
    """Fails when booking has to answer before an ordinary answer is understood."""
    understood = understand(text)
    assert not understood.strange
    assert not understood.like_a_code


ALONE: dict[Part, str] = {
    "yes": "yes",
    "fine": "yes",
    "come": "yes",
    "able": "yes",
    "no": "no",
    "undo": "no",
    "unable": "no",
    "thanks": "thanks",
    "stop": "stop",
    "start": "start",
}


@pytest.mark.parametrize(("part", "says"), ALONE.items())
def test_a_word_says_by_itself_what_its_list_does(part: Part, says: str) -> None:
    """Fails when a word stands in two lists, the later of which counts: also one that differs by its accents only."""
    phrases = [phrase for phrase, does in PHRASES.items() if does == part]
    said = {word: understand(word).says for word in (*WORDS[part].split(), *phrases)}
    assert {word: meant for word, meant in said.items() if meant != says} == {}


@pytest.mark.parametrize("part", sorted({*WORDS} - {*ALONE}))
def test_what_means_nothing_by_itself_is_known_all_the_same(part: Part) -> None:
    for word in WORDS[part].split():
        understood = understand(word)
        assert (understood.says, understood.strange) == ("unclear", False), word
