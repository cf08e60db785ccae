"""The kinds of activity: one row each. Only new activities and what explains them read it; all else knows terms.

What coaching covers and declines follows what libraries in Sweden tell their visitors (Askersund's list, and KB on
staff who see bank statements): the visitor does each step and keeps the codes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from services.catalog import questions
from services.catalog.domain import Terms
from shared.events import Task

Audience: TypeAlias = Literal["everyone", "teachers", "volunteers", "staff"]

_A_WORKING_DAY = 600
"""Minutes to answer an offer for those who first ask a colleague: as many as offers run in a day, from 9 to 19."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """What an activity of this kind starts from, and how it is explained; texts by language."""

    id: str
    labels: Mapping[str, str]
    sms_labels: Mapping[str, str]
    """At most 14 characters each, so that a confirmation fits one SMS."""
    plain: Mapping[str, str]
    """What it is, in one sentence for somebody who has never heard of it."""
    audience: Audience = "everyone"
    """Who the programme offers it to."""
    bring: Mapping[str, str] = field(default_factory=dict)
    """What to have along, unless the activity says something else."""
    covers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What one gets help with, a line each; empty where it needs no list."""
    declines: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What nobody there will do, a line each."""
    task: Task = "host"
    """What volunteers do there, where any are needed."""
    matched: bool = False
    """Whether each booking is one volunteer's, so that who it is is found and asked for each."""
    minutes: int
    terms: Terms


_ROWS = (
    Kind(
        id="language_cafe",
        labels={"sv": "Språkcafé", "en": "Language café"},
        sms_labels={"sv": "Språkcafé", "en": "Language café"},
        plain={
            "sv": "Vi övar på att prata svenska tillsammans i en liten grupp.",
            "en": "We practise talking Swedish together in a small group.",
        },
        bring={"sv": "Du behöver inte ta med något.", "en": "You do not need to bring anything."},
        minutes=90,
        # Where a fifth never comes and others wait, being asked once more frees chairs; so for the next two.
        terms=Terms(
            mode="booking",
            counts="persons",
            seats=15,
            queue=8,
            party_max=4,
            children=True,
            reconfirm=True,
            helpers_needed=1,
        ),
    ),
    Kind(
        id="homework_help",
        labels={"sv": "Läxhjälp", "en": "Homework help"},
        sms_labels={"sv": "Läxhjälp", "en": "Homework help"},
        plain={
            "sv": "Du gör läxan själv och får hjälp när du inte kommer vidare.",
            "en": "You do the homework yourself and get help when you are stuck.",
        },
        bring={
            "sv": "Ta med läxan, dina böcker och något att skriva med.",
            "en": "Bring the homework, your books and something to write with.",
        },
        task="homework",
        minutes=120,
        terms=Terms(
            mode="booking",
            counts="persons",
            seats=20,
            queue=10,
            party_max=4,
            children=True,
            reconfirm=True,
            ask=(questions.STAGE, questions.SUBJECTS),
            helpers_needed=2,
            register_note=True,
        ),
    ),
    Kind(
        id="digital_coaching",
        labels={"sv": "Digital coachning", "en": "Digital coaching"},
        sms_labels={"sv": "Digital hjälp", "en": "Digital help"},
        plain={
            "sv": "En person visar dig, ett steg i taget, hur du gör på din egen mobil eller dator.",
            "en": "One person shows you, one step at a time, how to do things on your own phone or computer.",
        },
        bring={
            "sv": "Ta med din mobil, surfplatta eller dator, laddaren och ditt id-kort. "
            "Du behöver dina egna koder, men visa dem aldrig för någon.",
            "en": "Bring your phone, tablet or computer, the charger and your ID card. "
            "You need your own codes, but never show them to anyone.",
        },
        covers={
            "sv": (
                "Komma i gång med BankID på din egen mobil",
                "Komma i gång med Swish",
                "E-post: skaffa en adress, läsa och svara",
                "Digital brevlåda för post från myndigheter",
                "Mobilens inställningar: större text, ljud och wifi",
                "Säkerhet: skärmlås, uppdateringar och falska sms",
                "Skriva ut och skanna",
                "Logga in på 1177 och hitta det du söker",
            ),
            "en": (
                "Getting started with BankID on your own phone",
                "Getting started with Swish",
                "E-mail: getting an address, reading and answering",
                "A digital mailbox for post from public authorities",
                "Phone settings: larger text, sound and wifi",
                "Safety: screen lock, updates and false text messages",
                "Printing and scanning",
                "Logging in to 1177, the health service, and finding your way",
            ),
        },
        declines={
            "sv": (
                "Vi gör inga bankärenden: inga räkningar, inga överföringar, inga kontoutdrag.",
                "Vi köper, bokar och beställer ingenting åt dig.",
                "Vi fyller inte i ansökningar till myndigheter.",
                "Vi loggar inte in och godkänner ingenting med ditt BankID. Du gör alla steg själv.",
                "Vi tar inte emot dina koder och lösenord. Du behåller dem för dig själv.",
                "Vi säger inte vilken bank eller vara du ska välja.",
                "Vi lagar inte trasiga mobiler och datorer.",
            ),
            "en": (
                "We do no banking: no bills, no transfers, no bank statements.",
                "We do not buy, book or order anything for you.",
                "We do not fill in applications to public authorities.",
                "We do not log in or approve anything with your BankID. You do every step yourself.",
                "We do not take your codes and passwords. You keep them to yourself.",
                "We do not say which bank or product to choose.",
                "We do not repair broken phones and computers.",
            ),
        },
        task="coach",
        matched=True,
        minutes=40,
        terms=Terms(
            mode="booking",
            counts="bookings",
            seats=3,
            party_max=1,
            children=False,
            reconfirm=True,
            ask=(questions.TOPIC, questions.HELP_LANGUAGE),
            capacity_from="staffing",
            helpers_needed=3,
        ),
    ),
    Kind(
        id="it_host",
        labels={"sv": "IT-värd", "en": "IT host"},
        sms_labels={"sv": "IT-värd", "en": "IT host"},
        plain={
            "sv": "Du tar en nummerlapp och får hjälp med mobil, e-post eller utskrift.",
            "en": "You take a numbered ticket and get help with your phone, e-mail or printing.",
        },
        bring={
            "sv": "Ta med din mobil eller dator, om du har en.",
            "en": "Bring your phone or computer, if you have one.",
        },
        task="coach",
        minutes=120,
        terms=Terms(mode="drop_in", counts="persons", seats=10, party_max=2, children=True),
    ),
    Kind(
        id="story_time",
        labels={"sv": "Sagostund", "en": "Story time"},
        sms_labels={"sv": "Sagostund", "en": "Story time"},
        plain={
            "sv": "Vi läser sagor för små barn och deras vuxna.",
            "en": "We read stories to small children and their adults.",
        },
        bring={"sv": "Du behöver inte ta med något.", "en": "You do not need to bring anything."},
        task="story",
        minutes=30,
        terms=Terms(mode="booking", counts="children", seats=15, queue=5, party_max=6, children=True),
    ),
    Kind(
        id="class_visit",
        labels={"sv": "Klassbesök", "en": "Class visit"},
        sms_labels={"sv": "Klassbesök", "en": "Class visit"},
        plain={
            "sv": "En klass kommer till biblioteket med sin lärare. Läraren bokar.",
            "en": "A class comes to the library with its teacher. The teacher books.",
        },
        audience="teachers",
        minutes=60,
        # Pupils and adults are the party, the teacher is who books. A class that comes from the waiting list needs days
        # too: for the way, the food and the other lessons.
        terms=Terms(
            mode="booking",
            counts="bookings",
            seats=1,
            queue=2,
            party_max=34,
            children=True,
            late_cancel_hours=48,
            fill_from_hours=72,
            offer_minutes=_A_WORKING_DAY,
            reminder_hours=72,
            ask=(questions.SCHOOL, questions.SCHOOL_CLASS, questions.GRADE, questions.CLASS_NEEDS),
        ),
    ),
    Kind(
        id="staff_training",
        labels={"sv": "Personalutbildning", "en": "Staff training"},
        sms_labels={"sv": "Utbildning", "en": "Staff training"},
        plain={
            "sv": "Utbildning för dig som arbetar på ett bibliotek.",
            "en": "Training for you who work at a library.",
        },
        audience="staff",
        minutes=180,
        # Staff of other municipalities cannot sign in here, so they book as anybody does; the kind is not on offer to
        # everyone, and a seat taken by the wrong person is given back at the desk.
        terms=Terms(
            mode="booking",
            counts="persons",
            seats=25,
            queue=10,
            party_max=5,
            children=False,
            late_cancel_hours=72,
            fill_from_hours=72,
            offer_minutes=_A_WORKING_DAY,
            reminder_hours=72,
            ask=(questions.MUNICIPALITY,),
            certificate=True,
        ),
    ),
    Kind(
        id="library_friend",
        labels={"sv": "Biblioteksvän", "en": "Library friend"},
        sms_labels={"sv": "Biblioteksvän", "en": "Library friend"},
        plain={
            "sv": "Två volontärer hjälper besökare när personalen har gått hem.",
            "en": "Two volunteers help visitors when the staff have gone home.",
        },
        audience="volunteers",
        task="friend",
        minutes=120,
        terms=Terms(
            mode="booking",
            counts="persons",
            seats=2,
            party_max=1,
            children=False,
            booked_by="staff",
            helpers_needed=2,
        ),
    ),
)

KINDS: Mapping[str, Kind] = {kind.id: kind for kind in _ROWS}
