"""What language cafés talk about: everyday subjects that ask nobody where they come from or why."""

from collections.abc import Mapping

EVERYDAY: tuple[Mapping[str, str], ...] = (
    {"sv": "Mat och recept", "en": "Food and recipes"},
    {"sv": "Väder och årstider", "en": "Weather and seasons"},
    {"sv": "Handla i affären", "en": "Shopping"},
    {"sv": "Resa med buss och tunnelbana", "en": "Going by bus and underground"},
    {"sv": "Hemma och grannar", "en": "Home and neighbours"},
    {"sv": "Kropp och hälsa", "en": "Body and health"},
    {"sv": "Fritid och hobbyer", "en": "Free time and hobbies"},
    {"sv": "Arbete och yrken", "en": "Work and jobs"},
    {"sv": "Högtider och fester", "en": "Holidays and celebrations"},
    {"sv": "Natur och djur", "en": "Nature and animals"},
    {"sv": "Musik och film", "en": "Music and films"},
    {"sv": "Att prata i telefon", "en": "Talking on the phone"},
    {"sv": "Kläder och färger", "en": "Clothes and colours"},
    {"sv": "Nyheter i veckan", "en": "This week's news"},
)

YOUTH: tuple[Mapping[str, str], ...] = (
    {"sv": "Mitt första jobb", "en": "My first job"},
    {"sv": "Drömmar om framtiden", "en": "Dreams of the future"},
    {"sv": "Kärlek och vänskap", "en": "Love and friendship"},
    {"sv": "Plugga eller jobba?", "en": "Study or work?"},
    {"sv": "Att flytta hemifrån", "en": "Moving out"},
    {"sv": "Musik, spel och sport", "en": "Music, games and sport"},
)
