"""Administrators say things in their own words, and everybody is told in these from then on."""

from typing import Any

from services.notify.voice import Voice
from shared.db import Database
from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import booking, confirmed
from tests.support.samples import published, session_state
from tests.support.servers import eventually

OWN = "Biblioteket: Hurra, {title} {day} kl {time}, {place}!"
PATH = "/v1/texts/sv/sms.confirmed"
Json = dict[str, Any]


async def ask(notify: Notify, method: str, path: str, body: object = None, role: str = "admin") -> tuple[int, Json]:
    headers = notify.issuer.headers(role, "kista")
    async with notify.http.request(method, f"{notify.url}{path}", json=body, headers=headers) as answer:
        return answer.status, await answer.json(content_type=None)


async def _told(notify: Notify) -> str:
    """What somebody new is told."""
    session, person = session_state(), notify.knows()
    await notify.hear(published(session), confirmed(booking(person, session)))
    [sms] = await notify.phonebox.got(person.phone)
    return str(sms["text"])


async def test_every_text_is_listed_with_an_example(notify: Notify) -> None:
    status, found = await ask(notify, "GET", "/v1/texts?language=sv")

    assert (status, found["language"], found["languages"][:2]) == (200, "sv", ["sv", "en"])
    texts = {item["id"]: item for item in found["items"]}
    one = texts["sms.confirmed"]
    assert one["forms"] == one["standard"] == ["Biblioteket: Du är bokad! {title} {day} kl {time}, {place}."]
    assert (one["own"], one["reviewed"], one["revision"]) == (False, True, 0)
    assert one["placeholders"] == ["title", "day", "time", "place"]
    assert (one["example"]["channel"], one["example"]["parts"], one["example"]["longest"]) == ("sms", 1, True)
    assert len(texts["sms.shrunk.one"]["forms"]) == 2
    assert texts["mail.confirmed.subject"]["example"]["subject"]


async def test_own_words_are_said_and_taken_back_again(notify: Notify) -> None:
    status, said = await ask(notify, "PUT", PATH, {"forms": [OWN], "revision": 0})

    assert (status, said["forms"], said["own"], said["revision"]) == (200, [OWN], True, 1)
    assert said["example"]["text"].startswith("Biblioteket: Hurra, Läxhjälp matte ")
    assert (await _told(notify)).startswith("Biblioteket: Hurra, Språkcafé ")

    assert (await ask(notify, "DELETE", PATH))[0] == 204
    assert (await _told(notify)).startswith("Biblioteket: Du är bokad! Språkcafé ")
    _, text = await ask(notify, "GET", PATH)
    assert (text["own"], text["revision"]) == (False, 2)
    _, audit = await ask(notify, "GET", "/v1/audit?kind=text")
    assert [(entry["action"], entry["object"]) for entry in audit["items"]] == [
        ("text-restored", "sv/sms.confirmed"),
        ("text-changed", "sv/sms.confirmed"),
    ]


async def test_another_process_says_them_within_seconds(notify: Notify) -> None:
    """Fails when words are read at the start of a process only."""
    async with Database(notify.dsn, name="test") as database:
        voice = Voice(database)
        assert "Hurra" not in (await voice.catalogs())["sv"].gettext("sms.confirmed")
        await ask(notify, "PUT", PATH, {"forms": [OWN]})

        async def heard() -> bool:
            return (await voice.catalogs())["sv"].gettext("sms.confirmed") == OWN

        await eventually(heard, within=3)
        assert (await voice.catalogs())["en"].gettext("sms.confirmed") != OWN


async def test_words_are_tried_before_they_are_said(notify: Notify) -> None:
    status, tried = await ask(notify, "POST", f"{PATH}/preview", {"forms": [OWN]})

    assert (status, tried["forms"], tried["revision"]) == (200, [OWN], 0)
    assert tried["example"]["text"].startswith("Biblioteket: Hurra, ")
    _, text = await ask(notify, "GET", PATH)
    assert not text["own"]


async def test_what_cannot_be_said_is_refused_with_why(notify: Notify) -> None:
    for method, path in (("PUT", PATH), ("POST", f"{PATH}/preview")):
        status, refusal = await ask(notify, method, path, {"forms": ["Hurra, {title} {day} kl {time}!"]})
        assert (status, refusal["type"], refusal["field"]) == (422, "unfit-words", "forms.0")
        assert refusal["objections"] == [{"form": 0, "why": "placeholder-missing", "value": "{place}"}]
    status, refusal = await ask(notify, "PUT", PATH, {"forms": [OWN, OWN]})
    assert (status, refusal["type"], refusal["field"]) == (422, "invalid", "forms")


async def test_whoever_comes_second_sees_the_words_of_the_first(notify: Notify) -> None:
    await ask(notify, "PUT", PATH, {"forms": [OWN], "revision": 0})

    status, refusal = await ask(notify, "PUT", PATH, {"forms": [OWN.replace("Hurra", "Hej")], "revision": 0})

    assert (status, refusal["type"], refusal["revision"], refusal["forms"]) == (409, "stale-revision", 1, [OWN])


async def test_there_are_only_our_texts_in_our_languages(notify: Notify) -> None:
    for path in ("/v1/texts/tlh/sms.confirmed", "/v1/texts/sv/sms.nothing"):
        assert (await ask(notify, "GET", path))[0] == 404
        assert (await ask(notify, "PUT", path, {"forms": ["x"]}))[0] == 404
    assert (await ask(notify, "GET", "/v1/texts?language=tlh"))[0] == 404


async def test_only_administrators_see_and_change_texts(notify: Notify) -> None:
    body = {"forms": [OWN]}
    for method, path, sent in (
        ("GET", "/v1/texts", None),
        ("GET", PATH, None),
        ("PUT", PATH, body),
        ("POST", f"{PATH}/preview", body),
        ("DELETE", PATH, None),
    ):
        status, refusal = await ask(notify, method, path, sent, role="staff")
        assert (status, refusal["type"]) == (403, "forbidden")
