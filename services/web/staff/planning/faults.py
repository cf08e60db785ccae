"""What catalog refuses, said beside the field in the words of people who plan."""

from __future__ import annotations

from typing import TYPE_CHECKING

from services.web.faults import Fault
from services.web.rendering import msgid

if TYPE_CHECKING:
    from collections.abc import Mapping

    from shared.problems import Problem

_NOT_SO = msgid("Det går inte att spara så här. Läs igenom fälten och försök igen.")
_TEXTS: Mapping[str, str] = {
    "activity_id": msgid("Aktiviteten finns inte eller är undanlagd. Välj en annan."),
    "branch_id": msgid("Biblioteket finns inte. Välj ett annat."),
    "titles": msgid("Skriv vad aktiviteten heter på svenska, med högst 80 tecken."),
    "sms_titles": msgid(
        "Namnet i SMS får ha högst 14 tecken, bara vanliga bokstäver och siffror, och behövs på svenska."
    ),
    "summaries": msgid("Beskrivningen får ha högst 500 tecken."),
    "audiences": msgid("Skriv det på svenska också, med högst 200 tecken."),
    "bring": msgid("Skriv det på svenska också, med högst 200 tecken."),
    "led_by": msgid("Skriv det på svenska också, med högst 200 tecken."),
    "reasons": msgid("Skriv varför, på svenska, med högst 200 tecken."),
    "theme": msgid("Temat får ha högst 200 tecken."),
    "level": msgid("Skriv nivån som A1 eller A1-B1, eller lämna tomt."),
    "languages": msgid("Välj språk ur listan."),
    "minutes": msgid("Sluttiden ska vara efter starttiden, högst ett dygn."),
    "ends_at": msgid("Sluttiden ska vara efter starttiden, högst ett dygn."),
    "starts_at": msgid("Tiden ska vara framåt, högst två år bort."),
    "time": msgid("Skriv när det börjar, till exempel 17.00. Natten när klockan ställs om saknas en timme."),
    "first": msgid("Välj den första dagen."),
    "last": msgid("Den sista dagen ska vara efter den första, högst ett drygt år bort."),
    "rule": msgid("Det blir inga datum av det. Kontrollera veckodagarna, första och sista dagen."),
    "slot_minutes": msgid("Tiden ska gå jämnt upp i delar om minst 5 minuter."),
    "seats": msgid("Skriv antalet platser med siffror, högst 10 000."),
    "walk_in": msgid("Drop in-platser finns bara där man både bokar och kommer, och är högst så många som platserna."),
    "queue": msgid("Skriv hur många väntelistan rymmer, med siffror. En drop in har ingen väntelista."),
    "party_max": msgid("Skriv med siffror hur många man får boka åt på en gång, från 1 till 100."),
    "children": msgid("Platserna räknas i barn, så barn måste få följa med."),
    "late_cancel_hours": msgid("Skriv timmarna med siffror, högst 720."),
    "reminder_hours": msgid("Skriv timmarna med siffror, högst 336. 0 är ingen påminnelse."),
    "reconfirm": msgid("Det är påminnelsen som frågar. Utan påminnelse går det inte."),
    "helpers_needed": msgid("Skriv hur många volontärer som behövs, med siffror, högst 50. 0 är inga."),
    "opens_days_before": msgid("Bokningen ska öppna före starten, och en drop in bokas inte."),
    "opens_at": msgid("Bokningen ska öppna före starten, och en drop in bokas inte."),
    "room": msgid("Rummet får ha högst 60 tecken."),
    "host": msgid("Namnet får ha högst 40 tecken."),
    "meeting": msgid("Länken ska börja med https:// och behövs bara för det som är på nätet."),
    "skip": msgid("Skolloven är inte kända så långt fram. Sluta serien tidigare, eller hoppa inte över lov."),
}
"""By the field of the API: the word after ``capacity.``, or the first word."""


_NUMBER = msgid("Skriv antalet med siffror, högst 10 000.")
_TIME = msgid("Skriv tiden som 17:00. Det ska sluta efter att det har börjat.")
NOT_RIGHT = msgid("Raden stämmer inte.")
COLUMNS: Mapping[str, str] = {
    "aktivitet": msgid("Aktiviteten hittas inte, eller så står samma sak på två rader. Skriv namnet som i Plats."),
    "datum": msgid("Datumet ska vara framåt, skrivet som 2027-03-16."),
    "börjar": _TIME,
    "slutar": _TIME,
    "platser": _NUMBER,
    "drop in": _NUMBER,
    "kö": _NUMBER,
    "bokning": msgid("Skriv bokning, drop in eller blandat."),
    "var": msgid("Skriv bibliotek, online eller utanför."),
    "rum": msgid("Rummet får ha högst 60 tecken."),
    "tema": msgid("Temat får ha högst 200 tecken."),
    "status": msgid("Skriv utkast eller publicerad."),
}
"""What fits into each column of a table, by its heading."""


def faults_of(problem: Problem, shown: Mapping[str, str]) -> list[Fault]:
    """What to put right, each beside its field.

    Args:
        problem: What catalog said.
        shown: The fields of the form by those of the API, where they are called otherwise.

    Raises:
        Problem: it is about nothing that somebody typed.
    """
    document = problem.document
    if document.type != "invalid":
        raise problem
    fields = [error.field for error in document.errors] or [document.field or ""]
    found = {field: Fault(field=shown.get(field, field), text=_text(field)) for field in map(_plain, fields)}
    return list({(fault.field, fault.text): fault for fault in found.values()}.values())


def _text(field: str) -> str:
    return _TEXTS.get(field, _NOT_SO)


def _plain(field: str) -> str:
    """``capacity.seats`` is ``seats``, ``titles.sv`` is ``titles``."""
    first, _, rest = field.partition(".")
    return rest if first == "capacity" and rest else first
