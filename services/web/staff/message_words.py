"""What became of messages, in words for colleagues: kinds of messages, states, reasons and how a try went."""

from __future__ import annotations

from collections.abc import Mapping

from services.web.rendering import msgid

TEMPLATES: Mapping[str, str] = {
    "confirmed": msgid("Bekräftelse på bokningen"),
    "accepted": msgid("Bekräftelse på platsen från kön"),
    "queued": msgid("Plats i kön"),
    "offered": msgid("Erbjudande om en ledig plats"),
    "offer_expired": msgid("Erbjudandet gick ut"),
    "declined": msgid("Svar på att de tackade nej"),
    "moved": msgid("Byte till en annan tid"),
    "reminder": msgid("Påminnelse"),
    "shrunk": msgid("Färre personer"),
    "code_again": msgid("Koden en gång till"),
    "rescheduled": msgid("Ändrad tid eller plats"),
    "announced": msgid("Meddelande till alla"),
    "cancelled": msgid("Avbokning"),
    "session_cancelled": msgid("Inställt"),
    "helper_found": msgid("Någon hjälper dem"),
    "helper_missing": msgid("Ingen kan hjälpa dem"),
    "series_booked": msgid("Bekräftelse på flera datum"),
    "series_rescheduled": msgid("Ändrad tid eller plats för flera datum"),
    "series_cancelled": msgid("Avbokning av flera datum"),
    "assignment_proposed": msgid("Fråga om att hjälpa en besökare"),
    "shift_proposed": msgid("Fråga om ett pass"),
    "assignment_accepted": msgid("Bekräftelse på att de hjälper"),
    "shift_accepted": msgid("Bekräftelse på passet"),
    "assignment_released": msgid("De behöver inte hjälpa"),
    "assignment_declined": msgid("Uppdraget går till någon annan"),
    "shift_cancelled": msgid("De behöver inte komma"),
    "assignment_reminder": msgid("Påminnelse om uppdraget"),
    "assignment_rescheduled": msgid("Uppdraget har ny tid eller plats"),
    "helper_alarm": msgid("Larm: ingen kan hjälpa"),
}

STATES: Mapping[str, str] = {
    "pending": msgid("Väntar"),
    "sending": msgid("Skickas nu"),
    "sent": msgid("Skickat"),
    "delivered": msgid("Framme"),
    "failed": msgid("Kom inte fram"),
    "unknown": msgid("Oklart om det gick iväg"),
    "dropped": msgid("Behövdes inte"),
    "skipped": msgid("Skickades inte"),
}

CHANNELS: Mapping[str, str] = {"sms": msgid("SMS"), "email": msgid("E-post")}

REASONS: Mapping[str, str] = {
    "refused": msgid("Operatören eller e-posttjänsten tog inte emot det."),
    "unreachable": msgid("Det gick inte att nå mottagaren."),
    "unknown": msgid("Ingen vet om det kom fram, och det skickas inte en gång till."),
    "no_address": msgid("Det finns inget nummer eller ingen adress att skicka till."),
    "limit": msgid("En gräns för hur mycket som skickas på en dag var nådd."),
    "superseded": msgid("Något nyare hade hänt, och det berättades i stället."),
    "carried": msgid("Det står i ett meddelande om flera datum."),
    "erased": msgid("Personen hade raderats."),
    "begun": msgid("Tillfället hade redan börjat."),
    "stopped": msgid("Mottagaren har svarat STOPP och får inga påminnelser."),
    "call": msgid("Personen vill bli uppringd."),
    "none": msgid("Personen får inga meddelanden."),
    "no longer offered": msgid("Erbjudandet gällde inte längre."),
    "unaware": msgid("De hade inte hunnit få veta att de var tillfrågade."),
    "out of date": msgid("Det var för sent för att vara till nytta."),
    "known": msgid("De visste det redan."),
}
"""Why it went as it did. What is not named here is shown as it is."""

OUTCOMES: Mapping[str, str] = {
    "sent": msgid("mottaget"),
    "again": msgid("inte mottaget, nytt försök"),
    "refused": msgid("nekat"),
    "unknown": msgid("inget tydligt svar"),
    "notfound": msgid("inte mottaget, säger operatören"),
    "gone": msgid("personen hade raderats"),
    "needless": msgid("behövdes inte längre"),
    "lease_expired": msgid("avbröts"),
}

RECEIPTS: Mapping[str, str] = {
    "created": msgid("hos operatören"),
    "sent": msgid("på väg"),
    "delivered": msgid("framme"),
    "failed": msgid("kom inte fram"),
}
