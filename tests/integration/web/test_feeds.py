"""What other programs read of the pages, in front of a real catalog."""

import json
from uuid import uuid4
from xml.etree import ElementTree as ET

import icalendar
import pytest
from yarl import URL

from tests.integration.catalog.conftest import Catalog, soon
from tests.integration.web.conftest import PUBLIC, Front

_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


def _titles(source: str) -> list[str]:
    return [str(event["SUMMARY"]) for event in icalendar.Calendar.from_ical(source).walk("VEVENT")]


async def test_a_librarys_programme_is_a_calendar_in_the_language_of_the_address(
    catalog: Catalog, front: Front
) -> None:
    """Fails when the page's language is not asked for, or another library's sessions are in it."""
    await catalog.session()
    await catalog.session(branch_id="rinkeby", activity_id=await catalog.activity(titles={"sv": "Annat"}))

    found = await front.get("/en/branches/kista/calendar.ics")

    assert found.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert _titles(found.source) == ["Language café"]


async def test_a_calendar_of_a_kind_holds_that_kind(catalog: Catalog, front: Front) -> None:
    """Fails when the wishes of the address are not handed on."""
    await catalog.session()
    await catalog.session(activity_id=await catalog.activity("story_time", titles={"sv": "Sagostund"}))

    found = await front.get("/sv/calendar.ics", kind="story_time")

    assert _titles(found.source) == ["Sagostund"]


async def test_a_calendar_that_has_not_changed_is_not_sent_again(catalog: Catalog, front: Front) -> None:
    """Fails when what the calendar program has is not handed on to the catalog."""
    await catalog.session()
    first = await front.get("/sv/calendar.ics")

    again = await front.get("/sv/calendar.ics", headers={"If-None-Match": first.headers["Etag"]})

    assert (again.status, again.source) == (304, "")


@pytest.mark.parametrize(
    ("path", "status", "says"),
    [
        ("/sv/branches/nowhere/calendar.ics", 404, "Det biblioteket finns inte här"),
        ("/sv/calendar.ics?kind=dancing", 422, "Till programmet"),
    ],
)
async def test_a_calendar_that_cannot_be_is_a_page_that_says_so(
    front: Front, path: str, status: int, says: str
) -> None:
    """Fails when catalog's problem document reaches the visitor."""
    found = await front.get(path)

    assert found.status == status
    assert says in found.text


@pytest.mark.parametrize("out", ["..%2F..%2Fmetrics%3F", "..%2f..%2fopenapi.json%3f", "%2e%2e", "%00"])
async def test_no_address_leads_out_of_the_libraries(front: Front, out: str) -> None:
    """Fails when what stands for a library goes into catalog's address as it came."""
    for page in ("", "/calendar.ics", "/week/2026-11-23"):
        async with front.http.get(URL(f"{front.url}/sv/branches/{out}{page}", encoded=True)) as answer:
            assert answer.status == 404


async def test_search_engines_find_every_public_page_in_every_language(catalog: Catalog, known: Front) -> None:
    """Fails when a page of the catalog's list, a branch or a language is left out."""
    made = await catalog.session()

    found = await known.get("/sitemap.xml")

    addresses = {str(url.text) for url in ET.fromstring(found.source.encode()).iter(f"{_SITEMAP}loc")}  # noqa: S314 - ours
    for page in ("", "branches", "branches/kista", f"sessions/{made['id']}", "about/privacy"):
        assert {f"{PUBLIC}/sv/{page}", f"{PUBLIC}/en/{page}"} <= addresses


async def test_search_engines_keep_out_of_what_belongs_to_one_visitor(front: Front, known: Front) -> None:
    """Fails when a language's own pages are not named, or a sitemap is promised that cannot be made."""
    robots = (await front.get("/robots.txt")).source

    assert "Disallow: /sv/my-booking\n" in robots
    assert "Disallow: /en/booked\n" in robots
    assert "Disallow: /sv/sessions/*/book\n" in robots, "who opens the first question keeps a seat"
    assert "Sitemap:" not in robots
    assert (await front.get("/sitemap.xml")).status == 404
    assert f"Sitemap: {PUBLIC}/sitemap.xml" in (await known.get("/robots.txt")).source


async def test_live_seats_are_told_in_the_words_of_the_page(catalog: Catalog, front: Front) -> None:
    """With what there is to do, and where.

    Fails when children, a class or a helper's time are chairs, a drop-in is told, or a queue is missed or made up.
    """
    chairs, waiting, joinable = [await catalog.session() for _ in range(3)]
    queue_full, none_left = await catalog.session(), await catalog.session(capacity={"seats": 15, "queue": 0})
    stories = await catalog.session(activity_id=await catalog.activity("story_time", titles={"sv": "Sagostund"}))
    school = await catalog.session(activity_id=await catalog.activity("class_visit"))
    helper = await catalog.session(activity_id=await catalog.activity("digital_coaching"))
    drop_in = await catalog.session(mode="drop_in", starts_at=soon(4).isoformat())
    for session, left in ((chairs, 6), (none_left, 0), (queue_full, 0), (stories, 2), (school, 1), (helper, 2)):
        await catalog.hear(session["id"], left=left)
    for session, queue_left in ((waiting, 5), (joinable, 8)):
        await catalog.hear(session["id"], left=0, queue_left=queue_left)
    told = (chairs, waiting, joinable, queue_full, none_left, stories, school, helper, drop_in)
    asked = "&".join(f"s={one}" for one in (*(session["id"] for session in told), uuid4()))

    found = await front.get(f"/sv/seats?{asked}")

    book, queue = {"way": "book", "does": "Boka plats"}, {"way": "queue", "does": "Ställ dig i kö"}
    nothing = {"way": "", "does": ""}
    assert found.headers["Cache-Control"] == "no-store"
    assert json.loads(found.source) == {
        chairs["id"]: {"text": "6 platser kvar", "left": 6} | book,
        waiting["id"]: {"text": "Fullt – 3 i kö", "left": 0} | queue,
        joinable["id"]: {"text": "Fullt – kö", "left": 0} | queue,
        queue_full["id"]: {"text": "Fullt – kön är full", "left": 0} | nothing,
        none_left["id"]: {"text": "Fullt", "left": 0} | nothing,
        stories["id"]: {"text": "Plats för 2 barn till", "left": 2} | book,
        school["id"]: {"text": "Ledigt för en klass", "left": 1} | book,
        helper["id"]: {"text": "2 tider kvar", "left": 2} | book,
    }


@pytest.mark.parametrize(
    "query", ["", "?s=none", "?" + "&".join(f"s={uuid4()}" for _ in range(61))], ids=["no", "odd", "many"]
)
async def test_live_seats_of_what_is_no_session_are_refused(front: Front, query: str) -> None:
    """Fails when anything at all is handed on to the catalog."""
    assert (await front.get(f"/sv/seats{query}")).status == 400


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("page", ["privacy", "accessibility"])
async def test_what_the_law_asks_for_is_there_without_any_service(front: Front, language: str, page: str) -> None:
    """Fails when a page that only tells something needs data."""
    assert (await front.get(f"/{language}/about/{page}")).status == 200
