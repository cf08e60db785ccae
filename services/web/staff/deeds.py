"""What the audits of the services say, in words for people: what was done to what, and which fields.

What is not named here is shown as it was noted, so that no entry is ever missing.
"""

from __future__ import annotations

from collections.abc import Mapping

from services.web.rendering import msgid

DEEDS: Mapping[tuple[str, str], str] = {
    ("list-read", "session"): msgid("läste listan över vilka som kommer"),
    ("certificates-read", "session"): msgid("hämtade intyg"),
    ("revealed", "session"): msgid("visade hur alla nås"),
    ("revealed", "booking"): msgid("visade hur någon nås"),
    ("searched", "branch"): msgid("sökte efter en bokning"),
    ("calls-read", "branch"): msgid("läste ringlistan"),
    ("messages-read", "booking"): msgid("läste vilka meddelanden någon fått"),
    ("shown", "person"): msgid("tog fram allt om en person"),
    ("shown", "booking"): msgid("tog fram en bokning"),
    ("erased", "person"): msgid("raderade en person"),
    ("booked", "booking"): msgid("bokade åt någon"),
    ("override", "session"): msgid("släppte in fler än det finns platser"),
    ("moved", "booking"): msgid("bytte tid åt någon"),
    ("cancelled", "booking"): msgid("avbokade åt någon"),
    ("told", "booking"): msgid("berättade om en ledig plats"),
    ("accepted", "booking"): msgid("tackade ja åt någon"),
    ("declined", "booking"): msgid("tackade nej åt någon"),
    ("attendance", "booking"): msgid("skrev upp om någon kom"),
    ("seated", "booking"): msgid("gav någon i dörren en plats"),
    ("reach", "booking"): msgid("ändrade hur någon nås"),
    ("walk-in", "session"): msgid("räknade besökare utan bokning"),
    ("ticket-drawn", "ticket"): msgid("drog en nummerlapp"),
    ("ticket-called", "ticket"): msgid("ropade upp en nummerlapp"),
    ("ticket-served", "ticket"): msgid("hjälpte en nummerlapp"),
    ("ticket-gave-up", "ticket"): msgid("strök en nummerlapp"),
    ("ticket-again", "ticket"): msgid("ropade upp en nummerlapp igen"),
    ("ticket-undone", "ticket"): msgid("ångrade med en nummerlapp"),
    ("called", "call"): msgid("ringde någon"),
    ("call-undone", "call"): msgid("ångrade ett samtal"),
    ("announced", "session"): msgid("skickade ett meddelande till alla"),
    ("closed", "session"): msgid("skrev hur ett tillfälle gick"),
    ("corrected", "session"): msgid("rättade hur ett tillfälle gick"),
    ("planned", "session"): msgid("planerade ett tillfälle"),
    ("planned", "sitting"): msgid("planerade tider efter varandra"),
    ("planned", "series"): msgid("planerade en serie"),
    ("created", "activity"): msgid("lade till en aktivitet"),
    ("imported", "branch"): msgid("läste in program från en fil"),
    ("changed", "session"): msgid("ändrade ett tillfälle"),
    ("published", "session"): msgid("publicerade ett tillfälle"),
    ("withdrawn", "session"): msgid("avpublicerade ett tillfälle"),
    ("cancelled", "session"): msgid("ställde in ett tillfälle"),
    ("shut", "closure"): msgid("lade in stängda dagar"),
    ("opened", "closure"): msgid("tog bort stängda dagar"),
    ("dead-read", "dead-message"): msgid("läste ett meddelande som fastnat"),
    ("replayed", "dead-message"): msgid("prövade ett meddelande igen"),
    ("dropped", "dead-message"): msgid("lade undan ett meddelande"),
    ("restored", "dead-message"): msgid("tog tillbaka ett meddelande"),
}
"""By action and by what it was done to, as what somebody did; it follows on their name."""

KINDS: Mapping[str, str] = {
    "session": msgid("Tillfälle"),
    "booking": msgid("Bokning"),
    "branch": msgid("Bibliotek"),
    "person": msgid("Person"),
    "ticket": msgid("Nummerlapp"),
    "call": msgid("Samtal"),
    "series": msgid("Serie"),
    "sitting": msgid("Tider efter varandra"),
    "activity": msgid("Aktivitet"),
    "closure": msgid("Stängda dagar"),
    "dead-message": msgid("Meddelande som fastnat"),
}
"""What something was done to."""

FIELDS: Mapping[str, str] = {
    "starts_at": msgid("början"),
    "ends_at": msgid("slut"),
    "room": msgid("rum"),
    "place": msgid("plats"),
    "branch_id": msgid("bibliotek"),
    "status": msgid("läge"),
    "cancel_reason": msgid("orsak"),
    "capacity.seats": msgid("platser"),
    "capacity.walk_in": msgid("platser utan bokning"),
    "capacity.queue": msgid("köplatser"),
    "opens_at": msgid("bokningen öppnar"),
    "closes_at": msgid("bokningen stänger"),
    "helpers": msgid("hjälpare"),
    "theme": msgid("tema"),
    "meeting": msgid("möteslänk"),
    "mode": msgid("hur man bokar"),
    "attendance": msgid("närvaro"),
    "outcome": msgid("vad samtalet gav"),
    "phone": msgid("telefon"),
    "email": msgid("e-post"),
    "code": msgid("kod"),
    "name": msgid("namn"),
    "by": msgid("sätt att nås"),
    "language": msgid("språk"),
    "held": msgid("hölls"),
    "adults": msgid("vuxna"),
    "children": msgid("barn"),
    "host": msgid("vem som håller i det"),
}
"""The names of fields that are read most."""


def chosen(text: str) -> tuple[str, str] | None:
    """What somebody chose to look for: one of :data:`DEEDS`, as ``action:kind``."""
    action, _, kind = text.partition(":")
    return (action, kind) if (action, kind) in DEEDS else None
