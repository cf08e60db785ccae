"""Hours, certificates and the private calendar."""

from __future__ import annotations

import re

from tests.integration.web.volunteer.house import HOME, VolunteerHouse


async def test_without_hours_the_page_says_how_they_come_about(helping: VolunteerHouse) -> None:
    amina = await helping.helper(hours_a_year=16)

    page = await amina.get(f"{HOME}/hours")

    assert "Inga timmar än det här året." in page.text
    assert "16 timmar av 16 timmar" in page.text
    paper = await amina.get(f"{HOME}/hours/certificate.pdf")
    assert paper.status in {404, 409, 422}
    assert "Det finns inga timmar att intyga" in paper.text


async def test_a_private_calendar_is_made_read_and_revoked(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    await helping.duty(await helping.coaching(), amina)

    made = await amina.fill(await amina.get(f"{HOME}/calendar"), f"{HOME}/calendar")
    assert made.headers["Cache-Control"] == "no-store"
    address = re.search(r"http://[^<]+/feed/[^<]+\.ics", made.source)
    assert address
    path = address[0].removeprefix(helping.url)
    stranger = helping.stranger()
    feed = await stranger.get(path)
    assert feed.status == 200
    assert feed.source.startswith("BEGIN:VCALENDAR")
    assert feed.source.count("BEGIN:VEVENT") == 1
    assert feed.headers["Cache-Control"] == "no-store"

    again = await amina.get(f"{HOME}/calendar")
    assert address[0] not in again.source
    await amina.fill(again, f"{HOME}/calendar/revoke")
    assert (await stranger.get(path)).status == 404


async def test_a_new_calendar_revokes_the_old_one(helping: VolunteerHouse) -> None:
    amina = await helping.helper()
    paths = []
    for _ in range(2):
        made = await amina.fill(await amina.get(f"{HOME}/calendar"), f"{HOME}/calendar")
        found = re.search(r"/sv/volunteer/feed/[^<]+\.ics", made.source)
        assert found
        paths.append(found[0])

    assert [(await helping.stranger().get(path)).status for path in paths] == [404, 200]
