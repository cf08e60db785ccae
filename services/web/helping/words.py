"""What helping is called, on the pages of those who help and of those who look after them."""

from __future__ import annotations

from collections.abc import Mapping

from services.web.rendering import msgid

TASKS: Mapping[str, str] = {
    "coach": msgid("Digital hjälp, en och en"),
    "homework": msgid("Läxhjälp"),
    "host": msgid("Värd på språkcafé"),
    "story": msgid("Sagostund"),
    "friend": msgid("Biblioteksvän"),
}
"""What volunteers do."""

TOPICS: Mapping[str, str] = {
    "bankid": msgid("BankID"),
    "swish": msgid("Swish"),
    "email": msgid("E-post"),
    "phone": msgid("Mobilens inställningar"),
    "printing": msgid("Skriva ut och skanna"),
    "1177": msgid("Logga in på 1177"),
    "other": msgid("Något annat"),
}
"""What a visitor may want to be shown."""

STAGES: Mapping[str, str] = {
    "mellanstadiet": msgid("Mellanstadiet"),
    "hogstadiet": msgid("Högstadiet"),
    "gymnasiet": msgid("Gymnasiet"),
    "komvux": msgid("Komvux"),
    "sfi": msgid("Sfi"),
    "vuxen": msgid("Vuxna, annan utbildning"),
}

SUBJECTS: Mapping[str, str] = {
    "maths": msgid("Matematik"),
    "swedish": msgid("Svenska"),
    "swedish_second": msgid("Svenska som andraspråk"),
    "english": msgid("Engelska"),
    "languages": msgid("Andra språk"),
    "science": msgid("Biologi, fysik, kemi och teknik"),
    "social": msgid("Geografi, historia, religion och samhälle"),
    "programming": msgid("Programmering"),
    "other": msgid("Något annat"),
}

LANGUAGES = (
    *("sv", "en", "ar", "so", "ti", "fa", "prs", "ku", "ckb", "tr", "pl", "ru"),
    *("uk", "es", "fr", "fi", "bs", "sq", "ro", "am", "ur", "th", "zh", "vi"),
)
"""In which a visitor may ask for help, in the order in which they are offered."""

LEVELS: Mapping[str, str] = {
    "native": msgid("Modersmål"),
    "good": msgid("Talar bra"),
    "some": msgid("Talar lite"),
}

STATES: Mapping[str, str] = {
    "interest": msgid("Har visat intresse"),
    "talk": msgid("Samtal"),
    "agreement": msgid("Överenskommelse"),
    "introduction": msgid("Introduktion"),
    "active": msgid("Hjälper till"),
    "paused": msgid("Gör paus"),
    "ended": msgid("Har slutat"),
}
"""The way to being a volunteer, and out of it."""

REACH: Mapping[str, str] = {
    "sms": msgid("Sms"),
    "email": msgid("Mejl"),
}
"""How somebody who helps chooses to be reached."""

REACHED: Mapping[str, str] = {**REACH, "call": msgid("Ring")}
"""How they are: some chose to be rung while that could be chosen."""

OUTCOMES: Mapping[str, str] = {
    "managed": msgid("Det löste sig"),
    "managed_with_support": msgid("Det löste sig med hjälp"),
    "referred": msgid("Visade vidare till någon annan"),
    "not_finished": msgid("Vi hann inte klart"),
    "visitor_absent": msgid("Besökaren kom inte"),
    "not_held": msgid("Det blev inte av"),
}
"""How helping a visitor went: a closed list, so that nobody writes about anybody."""
