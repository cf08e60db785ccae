"""A session's own page, in front of a real catalog."""

import json
import re
from typing import Any

import pytest

from tests.integration.catalog.conftest import KISTA, Catalog, Json, soon
from tests.integration.web.conftest import PUBLIC, Front, Page


async def bookable(catalog: Catalog, *, left: int = 6, **values: Any) -> Json:  # noqa: ANN401 - as catalog takes them
    """A session of which booking has told how full it is."""
    made = await catalog.session(**values)
    await catalog.hear(made["id"], left=left)
    return made


async def opened(front: Front, session: Json, language: str = "sv") -> Page:
    return await front.get(f"/{language}/sessions/{session['id']}")


def data(page: Page) -> dict[str, Any]:
    """The structured data of a page."""
    [block] = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page.source, re.DOTALL)
    return dict(json.loads(block))


async def test_a_session_says_all_one_needs_to_know_before_the_one_thing_to_do(catalog: Catalog, front: Front) -> None:
    """Fails when a fact is left out, or there is a second thing to do."""
    activity = await catalog.activity(
        titles={"sv": "Språkcafé", "en": "Language café"},
        summaries={"sv": "Vi fikar och pratar.", "en": "We talk over coffee."},
        audiences={"sv": "Från 16 år"},
        led_by={"sv": "Volontärer från Röda Korset"},
        languages=["sv", "ar"],
        level="A2-B1",
    )
    made = await bookable(catalog, activity_id=activity, room="Hörsalen", theme={"sv": "Att söka jobb"}, capacity=15)

    page = await opened(front, made)

    for words in (
        *("Språkcafé", "Vi fikar och pratar.", "Den här gången: Att söka jobb", "Från 16 år"),
        *("Kista bibliotek", "Kista Galleria", "Rum: Hörsalen", "Tunnelbana Kista", "Svenska, arabiska"),
        *("Från grundnivå till mellannivå (A2–B1)", "Nivån är ett råd.", "Du behöver inte ta med något."),
        *("Volontärer från Röda Korset", "6 platser kvar av 15", "Det är gratis.", "08-465 004 00"),
    ):
        assert words in page.text
    assert page.status == 200
    assert page.links("Kista bibliotek") == ["/sv/branches/kista"]
    assert page.links("Boka plats") == [f"/sv/sessions/{made['id']}/book"]
    assert page.source.count('class="ds-button"') == 1


async def test_texts_that_are_only_swedish_are_marked_on_an_english_page(catalog: Catalog, front: Front) -> None:
    activity = await catalog.activity(titles={"sv": "Kafé"}, led_by={"sv": "Volontärer"})

    page = await opened(front, await bookable(catalog, activity_id=activity), "en")

    assert '<bdi lang="sv">Kafé</bdi>' in page.source
    assert '<bdi lang="sv">Volontärer</bdi>' in page.source
    assert "6 places left of 15" in page.text


async def test_the_picture_shows_as_many_free_chairs_as_the_words_say(catalog: Catalog, front: Front) -> None:
    """Fails when those kept for drop-ins are counted among those to book, or taken and free are confused."""
    mixed = {"capacity": {"seats": 24, "walk_in": 8}, "mode": "mixed"}

    page = await opened(front, await bookable(catalog, left=6, **mixed))

    [chairs] = re.findall(r'<p class="chairs".*?</p>', page.source, re.DOTALL)
    assert (chairs.count("<svg"), chairs.count('class="taken"')) == (16, 10)
    assert "6 platser kvar av 16" in page.text
    assert "8 platser är för dem som kommer utan att boka." in page.text


async def test_when_it_is_full_other_times_stand_by_how_far_one_has_to_go(catalog: Catalog, front: Front) -> None:
    """Fails when what is at another library or online is said to be here, or a full session still offers booking."""
    activity = await catalog.activity()
    full = await bookable(catalog, activity_id=activity, left=0)
    later = await bookable(catalog, activity_id=activity, starts_at=soon(10).isoformat())
    away = await bookable(catalog, activity_id=activity, branch_id="husby", starts_at=soon(11).isoformat())
    online = await bookable(catalog, activity_id=activity, place="online", starts_at=soon(12).isoformat())

    page = await opened(front, full)

    sections = ["Andra tider här", later["id"], "På andra bibliotek", away["id"], ">På nätet<", online["id"]]
    places = [page.source.index(words) for words in sections]
    assert places == sorted(places)
    assert "Fullt" in page.text
    assert "Här är andra tider med lediga platser." in page.text
    assert f"{full['id']}/book" not in page.source
    assert data(page)["offers"]["availability"] == "https://schema.org/SoldOut"


async def test_from_a_full_session_online_the_other_ones_online_are_the_near_ones(
    catalog: Catalog, front: Front
) -> None:
    """Fails when the library that hosts a session online is taken for where one would go."""
    activity = await catalog.activity()
    full = await bookable(catalog, activity_id=activity, left=0, place="online")
    same = await bookable(catalog, activity_id=activity, place="online", starts_at=soon(10).isoformat())
    house = await bookable(catalog, activity_id=activity, starts_at=soon(11).isoformat())

    page = await opened(front, full)

    sections = ["Andra tider på nätet", same["id"], "På andra bibliotek", house["id"]]
    assert [page.source.index(words) for words in sections] == sorted(page.source.index(words) for words in sections)


async def test_when_nothing_else_is_free_one_is_told_to_ring(catalog: Catalog, front: Front) -> None:
    page = await opened(front, await bookable(catalog, left=0))

    assert "Ring gärna biblioteket om du vill veta när det blir fler tider." in page.text
    assert "Andra tider" not in page.text


async def test_while_catalog_cannot_say_what_else_there_is_the_page_stays(catalog: Catalog, front: Front) -> None:
    """Fails when the page falls with the list below it."""
    full = await bookable(catalog, left=0)
    await catalog.database.pool.execute("ALTER TABLE branch RENAME COLUMN latitude TO north")

    page = await opened(front, full)

    assert (page.status, "Ring gärna biblioteket" in page.text) == (200, True)


async def test_a_cancelled_session_is_still_there_to_say_so(catalog: Catalog, front: Front) -> None:
    """Fails when it looks held to a person or a program, is gone, or does not name the next time."""
    activity = await catalog.activity()
    made = await bookable(catalog, activity_id=activity)
    later = await bookable(catalog, activity_id=activity, starts_at=soon(10).isoformat())
    await catalog.cancel(made)

    page = await opened(front, made)

    assert (page.status, "Inställt" in page.text) == (200, True)
    assert data(page)["eventStatus"] == "https://schema.org/EventCancelled"
    assert f"/sv/sessions/{later['id']}" in page.source
    assert "/book" not in page.source


async def test_an_old_link_says_it_is_over_and_leads_to_the_next_time(catalog: Catalog, front: Front) -> None:
    """Fails when search engines are told to keep it, or people are left without a next time."""
    activity = await catalog.activity()
    made = await bookable(catalog, activity_id=activity)
    later = await bookable(catalog, activity_id=activity, starts_at=soon(10).isoformat())
    await catalog.begin(made, minutes_ago=24 * 60)

    page = await opened(front, made)

    assert page.status == 410
    assert "Det här har redan varit" in page.text
    assert f"/sv/sessions/{later['id']}" in page.source
    assert '<meta name="robots" content="noindex">' in page.source
    assert "ld+json" not in page.source


async def test_what_was_taken_back_is_gone_and_invites_nobody(catalog: Catalog, front: Front) -> None:
    """Fails when how one would come to it is asked before whether it is offered."""
    shift = await catalog.activity("library_friend")
    for made in (
        await bookable(catalog),
        await bookable(catalog, mode="drop_in"),
        await bookable(catalog, activity_id=shift),
    ):
        await catalog.patch(made, status="withdrawn")

        page = await opened(front, made)

        assert (page.status, "Borttaget ur programmet" in page.text) == (410, True)
        assert "så länge det finns plats" not in page.text
        assert "Biblioteket bokar den här tiden" not in page.text


async def test_one_may_come_late_to_where_nobody_books_and_only_there(catalog: Catalog, front: Front) -> None:
    """Fails when a drop-in that goes on sends people away, or something booked still takes bookings."""
    drop_in = await catalog.session(activity_id=await catalog.activity("it_host"))
    booked = await bookable(catalog)
    for one in (drop_in, booked):
        await catalog.begin(one, minutes_ago=10)

    come, late = await opened(front, drop_in), await opened(front, booked)

    assert "Kom som du är Det har börjat, men du kan fortfarande komma." in come.text
    assert "Har börjat" not in come.text
    assert ("Kom som du är" in late.text, "Har börjat" in late.text) == (False, True)
    assert (come.status, late.status, "/book" in late.source) == (200, 200, False)


async def test_coaching_says_what_it_does_and_does_not_before_one_books(catalog: Catalog, front: Front) -> None:
    """Fails when the button comes before the lists, or the promise about codes is left out."""
    made = await bookable(catalog, activity_id=await catalog.activity("digital_coaching"), left=2)

    page = await opened(front, made)

    words = [
        *("Det här får du hjälp med", "Komma i gång med Swish", "Det här gör vi inte", "Vi gör inga bankärenden"),
        *("Du håller själv i din mobil eller dator.", "rekommenderar ingen bank", "2 tider kvar av 3", "Boka plats"),
    ]
    assert [page.text.index(text) for text in words] == sorted(page.text.index(text) for text in words)
    assert "Det här gör vi inte" not in (await opened(front, await bookable(catalog))).text


async def test_what_staff_fill_leads_to_the_phone(catalog: Catalog, front: Front) -> None:
    made = await catalog.session(activity_id=await catalog.activity("library_friend"))

    page = await opened(front, made)

    assert page.links("Ring 08-465 004 00") == ["tel:0846500400"]
    assert "Volontärer" in page.text
    assert "/book" not in page.source


async def test_how_one_gets_into_a_session_online_is_told_to_nobody_here(catalog: Catalog, front: Front) -> None:
    """Fails when the page or its structured data holds the link."""
    meeting = {"link": "https://video.example/secret", "number": "123 456"}
    made = await bookable(catalog, place="online", meeting=meeting)

    page = await opened(front, made)

    assert "När du har bokat får du veta hur du kommer in." in page.text
    assert data(page)["location"] == {"@type": "VirtualLocation"}
    assert "video.example" not in page.source
    assert "123 456" not in page.source


async def test_no_text_of_staff_gets_out_of_the_structured_data(catalog: Catalog, front: Front) -> None:
    """Fails when a title can end the block and begin a script."""
    title = "</script><script>alert(1)</script>"
    activity = await catalog.activity(titles={"sv": title}, summaries={"sv": '" <!--'})

    page = await opened(front, await bookable(catalog, activity_id=activity))

    assert data(page)["name"] == title
    assert "<script>" not in page.source


async def test_others_find_the_page_by_its_public_address(catalog: Catalog, known: Front) -> None:
    """Fails when the address holds what was asked behind ``?``, or languages are not told of each other."""
    made = await bookable(catalog)
    address = f"{PUBLIC}/en/sessions/{made['id']}"

    page = await known.get(f"/en/sessions/{made['id']}", utm_source="mail")

    assert f'<link rel="canonical" href="{address}">' in page.source
    assert f'<meta property="og:url" content="{address}">' in page.source
    assert f'<link rel="alternate" hreflang="sv" href="{PUBLIC}/sv/sessions/{made["id"]}">' in page.source
    assert data(page)["url"] == address


async def test_without_a_public_address_no_page_says_where_it_is(catalog: Catalog, front: Front) -> None:
    page = await opened(front, await bookable(catalog))

    assert ("canonical" in page.source, 'property="og:title"' in page.source) == (False, True)


@pytest.mark.parametrize("session", ["0197f0a0-0000-7000-8000-000000000001", "nothing", "1%20OR%201"])
async def test_a_session_that_never_was_is_not_found(front: Front, session: str) -> None:
    page = await front.get(f"/sv/sessions/{session}")

    assert (page.status, page.links("Till programmet") != []) == (404, True)


async def test_a_draft_is_seen_by_nobody(catalog: Catalog, front: Front) -> None:
    made = await catalog.session(status="draft", by=KISTA)

    assert (await opened(front, made)).status == 404
