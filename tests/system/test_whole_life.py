"""A session is moved and cancelled, a term is planned and booked: through everything that runs."""

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from icalendar import Calendar

from services.catalog.red_days import red_days
from tests.support.installation import Installation
from tests.support.samples import booking_body
from tests.support.servers import eventually

STOCKHOLM = ZoneInfo("Europe/Stockholm")
Json = dict[str, Any]


class Staff(NamedTuple):
    """Somebody who works at Kista."""

    plats: Installation
    headers: dict[str, str]

    @classmethod
    async def of(cls, plats: Installation) -> "Staff":
        return cls(plats, await plats.token("--role", "staff", "--branch", "kista"))

    async def get(self, service: str, path: str) -> Json:
        async with self.plats.http.get(f"{self.plats.url(service)}{path}", headers=self.headers) as answer:
            assert answer.status == 200, await answer.text()
            found: Json = await answer.json()
            return found

    async def send(self, service: str, path: str, body: Json, *, method: str = "POST", status: int = 200) -> Json:
        url = f"{self.plats.url(service)}{path}"
        async with self.plats.http.request(method, url, json=body, headers=self.headers) as answer:
            assert answer.status == status, await answer.text()
            given: Json = await answer.json()
            return given

    async def activity(self, title: str) -> str:
        """Something that happens at no other time."""
        body = {"kind": "language_cafe", "titles": {"sv": title}, "sms_titles": {"sv": title}}
        return str((await self.send("catalog", "/v1/activities", body, status=201))["id"])

    async def calls(self, session: str, template: str, how_many: int) -> list[Json]:
        """Whom they have to tell this by voice and nothing else, once all are on the list."""

        async def listed() -> list[Json] | None:
            found = (await self.get("booking", "/v1/calls?branch=kista"))["items"]
            due = [call for call in found if call["session_id"] == session]
            return due if [call["template"] for call in due] == [template] * how_many else None

        return await eventually(listed, within=20)


async def book(plats: Installation, session: str, name: str, reach: Json, **changes: object) -> Json:
    async with plats.http.post(
        f"{plats.url('booking')}/v1/bookings", json=booking_body(UUID(session), name=name, reach=reach, **changes)
    ) as answer:
        assert answer.status == 201, await answer.text()
        made: Json = await answer.json()
        return made


BY_SMS = [f"+467017406{last}" for last in range(70, 79)]
BY_MAIL = [f"{name}@example.org" for name in ("farida", "goran", "hodan")]
BY_VOICE = ["+46701740680", "+46701740681"]


async def fifteen_come(plats: Installation, session: str) -> None:
    """Nine with a phone, three with an e-mail address, two who want to be called, one without anything."""
    for number in BY_SMS:
        await book(plats, session, "Sara", {"by": "sms", "phone": number})
    for address in BY_MAIL:
        await book(plats, session, "Amir", {"by": "email", "email": address}, language="en")
    for number in BY_VOICE:
        await book(plats, session, "Lina", {"by": "call", "phone": number})
    await book(plats, session, "Omar", {"by": "none"})


CAFE = "Kafé Flytta"
"""What all are told of: the phones may have been others' before."""


async def told_once(plats: Installation, people: list[str], sms: str, mail: str) -> list[Json]:
    """What each got of it with these words, when all have it; nobody has it twice."""

    async def everybody() -> list[Json] | None:
        found = []
        for who in people:
            words = mail if "@" in who else sms
            letters = [(one, f"{one['subject'] or ''} {one['text']}") for one in await plats.messages(who)]
            news = [one for one, text in letters if words in text and CAFE in text]
            assert len(news) < 2, news
            found += news
        return found if len(found) == len(people) else None

    return await eventually(everybody, within=30)


async def test_a_session_is_moved_and_then_cancelled_and_fifteen_people_hear_of_each_once(plats: Installation) -> None:
    """By SMS, by mail and by voice; the next time is named, and what is heard aloud is what the others read."""
    staff = await Staff.of(plats)
    activity = await staff.activity(CAFE)
    session = await plats.session(activity_id=activity)
    id_, starts_at = session["id"], datetime.fromisoformat(session["starts_at"])
    next_time = (starts_at + timedelta(days=1, minutes=10)).isoformat()
    following = await plats.session(activity_id=activity, starts_at=next_time, ends_at=None)
    await fifteen_come(plats, id_)

    later = (starts_at + timedelta(hours=1)).isoformat()
    reach = await staff.get("booking", f"/v1/sessions/{id_}/reach")
    assert (reach["to_call"], reach["at_door"]) == (2, 1)
    people = [
        {"language": some["language"], "channel": some["channel"], "count": some["bookings"]}
        for some in reach["people"]
        if some["channel"] in {"sms", "email"}
    ]
    change = {"template": "rescheduled", "session_id": id_, "changes": {"starts_at": later}, "people": people}
    preview = await staff.send("notify", "/v1/previews", change)
    assert preview["parts"] == len(BY_SMS)
    foreseen = next(text["text"] for text in preview["texts"] if text["channel"] == "sms")

    await staff.send("catalog", f"/v1/sessions/{id_}", {"starts_at": later, "revision": 1}, method="PATCH")
    moved = await told_once(plats, BY_SMS + BY_MAIL, "Ny tid!", "New time")
    assert foreseen.split(".")[0] in {message["text"].split(".")[0] for message in moved}
    calls = await staff.calls(id_, "rescheduled", 3)
    assert {call["phone"] for call in calls} == {*BY_VOICE, None}
    words = await staff.get("notify", f"/v1/messages/{calls[0]['message_id']}/words")
    assert "Kista bibliotek" in words["text"]
    rung = next(call for call in calls if call["phone"] == BY_VOICE[0])
    await staff.send("booking", f"/v1/calls/{rung['id']}", {"outcome": "reached"})
    assert len(await staff.calls(id_, "rescheduled", 2)) == 2

    await staff.send("catalog", f"/v1/sessions/{id_}/cancel", {"reason": "illness"})
    off = await told_once(plats, BY_SMS + BY_MAIL, "ställs in", "Cancelled")
    when = datetime.fromisoformat(following["starts_at"]).astimezone(STOCKHOLM)
    assert all(f"{when:%H.%M}" in message["text"] for message in off), off[0]
    assert {call["phone"] for call in await staff.calls(id_, "session_cancelled", 3)} == {*BY_VOICE, None}
    assert len(await told_once(plats, BY_SMS + BY_MAIL, "Ny tid!", "New time")) == 12


def next_red_day() -> date:
    """A public holiday of a weekday, three weeks ahead or more."""
    today = datetime.now(STOCKHOLM).date()
    coming = red_days(today + timedelta(days=21), today + timedelta(days=300))
    return next(day for day in coming if day.weekday() < 5)


async def test_a_term_is_planned_without_a_red_day_and_booked_in_one_step(plats: Installation) -> None:
    """The red day is left out by its name, a full date is refused by name, and one message tells of all."""
    staff = await Staff.of(plats)
    red = next_red_day()
    activity = await staff.activity("Terminskafé")
    first = red - timedelta(weeks=2)
    rule = f"FREQ=WEEKLY;UNTIL={red + timedelta(weeks=2)}"
    plan = {"branch_id": "kista", "first": first.isoformat(), "time": "17:00", "rule": rule, "capacity": 2}
    series = await staff.send("catalog", f"/v1/activities/{activity}/series", plan, status=201)
    skipped = {date.fromisoformat(one["date"]): one["names"]["sv"] for one in series["skipped"]}
    dates = [first + timedelta(weeks=week) for week in range(5)]
    assert skipped == {day: red_days(day, day)[day]["sv"] for day in dates if red_days(day, day)}
    assert red in skipped
    held = series["sessions"]
    assert [datetime.fromisoformat(one["starts_at"]).astimezone(STOCKHOLM).hour for one in held] == [17] * (
        5 - len(skipped)
    )

    async def bookable() -> bool:
        return all([(await plats.shown(one["id"]))["bookable"] for one in held])

    await eventually(bookable, within=20)
    full = held[1]["id"]
    await book(plats, full, "Nadia", {"by": "none"}, party={"adults": 2, "children": 0})
    phone = "+46701740682"
    before = len(await plats.messages(phone))
    body = {"series_id": series["id"], "name": "Sara", "reach": {"by": "sms", "phone": phone}, "language": "sv"}
    async with plats.http.post(f"{plats.url('booking')}/v1/series-bookings", json=body) as answer:
        assert answer.status == 201, await answer.text()
        made = await answer.json()
    assert [one["session_id"] for one in made["booked"]] == [one["id"] for one in held if one["id"] != full]
    assert [(one["session_id"], one["type"]) for one in made["refused"]] == [(full, "sold-out")]
    sms = await plats.message(phone, containing=made["code"])
    assert f"{len(held) - 1} gånger" in sms["text"]
    assert len(await plats.messages(phone)) == before + 1

    url = f"{plats.url('booking')}/v1/series-bookings/{made['code']}/cancel"
    async with plats.http.post(url, json={"proof": made["proof"]}) as answer:
        assert {one["state"] for one in (await answer.json())["booked"]} == {"cancelled"}
    await plats.message(phone, containing="är avbokade. Terminskafé")
    assert len(await plats.messages(phone)) == before + 2


async def test_a_calendar_that_reads_the_mails_ends_right(plats: Installation) -> None:
    """Each file has the same entry in a higher version; the last one strikes it out."""
    session = await plats.session()
    address = "ines@example.org"
    made = await book(plats, session["id"], "Ines", {"by": "email", "email": address})
    staff = await Staff.of(plats)
    later = datetime.fromisoformat(session["starts_at"]) + timedelta(hours=2)
    await plats.message(address, containing=made["code"])
    await staff.send("catalog", f"/v1/sessions/{session['id']}", {"starts_at": later.isoformat()}, method="PATCH")
    await plats.message(address, containing="ny tid")
    await staff.send("catalog", f"/v1/sessions/{session['id']}/cancel", {"reason": "illness"})
    await plats.message(address, containing="ställs in")
    mails = reversed(await plats.messages(address))
    files = [Calendar.from_ical(file["text"]) for mail in mails for file in mail["attachments"]]
    events = [file.walk("VEVENT")[0] for file in files]
    assert [str(file["METHOD"]) for file in files] == ["PUBLISH", "PUBLISH", "CANCEL"]
    assert len({str(event["UID"]) for event in events}) == 1
    sequences = [int(str(event["SEQUENCE"])) for event in events]
    assert sequences == sorted({*sequences})
    assert events[1].decoded("DTSTART") == later
    assert str(events[-1]["STATUS"]) == "CANCELLED"
