"""The phonebox as its neighbours meet it: the provider's HTTP interface, SMTP, its own API and its page."""

import asyncio
import itertools
import json
import sys
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import aiohttp
import aiosmtplib
import pytest
from aiohttp import web
from yarl import URL

from tests.support.apps import serving
from tests.support.servers import eventually, free_port, running

LIBRARY_NUMBER = "+46766861004"
SENDER = "Biblioteket <plats@example.org>"
Form = dict[str, str]


@dataclass
class Library:
    """What the provider calls back: notes every post that knows the password, and answers as told."""

    url: str = ""
    receipts: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))
    incoming: dict[str, list[Form]] = field(default_factory=lambda: defaultdict(list))
    refusals: dict[str, int] = field(default_factory=dict)
    """How often every receipt, or the SMS with some text, is still answered with 500."""
    reply: str = ""
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)

    def app(self) -> web.Application:
        app = web.Application()
        app.add_routes([web.post("/receipts", self._receipt), web.post("/incoming", self._incoming)])
        return app

    def address(self, path: str) -> str:
        """Where to post, with the credentials inside, as the settings of Plats have them."""
        return str(URL(self.url).with_user("plats").with_password("a secret").with_path(path))

    async def _receipt(self, request: web.Request) -> web.Response:
        form = await _authorised(request)
        self.receipts[form["id"]].append(form)
        await self.may_answer.wait()
        return web.Response(status=204 if self._accepts("every receipt") else 500)

    async def _incoming(self, request: web.Request) -> web.Response:
        form = await _authorised(request)
        self.incoming[form["from"]].append(form)
        if not self._accepts(form["message"]):
            return web.Response(status=500)
        return web.Response(text=self.reply) if self.reply else web.Response(status=204)

    def _accepts(self, what: str) -> bool:
        left = self.refusals.get(what, 0)
        self.refusals[what] = left - 1
        return left <= 0


async def _authorised(request: web.Request) -> Form:
    if request.headers.get("Authorization") != aiohttp.encode_basic_auth("plats", "a secret"):
        raise web.HTTPUnauthorized
    return {name: str(value) for name, value in (await request.post()).items()}


@dataclass(frozen=True)
class Phonebox:
    """A running phonebox and one who talks to it."""

    url: str
    smtp_port: int
    http: aiohttp.ClientSession
    process: asyncio.subprocess.Process

    async def send(self, to: str, text: str = "Hej", **fields: str) -> aiohttp.ClientResponse:
        form = {"from": LIBRARY_NUMBER, "to": to, "message": text, **fields}
        return await self.http.post(f"{self.url}/a1/sms", data=form, headers=_credentials("library", "sms password"))

    async def sent(self, to: str, text: str = "Hej", **fields: str) -> dict[str, Any]:
        answer = await self.send(to, text, **fields)
        assert answer.status == 200, await answer.text()
        return await _object(answer)

    async def history(self, **query: str | int) -> dict[str, Any]:
        answer = await self.http.get(
            f"{self.url}/a1/sms",
            params=query,
            headers=_credentials("library", "sms password"),
        )
        assert answer.status == 200, await answer.text()
        return await _object(answer)

    async def messages(self, to: str) -> list[dict[str, Any]]:
        answer = await self.http.get(f"{self.url}/api/messages", params={"to": to})
        items: list[dict[str, Any]] = (await _object(answer))["items"]
        return items

    async def reply(self, phone: str, text: str, **fields: str) -> aiohttp.ClientResponse:
        return await self.http.post(f"{self.url}/api/reply", json={"from": phone, "text": text, **fields})

    async def script(self, **fault: str | float) -> None:
        answer = await self.http.post(f"{self.url}/api/faults", json=fault)
        assert answer.status == 201, await answer.text()

    async def mail(self, message: EmailMessage, *to: str) -> None:
        await aiosmtplib.send(
            message,
            recipients=list(to),
            hostname="127.0.0.1",
            port=self.smtp_port,
            start_tls=False,
        )


def _credentials(username: str, password: str) -> dict[str, str]:
    return {"Authorization": aiohttp.encode_basic_auth(username, password)}


async def _object(answer: aiohttp.ClientResponse) -> dict[str, Any]:
    parsed: dict[str, Any] = await answer.json()
    return parsed


@asynccontextmanager
async def _serve(folder: Path, incoming: str = "") -> AsyncIterator[Phonebox]:
    port, smtp_port = free_port(), free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        "PHONEBOX_HOST": "127.0.0.1",
        "PHONEBOX_PORT": str(port),
        "PHONEBOX_SMTP_PORT": str(smtp_port),
        "PHONEBOX_SMS_USERNAME": "library",
        "PHONEBOX_SMS_PASSWORD": "sms password",
        "PHONEBOX_DATA": str(folder),
        "PHONEBOX_INCOMING": incoming,
    }
    command = [sys.executable, "-W", "error", "-m", "deploy.local.phonebox"]
    async with AsyncExitStack() as stack:
        process = await stack.enter_async_context(running(command, environment, ready=f"{url}/health/ready"))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield Phonebox(url, smtp_port, http, process)


@pytest.fixture(scope="module")
async def library() -> AsyncIterator[Library]:
    library = Library()
    async with serving(library.app()) as url:
        library.url = url
        yield library


@pytest.fixture(scope="module")
async def box(library: Library, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Phonebox]:
    async with _serve(tmp_path_factory.mktemp("phonebox") / "data", library.address("/incoming")) as box:
        yield box


_numbers = itertools.count(46701740605)


@pytest.fixture
def phone() -> str:
    """A number of its own for each test, of those that belong to nobody."""
    return f"+{next(_numbers)}"


@pytest.fixture
def mailbox(phone: str) -> str:
    return f"amina+{phone[1:]}@example.org"


@pytest.fixture(autouse=True)
def _obliging_library(library: Library) -> None:
    library.refusals.clear()
    library.reply = ""
    library.may_answer.set()


def _letter(subject: str = "Du har plats", text: str = "Hej Amina!\n") -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = SENDER
    letter["To"] = "amina@example.org"
    letter["Subject"] = subject
    letter["Message-ID"] = "<booking-1@example.org>"
    letter.set_content(text)
    return letter


# The provider: sending


async def test_an_sms_is_answered_as_the_provider_answers(box: Phonebox, phone: str) -> None:
    before = datetime.now(UTC)

    answer = await box.sent(phone, "Välkommen till Kista!")

    created = datetime.fromisoformat(answer.pop("created")).replace(tzinfo=UTC)
    assert before <= created <= datetime.now(UTC)
    assert answer.pop("id").startswith("s")
    assert answer == {
        "status": "created",
        "direction": "outgoing",
        "from": LIBRARY_NUMBER,
        "to": phone,
        "message": "Välkommen till Kista!",
        "parts": 1,
        "cost": 3500,
    }


async def test_the_phone_shows_the_sms(box: Phonebox, phone: str) -> None:
    await box.sent(phone, "ett")
    await box.sent(phone, "två")

    two, one = await box.messages(phone)

    assert datetime.fromisoformat(one.pop("at")) < datetime.fromisoformat(two["at"])
    assert two["text"] == "två"
    assert one == {
        "kind": "sms",
        "to": phone,
        "from": LIBRARY_NUMBER,
        "text": "ett",
        "subject": None,
        "parts": 1,
    }


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        ("åäöÅÄÖéñüß@£\n" * 12, 1),
        ("€" * 80, 1),
        ("€" * 81, 2),
        pytest.param("a" * 152 + "€" + "a" * 152, 3, id="an escaped character moves whole to the next part"),
        ("ş" * 70, 1),
        ("ş" * 71, 2),
        ("ş" * 134, 2),
        ("ş" * 135, 3),
        pytest.param("a" * 70 + "’", 2, id="one typographic mark changes the encoding of all"),
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        pytest.param("😀" * 67, 3, id="a surrogate pair moves whole to the next part"),
    ],
)
async def test_a_text_costs_as_many_parts_as_it_takes(box: Phonebox, phone: str, text: str, parts: int) -> None:
    answer = await box.sent(phone, text)

    assert (answer["parts"], answer["cost"]) == (parts, 3500 * parts)


@pytest.mark.parametrize("headers", [{}, _credentials("library", "guess"), _credentials("guess", "sms password")])
async def test_without_the_credentials_nothing_is_sent_or_shown(
    box: Phonebox,
    phone: str,
    headers: dict[str, str],
) -> None:
    form = {"from": LIBRARY_NUMBER, "to": phone, "message": "Hej"}

    sending = await box.http.post(f"{box.url}/a1/sms", data=form, headers=headers)
    reading = await box.http.get(f"{box.url}/a1/sms", headers=headers)

    assert (sending.status, reading.status) == (401, 401)
    assert await box.messages(phone) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("to", ""),
        ("to", "0701740605"),
        ("to", "+46 70 174 06 05"),
        ("to", "+٤٦٧٠١٧٤٠٦٠٥"),
        ("from", ""),
        ("from", "Stadsbiblioteket"),
        ("from", "Bibliotek é"),
        ("message", ""),
        ("whendelivered", "ftp://example.org/"),
        ("dontlog", "yes"),
    ],
)
async def test_a_bad_field_is_named(box: Phonebox, phone: str, name: str, value: str) -> None:
    form = {"from": LIBRARY_NUMBER, "to": phone, "message": "Hej", name: value}

    answer = await box.http.post(f"{box.url}/a1/sms", data=form, headers=_credentials("library", "sms password"))

    assert (answer.status, await answer.text()) == (400, f"Missing or invalid: {name}")
    assert await box.messages(phone) == []


async def test_a_name_may_be_the_sender(box: Phonebox, phone: str) -> None:
    await box.sent(phone, **{"from": "Bibliotek"})

    assert [message["from"] for message in await box.messages(phone)] == ["Bibliotek"]


# The provider: history


async def test_the_history_is_read_backwards_in_pages(box: Phonebox, phone: str) -> None:
    sent = [(await box.sent(phone, str(number)))["id"] for number in range(5)]

    found: list[str] = []
    query: dict[str, str] = {}
    while True:
        page = await box.history(to=phone, limit=2, **query)
        found += [sms["id"] for sms in page["data"]]
        if "next" not in page:
            break
        query = {"start": page["next"]}

    assert found == sent[::-1]


async def test_the_history_is_found_by_time_and_sender(box: Phonebox, phone: str) -> None:
    await box.sent(phone, "first")
    middle = await box.sent(phone, "middle", **{"from": "Bibliotek"})
    await box.sent(phone, "last")

    async def texts(**query: str) -> list[str]:
        return [sms["message"] for sms in (await box.history(to=phone, **query))["data"]]

    assert await texts(start=middle["created"]) == ["first"]
    assert await texts(end=middle["created"]) == ["last"]
    assert await texts(**{"from": "Bibliotek"}) == ["middle"]
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    assert await texts(end=tomorrow) == []


async def test_the_history_takes_no_nonsense(box: Phonebox) -> None:
    answer = await box.http.get(
        f"{box.url}/a1/sms",
        params={"start": "yesterday"},
        headers=_credentials("library", "sms password"),
    )

    assert (answer.status, await answer.text()) == (400, "Missing or invalid: start")


async def test_a_text_that_must_not_be_logged_is_on_the_phone_only(box: Phonebox, phone: str) -> None:
    answer = await box.sent(phone, "Kod: K7P-2QX", dontlog="message")

    (kept,) = (await box.history(to=phone))["data"]
    assert "message" not in answer
    assert "message" not in kept
    assert kept["dontlog"] == "message"
    assert [message["text"] for message in await box.messages(phone)] == ["Kod: K7P-2QX"]


# The provider: receipts


async def test_a_receipt_follows_an_sms(box: Phonebox, library: Library, phone: str) -> None:
    sms = await box.sent(phone, whendelivered=library.address("/receipts"))

    receipt = await eventually(lambda: _first(library.receipts[sms["id"]]))

    assert receipt["status"] == "delivered"
    (kept,) = (await box.history(to=phone))["data"]
    assert kept["status"] == "delivered"
    assert receipt["delivered"] == kept["delivered"]


async def test_a_receipt_is_repeated_until_it_is_heard(box: Phonebox, library: Library, phone: str) -> None:
    library.refusals["every receipt"] = 4

    sms = await box.sent(phone, whendelivered=library.address("/receipts"))

    await eventually(lambda: _as_many(library.receipts[sms["id"]], 5))


async def _first(forms: list[Form]) -> Form | None:
    return forms[0] if forms else None


async def _as_many(forms: list[Form], number: int) -> bool:
    return len(forms) >= number


async def test_messages_and_unheard_receipts_survive_a_restart(
    library: Library,
    phone: str,
    mailbox: str,
    tmp_path: Path,
) -> None:
    async with _serve(tmp_path) as box:
        heard = await box.sent(phone, "heard", whendelivered=library.address("/receipts"))
        await eventually(lambda: _first(library.receipts[heard["id"]]))
        library.refusals["every receipt"] = 1_000_000
        unheard = await box.sent(phone, "unheard", whendelivered=library.address("/receipts"))
        await eventually(lambda: _first(library.receipts[unheard["id"]]))
        await box.mail(_letter(), mailbox)
    library.refusals.clear()
    told = len(library.receipts[unheard["id"]])

    async with _serve(tmp_path) as box:
        await eventually(lambda: _as_many(library.receipts[unheard["id"]], told + 1))
        assert [sms["text"] for sms in await box.messages(phone)] == ["unheard", "heard"]
        assert [mail["subject"] for mail in await box.messages(mailbox)] == ["Du har plats"]
    assert len(library.receipts[heard["id"]]) == 1


async def test_a_receipt_that_a_kill_cut_off_is_told_at_once_after_it(
    library: Library,
    phone: str,
    tmp_path: Path,
) -> None:
    library.may_answer.clear()
    async with _serve(tmp_path) as box:
        sms = await box.sent(phone, whendelivered=library.address("/receipts"))
        await eventually(lambda: _first(library.receipts[sms["id"]]))
        box.process.kill()
    library.may_answer.set()

    async with _serve(tmp_path):
        await eventually(lambda: _as_many(library.receipts[sms["id"]], 2), within=5)


# Answering from a phone


async def test_an_answer_reaches_the_library(box: Phonebox, library: Library, phone: str) -> None:
    await box.sent(phone, "Svara NEJ om du inte kan komma.")

    answer = await box.reply(phone, "NEJ")

    assert answer.status == 202
    form = await eventually(lambda: _first(library.incoming[phone]))
    (kept, _) = (await box.history())["data"][:2]
    assert form == {
        "direction": "incoming",
        "id": (await _object(answer))["id"],
        "from": phone,
        "to": LIBRARY_NUMBER,
        "created": kept["created"],
        "message": "NEJ",
    }
    assert [message["text"] for message in await box.messages(phone)] == ["Svara NEJ om du inte kan komma."]
    assert await box.messages(LIBRARY_NUMBER) == []


async def test_what_the_library_answers_at_once_comes_as_sms(box: Phonebox, library: Library, phone: str) -> None:
    library.reply = "Din plats är avbokad."
    library.refusals["1"] = 2
    await box.sent(phone)

    await box.reply(phone, "1")

    async def two() -> list[dict[str, Any]] | None:
        found = await box.messages(phone)
        return found if len(found) == 2 else None

    newest, _ = await eventually(two)
    assert (newest["text"], newest["from"]) == ("Din plats är avbokad.", LIBRARY_NUMBER)
    assert len(library.incoming[phone]) == 3
    assert (await box.history(to=phone))["data"][0]["direction"] == "outgoing-reply"


async def test_a_phone_can_write_first(box: Phonebox, library: Library, phone: str) -> None:
    unknown = await box.reply(phone, "Hej")
    answer = await box.reply(phone, "Hej", to=LIBRARY_NUMBER)

    assert (unknown.status, answer.status) == (409, 202)
    assert "No number has written to this phone" in await unknown.text()
    assert (await eventually(lambda: _first(library.incoming[phone])))["to"] == LIBRARY_NUMBER


async def test_a_name_cannot_be_answered(box: Phonebox, phone: str) -> None:
    await box.sent(phone, **{"from": "Bibliotek"})

    assert (await box.reply(phone, "NEJ")).status == 409


@pytest.mark.parametrize(
    "body",
    [b"{", b"{}", b'{"from": "0701740605", "text": "NEJ"}', b'{"from": "+46701740605", "text": ""}'],
)
async def test_a_bad_answer_is_refused(box: Phonebox, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}

    assert (await box.http.post(f"{box.url}/api/reply", data=body, headers=headers)).status == 400


async def test_where_nobody_listens_an_answer_is_refused(phone: str, tmp_path: Path) -> None:
    async with _serve(tmp_path) as box:
        await box.sent(phone)

        answer = await box.reply(phone, "NEJ")

        assert (answer.status, answer.content_type) == (409, "text/plain")
        assert "Nobody listens" in await answer.text()
        assert "/api/reply" not in await (await box.http.get(box.url)).text()


# Mail


async def test_a_mail_is_in_every_mailbox_as_a_person_sees_it(box: Phonebox, mailbox: str) -> None:
    letter = _letter("Du har plats i Hässelby gård", "Hej Åsa!\n\n.\nKod: K7P-2QX\n")
    letter.add_alternative("<p>Hej Åsa!</p>", subtype="html")
    letter.add_attachment("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", subtype="calendar", filename="plats.ics")
    letter.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename="qr.png")
    other = f"other-{mailbox}"

    await box.mail(letter, mailbox, other)

    (mail,) = await box.messages(mailbox)
    (copy,) = await box.messages(other)
    at = mail.pop("at")
    assert abs(datetime.now(UTC) - datetime.fromisoformat(at)) < timedelta(minutes=1)
    assert mail == {
        "kind": "email",
        "to": mailbox,
        "from": SENDER,
        "subject": "Du har plats i Hässelby gård",
        "text": "Hej Åsa!\n\n.\nKod: K7P-2QX\n",
        "message_id": "<booking-1@example.org>",
        "attachments": [
            {
                "filename": "plats.ics",
                "content_type": "text/calendar",
                "text": "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
            },
            {"filename": "qr.png", "content_type": "image/png", "text": None},
        ],
    }
    assert copy == mail | {"at": at, "to": other}


async def test_messages_are_listed_newest_first_and_found_by_the_whole_address(
    box: Phonebox,
    phone: str,
    mailbox: str,
) -> None:
    await box.sent(phone, "ett")
    await box.mail(_letter("två"), mailbox)
    await box.sent(phone, "tre")

    everything = (await _object(await box.http.get(f"{box.url}/api/messages")))["items"]
    assert [(item["kind"], item["subject"] or item["text"]) for item in everything[:3]] == [
        ("sms", "tre"),
        ("email", "två"),
        ("sms", "ett"),
    ]
    assert await box.messages(phone[:-1]) == []
    assert await box.messages(mailbox.removeprefix("amina+")) == []


async def test_a_plus_sign_in_the_address_need_not_be_encoded(box: Phonebox, phone: str) -> None:
    await box.sent(phone)

    answer = await box.http.get(URL(f"{box.url}/api/messages?to={phone}", encoded=True))

    assert [item["to"] for item in (await _object(answer))["items"]] == [phone]


# Faults of the provider


@pytest.mark.parametrize(
    ("behaviour", "status", "arrives"),
    [("500-before", 500, False), ("500-after", 500, True), ("429", 429, False), ("garbage", 200, True)],
)
async def test_the_provider_can_answer_wrongly(
    box: Phonebox,
    phone: str,
    behaviour: str,
    status: int,
    arrives: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    await box.script(kind="sms", behaviour=behaviour, to=phone, seconds=7)

    answer = await box.send(phone)

    assert answer.status == status
    assert answer.content_type != "application/json"
    assert answer.headers.get("Retry-After") == ("7" if behaviour == "429" else None)
    assert bool(await box.messages(phone)) == arrives


@pytest.mark.parametrize(("behaviour", "arrives"), [("timeout-before", False), ("accept-then-hang", True)])
async def test_the_provider_can_keep_silent(
    box: Phonebox,
    phone: str,
    behaviour: str,
    arrives: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    await box.script(kind="sms", behaviour=behaviour, to=phone, seconds=0.5)

    sending = asyncio.create_task(box.send(phone))
    if arrives:
        await eventually(lambda: box.messages(phone))
        assert not sending.done()
    with pytest.raises(aiohttp.ClientConnectionError):
        await sending

    assert bool(await box.messages(phone)) == arrives


async def test_the_provider_can_be_away_until_some_time(box: Phonebox, phone: str) -> None:
    """Fails when the time is written in seconds, as the 429 does."""
    await box.script(kind="sms", behaviour="503", to=phone, seconds=60)

    answer = await box.send(phone)

    assert answer.status == 503
    back = parsedate_to_datetime(answer.headers["Retry-After"]) - datetime.now(UTC)
    assert timedelta(seconds=30) < back <= timedelta(seconds=60)
    assert await box.messages(phone) == []


async def test_the_provider_can_send_you_elsewhere(box: Phonebox, phone: str) -> None:
    """Fails when the text is taken at the first call already."""
    await box.script(kind="sms", behaviour="redirect", to=phone)

    answer = await box.send(phone)

    assert [passed.status for passed in answer.history] == [307]
    assert len(await box.messages(phone)) == 1


async def test_the_provider_can_forget_the_id(box: Phonebox, phone: str) -> None:
    """Fails when it answers as usual."""
    await box.script(kind="sms", behaviour="no-id", to=phone)

    assert "id" not in await box.sent(phone)
    assert len(await box.messages(phone)) == 1


async def test_the_provider_can_drip(box: Phonebox, phone: str) -> None:
    """Fails when it answers at once."""
    await box.script(kind="sms", behaviour="drip", to=phone, seconds=0.5)

    answer = await box.send(phone)
    first = await answer.content.readany()
    rest = await answer.content.read()

    assert rest
    assert json.loads(first + rest)["to"] == phone


async def test_the_provider_can_answer_without_end(box: Phonebox, phone: str) -> None:
    """Fails when the answer ends."""
    await box.script(kind="sms", behaviour="endless", to=phone)

    answer = await box.send(phone)
    await answer.content.readexactly(1024 * 1024)
    answer.close()

    assert len(await box.messages(phone)) == 1


async def test_the_provider_can_accept_after_the_sender_gave_up(box: Phonebox, phone: str) -> None:
    """Fails when it accepts at once, or not at all once the sender has left."""
    await box.script(kind="sms", behaviour="late-accept", to=phone, seconds=3)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(box.send(phone), 1)

    assert await box.messages(phone) == []
    assert await eventually(lambda: box.messages(phone))


async def test_the_provider_can_cut_the_connection(box: Phonebox, phone: str) -> None:
    await box.script(kind="sms", behaviour="refuse", to=phone)

    with pytest.raises(aiohttp.ClientConnectionError):
        await box.send(phone)

    assert await box.messages(phone) == []


async def test_a_receipt_can_be_late(box: Phonebox, library: Library, phone: str) -> None:
    await box.script(kind="sms", behaviour="late-receipt", to=phone, seconds=1)

    sms = await box.sent(phone, whendelivered=library.address("/receipts"))

    assert (await box.history(to=phone))["data"][0]["status"] == "sent"
    assert library.receipts[sms["id"]] == []
    await eventually(lambda: _first(library.receipts[sms["id"]]))
    assert (await box.history(to=phone))["data"][0]["status"] == "delivered"


async def test_a_receipt_can_be_missing(box: Phonebox, library: Library, phone: str) -> None:
    await box.script(kind="sms", behaviour="no-receipt", to=phone)

    without = await box.sent(phone, whendelivered=library.address("/receipts"))
    with_receipt = await box.sent(phone, whendelivered=library.address("/receipts"))

    await eventually(lambda: _first(library.receipts[with_receipt["id"]]))
    assert library.receipts[without["id"]] == []
    assert [sms["status"] for sms in (await box.history(to=phone))["data"]] == ["delivered", "sent"]


async def test_a_fault_happens_as_often_as_it_was_written(box: Phonebox, phone: str) -> None:
    await box.script(kind="sms", behaviour="500-before", to=phone, times=2)

    assert (await box.send(f"{phone}0")).status == 200
    assert [(await box.send(phone)).status for _ in range(3)] == [500, 500, 200]


async def test_faults_can_be_cleared(box: Phonebox, phone: str) -> None:
    await box.script(kind="sms", behaviour="500-before", times=1000)

    cleared = await box.http.delete(f"{box.url}/api/faults")

    assert cleared.status == 204
    assert (await box.send(phone)).status == 200


@pytest.mark.parametrize(
    "fault",
    [
        {"kind": "sms", "behaviour": "smtp-450"},
        {"kind": "smtp", "behaviour": "429"},
        {"kind": "pigeon", "behaviour": "refuse"},
        {"kind": "sms", "behaviour": "refuse", "times": 0},
    ],
)
async def test_an_unknown_fault_is_refused(box: Phonebox, fault: dict[str, str | int]) -> None:
    assert (await box.http.post(f"{box.url}/api/faults", json=fault)).status == 400


# Faults of the mail server


@pytest.mark.parametrize(("behaviour", "code"), [("smtp-421", 421), ("smtp-450", 450), ("smtp-550", 550)])
async def test_the_mail_server_can_refuse_a_recipient(box: Phonebox, mailbox: str, behaviour: str, code: int) -> None:
    await box.script(kind="smtp", behaviour=behaviour, to=mailbox)

    with pytest.raises(aiosmtplib.SMTPRecipientsRefused) as refused:
        await box.mail(_letter(), mailbox)

    assert [refusal.code for refusal in refused.value.recipients] == [code]
    assert await box.messages(mailbox) == []
    await box.mail(_letter(), mailbox)
    assert len(await box.messages(mailbox)) == 1


async def test_the_mail_server_can_refuse_a_mail(box: Phonebox, mailbox: str) -> None:
    """Fails when it keeps the mail that it refuses."""
    await box.script(kind="smtp", behaviour="smtp-552", to=mailbox)

    with pytest.raises(aiosmtplib.SMTPDataError) as refused:
        await box.mail(_letter(), mailbox)

    assert refused.value.code == 552
    assert await box.messages(mailbox) == []


@pytest.mark.parametrize(("behaviour", "arrives"), [("refuse", False), ("drop-after-dot", True)])
async def test_the_mail_server_can_cut_the_connection(
    box: Phonebox,
    mailbox: str,
    behaviour: str,
    arrives: bool,  # noqa: FBT001 - a column of the table above
) -> None:
    await box.script(kind="smtp", behaviour=behaviour, to=mailbox)

    with pytest.raises(aiosmtplib.SMTPServerDisconnected):
        await box.mail(_letter(), mailbox)

    assert bool(await box.messages(mailbox)) == arrives


# The page


async def _page(box: Phonebox, **query: str) -> str:
    answer = await box.http.get(box.url, params=query)
    assert answer.status == 200
    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    return await answer.text()


async def test_the_page_shows_phones_and_mailboxes(box: Phonebox, phone: str, mailbox: str) -> None:
    await box.sent(phone, "Du har plats.")
    await box.reply(phone, "Tack så mycket")
    letter = _letter(text="Kod: K7P-2QX")
    letter.add_attachment("BEGIN:VCALENDAR", subtype="calendar", filename="plats.ics")
    await box.mail(letter, mailbox)

    page = await _page(box)

    assert f'id="{phone}"' in page
    assert page.index("Du har plats.") < page.index("Tack så mycket")
    assert "13 characters, 1 SMS (GSM-7)" in page
    for seen in (mailbox, "Kod: K7P-2QX", "plats.ics", "BEGIN:VCALENDAR"):
        assert seen in page


async def test_the_page_escapes_what_it_shows(box: Phonebox, phone: str, mailbox: str) -> None:
    await box.sent(phone, "<script>alert(1)</script>")
    await box.mail(_letter("<img src=x>", '"><script>alert(2)</script>'), mailbox)

    page = await _page(box) + await _page(box, to="<script>alert(3)</script>")

    assert "<script>alert" not in page
    assert "<img" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_the_page_can_show_one_phone_with_all_it_holds(box: Phonebox, phone: str) -> None:
    other = f"{phone}9"
    await box.sent(other)
    for number in range(14):
        await box.sent(phone, f"nr-{number}.")

    everybody, one = await _page(box), await _page(box, to=phone)

    assert "nr-0." not in everybody
    assert "nr-13." in everybody
    assert "nr-0." in one
    assert other not in one


async def test_the_page_says_when_nothing_is_new(box: Phonebox, phone: str) -> None:
    etag = (await box.http.get(box.url)).headers["ETag"]

    unchanged = await box.http.get(box.url, headers={"If-None-Match": etag})
    await box.sent(phone)
    changed = await box.http.get(box.url, headers={"If-None-Match": etag})

    assert (unchanged.status, changed.status) == (304, 200)


async def test_an_answer_can_be_sent_without_a_script(box: Phonebox, library: Library, phone: str) -> None:
    await box.sent(phone)

    form = {"from": phone, "text": "NEJ"}
    answer = await box.http.post(f"{box.url}/api/reply", data=form, allow_redirects=False)

    assert (answer.status, answer.headers["Location"]) == (303, f"/#{phone}")
    assert (await eventually(lambda: _first(library.incoming[phone])))["message"] == "NEJ"


@pytest.mark.parametrize("name", ["page.css", "page.js"])
async def test_the_page_brings_its_own_style_and_script(box: Phonebox, name: str) -> None:
    assert f'"/{name}"' in await _page(box)
    assert (await box.http.get(f"{box.url}/{name}")).status == 200
    assert (await box.http.get(f"{box.url}/page.py")).status == 404


# The process


async def test_it_stops_at_once_and_writes_nothing_personal(
    phone: str,
    mailbox: str,
    tmp_path: Path,
    capfd: pytest.CaptureFixture[str],
) -> None:
    async with _serve(tmp_path) as box:
        await box.mail(_letter(), mailbox)
        await box.messages(phone)
        await box.script(kind="sms", behaviour="accept-then-hang", to=phone)
        hanging = asyncio.create_task(box.send(phone, "Kod: K7P-2QX", whendelivered="http://127.0.0.1:1/"))
        await eventually(lambda: box.messages(phone))

        box.process.terminate()

        assert await asyncio.wait_for(box.process.wait(), 5) == 0
        with pytest.raises(aiohttp.ClientConnectionError):
            await hanging
    written = "".join(capfd.readouterr())
    assert not [personal for personal in (phone, phone[1:], mailbox, "K7P-2QX") if personal in written]
