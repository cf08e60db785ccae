"""The programme as calendars that people subscribe to, read back as their programs read them."""

from datetime import UTC, datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

import aiohttp
from icalendar import Calendar, Event
from multidict import CIMultiDictProxy
from pydantic import SecretStr

from services.catalog.app import create_app
from services.catalog.settings import CatalogSettings
from tests.integration.catalog.conftest import KEY, NOWHERE, Catalog, Json, soon
from tests.support.apps import serving

STOCKHOLM = ZoneInfo("Europe/Stockholm")


class Answer(NamedTuple):
    status: int
    headers: CIMultiDictProxy[str]
    body: bytes

    @property
    def events(self) -> dict[str, Event]:
        """By the id of the session."""
        return {event.uid.removesuffix("@plats"): event for event in Calendar.from_ical(self.body).events}


async def follow(
    catalog: Catalog, http: aiohttp.ClientSession, path: str = "/v1/calendar.ics", known: str = "", **query: str
) -> Answer:
    """Ask for a calendar, as a program does that may have it already."""
    headers = {"If-None-Match": known} if known else {}
    async with http.get(f"{catalog.url}{path}", params=query, headers=headers) as answer:
        return Answer(answer.status, answer.headers, await answer.read())


async def test_a_calendar_has_what_is_coming_as_it_is_now(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    """Fails when a change does not raise the sequence, or what is not public or over is in it."""
    cafe = await catalog.activity(
        summaries={"sv": "Vi pratar.", "en": "We talk."}, audiences={"sv": "Från 16 år"}, languages=["sv", "ar"]
    )
    session = await catalog.session(activity_id=cafe, room="Hörsalen", theme={"sv": "Resor", "en": "Travel"})
    over, withdrawn = [await catalog.session(activity_id=cafe) for _ in range(2)]
    await catalog.begin(over, minutes_ago=100)
    await catalog.patch(withdrawn, status="withdrawn")
    await catalog.session(activity_id=cafe, status="draft")
    await catalog.patch(session, starts_at=soon(4).isoformat())

    answer = await follow(catalog, http)

    assert (answer.status, answer.headers["Content-Type"]) == (200, "text/calendar; charset=utf-8")
    assert list(answer.events) == [session["id"]]
    event = answer.events[session["id"]]
    assert (event.start, event.end) == (soon(4), soon(4) + timedelta(minutes=90))
    assert (event.sequence, event["status"], event["summary"]) == (2, "CONFIRMED", "Språkcafé")
    assert event["location"] == "Kista bibliotek, Hörsalen, Kista Galleria"
    assert event["description"] == "Resor\nVi pratar.\nFrån 16 år"
    assert event.categories == ["Språkcafé"]
    assert "url" not in event


async def test_texts_are_in_the_language_asked_for_or_in_swedish(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    await catalog.session(
        activity_id=await catalog.activity(summaries={"sv": "Vi pratar."}), theme={"sv": "Resor", "en": "Travel"}
    )

    (event,) = (answer := await follow(catalog, http, lang="en", kind="language_cafe")).events.values()
    assert (event["summary"], event["description"], event.categories) == (
        "Language café",
        "Travel\nVi pratar.",
        ["Language café"],
    )
    assert Calendar.from_ical(answer.body).calendar_name == "The libraries’ programme: Language café"
    (event,) = (answer := await follow(catalog, http, lang="ti")).events.values()
    assert (event["summary"], event["description"]) == ("Språkcafé", "Resor\nVi pratar.")
    assert Calendar.from_ical(answer.body).calendar_name == "Bibliotekens program"


async def test_what_is_called_off_stays_as_such_for_thirty_days(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    """Fails when it just vanishes, when it does so as soon as it would have been over, or when it stays for ever.

    A draft that was called off was never on offer.
    """
    coming, gone, forgotten = [await catalog.session() for _ in range(3)]
    for session in (coming, gone, forgotten, await catalog.session(status="draft")):
        await catalog.cancel(session)
    for session, days in ((gone, 29), (forgotten, 31)):
        await catalog.database.pool.execute(
            """
            UPDATE session SET starts_at = now() - interval '29 days', ends_at = now() - interval '28 days',
                updated_at = now() - make_interval(days => $2)
            WHERE id = $1
            """,
            UUID(session["id"]),
            days,
        )

    events = (await follow(catalog, http)).events

    assert set(events) == {coming["id"], gone["id"]}
    assert {event["status"] for event in events.values()} == {"CANCELLED"}
    assert {event.sequence for event in events.values()} == {2}


async def test_the_clock_on_the_wall_is_the_same_after_summer_time(
    catalog: Catalog, http: aiohttp.ClientSession
) -> None:
    """Fails when times are in UTC, or in a zone whose rules are not in the file."""
    activity = await catalog.activity()
    now = datetime.now(STOCKHOLM)
    for days in range(1, 365, 28):
        day = now.date() + timedelta(days=days)
        starts_at = datetime(day.year, day.month, day.day, 17, tzinfo=STOCKHOLM)
        await catalog.session(activity_id=activity, starts_at=starts_at.isoformat())

    calendar = Calendar.from_ical((await follow(catalog, http)).body)

    assert {event["dtstart"].params["TZID"] for event in calendar.events} == {"Europe/Stockholm"}
    starts = [at for event in calendar.events if isinstance(at := event.start, datetime)]
    assert [at.hour for at in starts] == [17] * 13
    (zone,) = calendar.timezones
    ours = zone.to_tz()
    assert {at.utcoffset() for at in starts} == {timedelta(hours=1), timedelta(hours=2)}
    assert [at.replace(tzinfo=ours).astimezone(UTC) for at in starts] == [at.astimezone(UTC) for at in starts]


async def test_a_calendar_is_of_a_branch_a_kind_or_a_language(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    """Fails when a branch's address shows the others, or what is not for everyone comes without being asked for."""
    cafe, story = await catalog.activity(languages=["sv", "ar"]), await catalog.activity("story_time", languages=["ti"])
    visit = await catalog.activity("class_visit", titles={"sv": "Klassbesök"})

    async def made(activity: str, branch: str) -> str:
        session: Json = await catalog.session(activity_id=activity, branch_id=branch)
        return str(session["id"])

    here, there = await made(cafe, "kista"), await made(cafe, "farsta")
    tale, school = await made(story, "kista"), await made(visit, "kista")

    async def shown(path: str = "/v1/calendar.ics", **query: str) -> set[str]:
        return set((await follow(catalog, http, path, **query)).events)

    kista = "/v1/branches/kista/calendar.ics"
    assert await shown() == {here, there, tale}
    assert await shown(branch="kista") == await shown(kista) == {here, tale}
    assert await shown(kind="class_visit") == {school}
    assert await shown(kista, kind="story_time", lang="en") == {tale}
    assert await shown(language="ar", branch="farsta") == {there}
    assert await shown(language="fi") == set()
    answer = await follow(catalog, http, kista, kind="story_time")
    assert Calendar.from_ical(answer.body).calendar_name == "Kista bibliotek: Sagostund"


async def test_who_has_it_already_is_not_sent_it_again(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    """Fails when the tag is another each time, or the same after a change."""
    session = await catalog.session()
    first = await follow(catalog, http)
    tag = first.headers["ETag"]

    for known in (tag, f"W/{tag}", f'"other", {tag}', "*"):
        again = await follow(catalog, http, known=known)
        assert (again.status, again.body, again.headers["ETag"]) == (304, b"", tag)
    assert (await follow(catalog, http, known='"other"')).body == first.body
    await catalog.patch(session, room="A")
    changed = await follow(catalog, http, known=tag)
    assert (changed.status, changed.headers["ETag"] == tag) == (200, False)


async def test_a_calendar_that_cannot_be_names_what_is_wrong(catalog: Catalog) -> None:
    for path, query, status, type_ in (
        ("/v1/branches/nowhere/calendar.ics", {}, 404, "unknown-branch"),
        ("/v1/calendar.ics", {"branch": "nowhere"}, 422, "invalid"),
        ("/v1/calendar.ics", {"kind": "disco"}, 422, "invalid"),
        ("/v1/calendar.ics", {"lang": "svenska"}, 422, "invalid"),
        ("/v1/calendar.ics", {"language": "xx"}, 422, "invalid"),
        ("/v1/branches/kista/calendar.ics", {"branch": "farsta"}, 422, "invalid"),
    ):
        found, problem = await catalog.get(path, **query)
        assert (found, problem["type"]) == (status, type_), path


async def test_an_entry_names_its_page_and_never_the_meeting(catalog: Catalog, http: aiohttp.ClientSession) -> None:
    """Fails when the way into an online session is in a public file, or a page in a language we may not have is."""
    meeting = {"link": "https://meet.example.org/j/1", "number": "123 456"}
    online = await catalog.session(place="online", meeting=meeting)
    away = await catalog.session(place="outreach", room="Husby konsthall", starts_at=soon(4).isoformat())
    configured = CatalogSettings(
        key=SecretStr(KEY),
        database=SecretStr(catalog.database.dsn),
        broker=SecretStr(NOWHERE),
        identity_issuer=catalog.issuer.url,
        public_url="https://plats.example.se/",
    )

    async with serving(create_app(configured)) as url:
        there = Catalog(url, catalog.database, http, catalog.issuer)
        answer, tigrinya = await follow(there, http, lang="en"), await follow(there, http, lang="ti")

    assert tigrinya.events[online["id"]]["url"] == f"https://plats.example.se/sv/sessions/{online['id']}"
    assert answer.events[online["id"]]["url"] == f"https://plats.example.se/en/sessions/{online['id']}"
    assert answer.events[online["id"]]["location"] == "Online"
    assert answer.events[away["id"]]["location"] == "Husby konsthall"
    assert b"meet.example" not in answer.body
    assert b"123 456" not in answer.body
