"""What a certificate says, in the languages it is given in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

Tongue: TypeAlias = Literal["sv", "nn", "en"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """A task as a certificate names it, and what it consists of for who does not know libraries."""

    name: str
    what: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Words:
    """The texts of one language."""

    locale: str
    title: str
    says: str
    """Before the name."""
    helped: str
    """After it; ``{period}`` is filled in."""
    period: str
    task: str
    times: str
    hours: str
    total: str
    at: str
    hour: str
    """As short as the language writes it."""
    partner: str
    """``{partner}`` gave the time."""
    signed: str
    issued: str
    counted: str
    works: Mapping[str, Work]


WORDS: Mapping[Tongue, Words] = {
    "sv": Words(
        locale="sv",
        title="Intyg",
        says="Härmed intygas att",
        helped="har hjälpt till som volontär på biblioteket.",
        period="Period",
        task="Uppgift",
        times="Tillfällen",
        hours="Tid",
        total="Sammanlagt",
        at="Bibliotek",
        hour="tim",
        partner="Tiden gavs genom {partner}.",
        signed="Underskrift",
        issued="Utfärdat {day}",
        counted="Tiden är bibliotekets egen räkning, förd efter varje tillfälle.",
        works={
            "coach": Work(name="Digital hjälp", what="Visat en besökare i taget hur man gör på nätet"),
            "homework": Work(name="Läxhjälp", what="Hjälpt barn och unga med läxor"),
            "host": Work(name="Språkkafé", what="Lett samtal på svenska vid ett bord"),
            "story": Work(name="Sagostund", what="Läst högt för barn"),
            "friend": Work(name="Biblioteksvän", what="Varit värd i biblioteket när det är obemannat"),
            "other": Work(name="Annan hjälp", what="Hjälpt till på biblioteket"),
        },
    ),
    "nn": Words(
        locale="nn",
        title="Attest",
        says="Vi stadfestar med dette at",
        helped="har hjelpt til som frivillig på biblioteket.",
        period="Periode",
        task="Oppgåve",
        times="Gonger",
        hours="Tid",
        total="Til saman",
        at="Bibliotek",
        hour="t",
        partner="Tida blei gitt gjennom {partner}.",
        signed="Underskrift",
        issued="Utferda {day}",
        counted="Tida er biblioteket si eiga teljing, ført etter kvar gong.",
        works={
            "coach": Work(name="Digital hjelp", what="Vist éin og éin besøkande korleis ein gjer på nettet"),
            "homework": Work(name="Leksehjelp", what="Hjelpt barn og unge med lekser"),
            "host": Work(name="Språkkafé", what="Leidd samtalar rundt eit bord"),
            "story": Work(name="Eventyrstund", what="Lese høgt for barn"),
            "friend": Work(name="Bibliotekven", what="Vore vert på biblioteket i timane utan betening"),
            "other": Work(name="Anna hjelp", what="Hjelpt til på biblioteket"),
        },
    ),
    "en": Words(
        locale="en_GB",
        title="Certificate",
        says="This is to certify that",
        helped="has helped as a volunteer at the library.",
        period="Period",
        task="Task",
        times="Times",
        hours="Time",
        total="In all",
        at="Libraries",
        hour="h",
        partner="The time was given through {partner}.",
        signed="Signature",
        issued="Issued on {day}",
        counted="The time is as the library itself counted it, after each occasion.",
        works={
            "coach": Work(name="Digital help", what="Showed one visitor at a time how to use online services"),
            "homework": Work(name="Homework help", what="Helped children and young people with homework"),
            "host": Work(name="Language café", what="Led conversations in Swedish at a table"),
            "story": Work(name="Story time", what="Read aloud to children"),
            "friend": Work(name="Library friend", what="Hosted the library in hours without staff"),
            "other": Work(name="Other help", what="Helped at the library"),
        },
    ),
}
