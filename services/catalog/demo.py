"""Sessions to try Plats with, dated from today: an example, not any library's real programme.

``python -m services.catalog.demo`` adds what is missing; run again, also on another day, it repeats nothing.
"""

from __future__ import annotations

import asyncio
from calendar import FRIDAY, MONDAY, SATURDAY, THURSDAY, TUESDAY, WEDNESDAY
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from services.catalog import store, usecases
from services.catalog.domain import Activity, NewSession, Place, TermsChange, adapted
from services.catalog.kinds import KINDS
from shared import logs
from shared.db import Database

if TYPE_CHECKING:
    from shared.db import Connection

_NAMESPACE = UUID("5d0f2f0e-6a27-4f0e-8a58-3f0c2c9a3b71")
_ONE_AT_A_TIME = 0x44454D4F  # "DEMO": the advisory lock of a seeding
_OCCURRENCES = 2
_NOTICE = timedelta(hours=1)
"""What starts sooner than this could hardly be booked; its next occurrence is taken."""


class DemoSettings(BaseSettings):
    """What the seeding needs of the catalog's environment."""

    model_config = SettingsConfigDict(env_prefix="PLATS_", frozen=True, extra="ignore")

    database: SecretStr
    timezone: ZoneInfo = ZoneInfo("Europe/Stockholm")


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One line of the weekly programme: an activity, and when and where it is."""

    name: str
    """Never changes: the ids come from it."""
    kind: str
    titles: Mapping[str, str]
    summaries: Mapping[str, str]
    branch: str
    weekdays: tuple[int, ...]
    at: time
    """By the clock on the wall."""
    minutes: int
    sms_titles: Mapping[str, str] | None = None
    languages: tuple[str, ...] = ("sv",)
    level: str | None = None
    place: Place = "branch"
    room: str = ""
    terms: TermsChange = field(default_factory=TermsChange)

    def activity(self) -> Activity:
        """What this row does every week."""
        kind = KINDS[self.kind]
        return Activity(
            id=uuid5(_NAMESPACE, self.name),
            kind=kind.id,
            titles=self.titles,
            sms_titles=self.sms_titles or kind.sms_labels,
            summaries=self.summaries,
            languages=self.languages,
            level=self.level,
            minutes=self.minutes,
            terms=adapted(kind.terms, self.terms),
        )

    def sessions(self, now: datetime, zone: ZoneInfo) -> Iterator[NewSession]:
        """The next occurrences after a moment, at the same local time whatever the season."""
        for day in self._days(now.astimezone(zone).date()):
            starts_at = datetime.combine(day, self.at, tzinfo=zone)
            if starts_at < now + _NOTICE:
                continue
            yield NewSession(
                id=uuid5(_NAMESPACE, f"{self.name}/{day.isoformat()}"),
                activity_id=uuid5(_NAMESPACE, self.name),
                branch_id=self.branch,
                starts_at=starts_at.astimezone(UTC),
                place=self.place,
                room=self.room,
            )

    def _days(self, first: date) -> Iterator[date]:
        day = first
        while True:
            if day.weekday() in self.weekdays:
                yield day
            day += timedelta(days=1)


PROGRAMME = (
    Row(
        name="language-cafe-beginners",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé för dig som är nybörjare",
            "en": "Language café for beginners",
        },
        summaries={
            "sv": "Vi fikar och pratar enkel svenska tillsammans. Du behöver inte kunna mycket. Det är gratis.",
            "en": "We have coffee and talk easy Swedish together. You do not need to know much. It is free.",
        },
        branch="kista",
        room="Hörsalen",
        weekdays=(TUESDAY,),
        at=time(17),
        minutes=90,
        level="A1",
        terms=TermsChange(seats=15, queue=8),
    ),
    Row(
        name="language-cafe-more",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé: prata mer svenska",
            "en": "Language café: talk more Swedish",
        },
        summaries={
            "sv": "För dig som kan lite svenska och vill prata mer. Varje gång har ett nytt ämne.",
            "en": "For you who know some Swedish and want to talk more. A new topic every time.",
        },
        branch="kista",
        room="Hörsalen",
        weekdays=(THURSDAY,),
        at=time(17),
        minutes=90,
        level="A2-B1",
        terms=TermsChange(seats=15, queue=8),
    ),
    Row(
        name="language-cafe-online",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé online för nybörjare",
            "en": "Language café online for beginners",
        },
        summaries={
            "sv": "Prata enkel svenska hemifrån, med mobil eller dator. Vi visar bilder och hjälper varandra.",
            "en": "Talk easy Swedish from home, by phone or computer. We show pictures and help each other.",
        },
        branch="kungsholmen",
        place="online",
        weekdays=(MONDAY,),
        at=time(18),
        minutes=60,
        level="A1",
        terms=TermsChange(seats=10, queue=10, children=False),
    ),
    Row(
        name="language-cafe-youth",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé för unga: jobb, framtid, kärlek",
            "en": "Language café for young people: work, future, love",
        },
        summaries={
            "sv": "För dig som är 16 till 20 år. Vi pratar om det som är viktigt för dig.",
            "en": "For you who are 16 to 20. We talk about what matters to you.",
        },
        branch="transtromer",
        weekdays=(WEDNESDAY,),
        at=time(16, 30),
        minutes=90,
        terms=TermsChange(seats=12, queue=6, children=False),
    ),
    Row(
        name="language-cafe-all-levels",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé för alla",
            "en": "Language café for everyone",
        },
        summaries={
            "sv": "Du kan boka en plats eller bara komma. Borden är för olika nivåer.",
            "en": "Book a place or just come. There are tables for different levels.",
        },
        branch="kungsholmen",
        weekdays=(WEDNESDAY,),
        at=time(16),
        minutes=90,
        level="A1-C1",
        terms=TermsChange(mode="mixed", seats=24, walk_in=8, queue=12),
    ),
    Row(
        name="language-cafe-drop-in",
        kind="language_cafe",
        titles={
            "sv": "Språkcafé: kom som du är",
            "en": "Language café: come as you are",
        },
        summaries={
            "sv": "Du behöver inte boka. Värdarna talar somaliska, arabiska och tigrinja också.",
            "en": "No booking needed. The hosts also speak Somali, Arabic and Tigrinya.",
        },
        branch="rinkeby",
        weekdays=(MONDAY,),
        at=time(16, 30),
        minutes=90,
        languages=("sv", "so", "ar", "ti"),
        terms=TermsChange(mode="drop_in", seats=20),
    ),
    Row(
        name="homework-help-school",
        kind="homework_help",
        titles={
            "sv": "Läxhjälp för årskurs 4 till 9",
            "en": "Homework help, school years 4 to 9",
        },
        summaries={
            "sv": "Ta med din läxa. Du gör den själv och vi hjälper dig. Vi talar flera språk.",
            "en": "Bring your homework. You do it yourself and we help you. We speak several languages.",
        },
        branch="hogdalen",
        weekdays=(MONDAY,),
        at=time(15, 30),
        minutes=120,
        languages=("sv", "ar", "so", "prs", "ti"),
        terms=TermsChange(seats=20, queue=10),
    ),
    Row(
        name="homework-help-adults",
        kind="homework_help",
        titles={
            "sv": "Läxhjälp för gymnasiet och vuxna",
            "en": "Homework help for upper secondary school and adults",
        },
        summaries={
            "sv": "För gymnasiet, komvux och sfi. Boka en plats eller bara kom.",
            "en": "For upper secondary school, adult education and SFI. Book a place or just come.",
        },
        branch="tensta",
        weekdays=(MONDAY,),
        at=time(16),
        minutes=120,
        terms=TermsChange(mode="mixed", seats=24, walk_in=8, queue=8),
    ),
    Row(
        name="story-time",
        kind="story_time",
        titles={
            "sv": "Sagostund för barn 3 till 6 år",
            "en": "Story time for children aged 3 to 6",
        },
        summaries={
            "sv": "Vi läser och sjunger tillsammans. Barn kommer med en vuxen.",
            "en": "We read and sing together. Children come with an adult.",
        },
        branch="hornstull",
        room="Sagorummet",
        weekdays=(TUESDAY,),
        at=time(10),
        minutes=30,
        terms=TermsChange(seats=15),
    ),
    Row(
        name="story-time-arabic",
        kind="story_time",
        titles={
            "sv": "Sagostund på arabiska",
            "en": "Story time in Arabic",
        },
        summaries={
            "sv": "Sagor på arabiska för små barn och deras vuxna. Du behöver inte boka.",
            "en": "Stories in Arabic for small children and their adults. No booking needed.",
        },
        branch="rinkeby",
        weekdays=(SATURDAY,),
        at=time(13),
        minutes=30,
        languages=("ar",),
        terms=TermsChange(mode="drop_in", seats=20),
    ),
    Row(
        name="it-host",
        kind="it_host",
        titles={
            "sv": "IT-värd: kom som du är",
            "en": "IT host: come as you are",
        },
        summaries={
            "sv": "Få hjälp med mobil, e-post och utskrifter. Du behöver inte boka.",
            "en": "Get help with your phone, e-mail and printing. No booking needed.",
        },
        branch="kista",
        weekdays=(MONDAY, TUESDAY, WEDNESDAY, THURSDAY, FRIDAY),
        at=time(13),
        minutes=120,
        languages=("sv", "ar", "so", "fa"),
    ),
    Row(
        name="homework-online",
        kind="homework_help",
        titles={
            "sv": "Läxhjälp online",
            "en": "Homework help online",
        },
        summaries={
            "sv": "Få hjälp med läxan hemifrån. Du behöver en dator eller mobil.",
            "en": "Get help with your homework from home. You need a computer or a phone.",
        },
        branch="hogdalen",
        place="online",
        weekdays=(WEDNESDAY,),
        at=time(17),
        minutes=90,
        languages=("sv", "ar", "so", "prs", "ti"),
        terms=TermsChange(seats=12, queue=6, party_max=1, children=False),
    ),
)


async def seed(conn: Connection, zone: ZoneInfo) -> int:
    """Add the next occurrences of the programme that were never there; gives how many that were."""
    await conn.execute("SELECT pg_advisory_xact_lock($1)", _ONE_AT_A_TIME)
    now = await store.now(conn)
    added = 0
    for row in PROGRAMME:
        activity = row.activity()
        if not await store.activity_exists(conn, activity.id):
            await usecases.create_activity(conn, activity)
        for session in islice(row.sessions(now, zone), _OCCURRENCES):
            if not await store.session_exists(conn, session.id):
                await usecases.create_session(conn, session)
                added += 1
    return added


async def main() -> None:
    """Seed the catalog's database."""
    logs.setup("catalog")
    settings = DemoSettings()
    async with Database(settings.database.get_secret_value(), name="plats-catalog-demo") as database:
        added = await database.transact(lambda conn: seed(conn, settings.timezone))
    logs.get_logger().info("demo_seeded", sessions=added)


if __name__ == "__main__":
    asyncio.run(main())
