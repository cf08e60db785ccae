"""What messages say: administrators see each text as it arrives, and write it in the library's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

from aiohttp import web
from pydantic import AwareDatetime

from services.web.faults import OTHER, Fault, is_number, number, typed
from services.web.rendering import LANGUAGE, msgid
from services.web.staff import Undo, admins_only, home, notice, page, services, to
from shared.models import Model
from shared.problems import Problem

if TYPE_CHECKING:
    from services.web.staff import Notice

ROOMS: Mapping[str, str] = {
    "sms": msgid("Sms"),
    "answer": msgid("Svar på sms"),
    "announcement": msgid("Meddelanden till alla på ett tillfälle"),
    "mail": msgid("E-post"),
    "aloud": msgid("Det vi säger i telefon"),
    "": msgid("Småord som ingår i de andra"),
}
"""Where a text is said, by the first word of its id."""

FILLED_IN: Mapping[str, str] = {
    "title": msgid("vad det heter"),
    "day": msgid("dagen"),
    "time": msgid("när det börjar"),
    "ends": msgid("när det slutar"),
    "later": msgid("en kvart efter att det börjar"),
    "when": msgid("dagen, eller i dag eller i morgon"),
    "place": msgid("biblioteket, kort"),
    "where": msgid("biblioteket, rummet och adressen"),
    "library": msgid("biblioteket"),
    "phone": msgid("bibliotekets telefon"),
    "name": msgid("personens namn"),
    "code": msgid("bokningens kod"),
    "number": msgid("hur många som kommer"),
    "position": msgid("plats i kön"),
    "deadline": msgid("när man senast ska svara"),
    "meeting": msgid("mötesnumret"),
    "my_booking": msgid("adressen till bokningen"),
    "next": msgid("nästa tid"),
    "span": msgid("vilka dagar"),
    "times": msgid("hur många dagar"),
    "refused": msgid("dagar som inte gick att boka"),
    "missed": msgid("hur många dagar som inte gick att boka"),
    "weekday": msgid("veckodagen"),
    "date": msgid("datumet"),
}
"""What stands for a fact in a text."""

WHY_NOT: Mapping[str, str] = {
    "empty": msgid("Skriv något."),
    "too-long": msgid("Texten är för lång. Skriv högst %(value)s tecken."),
    "one-line": msgid("Skriv allt på en rad."),
    "braces": msgid("Klamrarna { och } får bara stå runt ett av orden i listan, till exempel {title}."),
    "placeholder-missing": msgid("%(value)s saknas. Det byts ut mot något som folk behöver veta."),
    "placeholder-unknown": msgid("%(value)s går inte att fylla i här."),
    "answer-missing": msgid("%(value)s saknas. Utan det vet folk inte vad de kan svara."),
    "link": msgid("Det får inte finnas länkar i sms: %(value)s"),
    "letters": msgid("De här tecknen finns inte i vanliga sms: %(value)s"),
    "sms-too-long": msgid("Det får inte plats i ett sms när namnen är långa."),
}

_SAVED = msgid("Sparat. Så säger vi från och med nu.")
_RESTORED = msgid("Nu säger vi det på det vanliga sättet igen.")


class Example(Model):
    """A message that holds the text."""

    channel: str
    longest: bool
    text: str
    subject: str | None
    parts: int


class Text(Model):
    """A text, and in whose words it is said."""

    language: str
    id: str
    forms: list[str]
    standard: list[str]
    own: bool
    reviewed: bool
    revision: int
    changed_at: AwareDatetime | None
    placeholders: list[str]
    example: Example | None

    @property
    def room(self) -> str:
        """One of :data:`ROOMS`."""
        first = self.id.partition(".")[0]
        return first if first in ROOMS else ""

    def matches(self, wanted: str) -> bool:
        """Whether these words stand in it."""
        folded = wanted.casefold()
        return any(folded in form.casefold() for form in self.forms) or folded in self.id


class TextList(Model):
    """Everything that messages say in a language."""

    language: str
    languages: list[str]
    items: list[Text]


def routes(home: str) -> list[web.RouteDef]:
    """Where these pages are."""
    one = f"{home}/admin/texts/{{of}}/{{id}}"
    return [web.get(f"{home}/admin/texts", show), web.get(one, show_one), web.post(one, change)]


@admins_only
async def show(request: web.Request) -> web.Response:
    """``GET /{language}/staff/admin/texts``: all texts of a language; ``?q=`` looks for words, ``?own=1`` for our own.

    Raises:
        Problem: 404 for a language that there is not.
    """
    wanted = request.query.get("q", "").strip()[:100]
    only_own = "own" in request.query
    params = {"language": request.query.get("of", request[LANGUAGE].tag)[:20]}
    found = await services(request).notify.get(TextList, "/v1/texts", params=params)
    texts = [text for text in found.items if text.matches(wanted) and (text.own or not only_own)]
    rooms = [(room, [text for text in texts if text.room == room]) for room in ROOMS]
    context = {
        "of": found.language,
        "of_languages": found.languages,
        "wanted": wanted,
        "only_own": only_own,
        "sections": [(room, inside) for room, inside in rooms if inside],
        "names": ROOMS,
        "open": bool(wanted or only_own),
    }
    return page(request, "staff/texts.html", context)


@admins_only
async def show_one(request: web.Request) -> web.Response:
    """``GET /{language}/staff/admin/texts/{of}/{id}``: one text, to be said in other words.

    Raises:
        Problem: 404 when there is none.
    """
    text = await services(request).notify.get(Text, _address(request))
    return _page(request, text, text.forms)


@admins_only
async def change(request: web.Request) -> web.Response:
    """``POST /{language}/staff/admin/texts/{of}/{id}``: try other words, say them, or take them back.

    Raises:
        Problem: 404 when there is no such text.
    """
    form, notify = await typed(request), services(request).notify
    before = await notify.get(Text, _address(request))
    if form.get("do") == "restore":
        await notify.send(None, "DELETE", _address(request))
        return to(request, _below(request), notice=_said(request, _RESTORED, before))
    forms = [form.get(f"forms.{place}", "") for place in range(len(before.standard))]
    revision = {"revision": number(form["revision"])} if is_number(form.get("revision", "")) else {}
    saves = form.get("do") == "save"
    try:
        if not saves:
            tried = await notify.send(Text, "POST", f"{_address(request)}/preview", json={"forms": forms})
            return _page(request, before.model_copy(update={"example": tried.example}), forms, tried=True)
        await notify.send(Text, "PUT", _address(request), json={"forms": forms, **revision})
    except Problem as problem:
        return _refused(request, problem, before, forms)
    return to(request, _below(request), notice=_said(request, _SAVED, before))


def _refused(request: web.Request, problem: Problem, text: Text, forms: Sequence[str]) -> web.Response:
    """The same page with what was typed, and why it cannot be so."""
    match problem.document.type:
        case "unfit-words":
            objections = (problem.document.model_extra or {})["objections"]
            faults = [
                Fault(f"forms.{one['form']}", WHY_NOT.get(one["why"], OTHER), {"value": one["value"]})
                for one in objections
            ]
            too_long = next((one["value"] for one in objections if one["why"] == "sms-too-long"), "")
            return _page(request, text, forms, faults, too_long=too_long)
        case "stale-revision":
            return _page(request, text, forms, somebody_elses=True)
        case _:
            raise problem


def _page(
    request: web.Request, text: Text, forms: Sequence[str], faults: Sequence[Fault] = (), **told: object
) -> web.Response:
    """The page of a text; ``told`` is what else it tells: the words were tried, are too long, somebody was quicker."""
    context: dict[str, object] = {
        "text": text,
        "forms": forms,
        "faults": faults,
        "tried": False,
        "too_long": "",
        "somebody_elses": False,
        "back": "?" + urlencode({"of": text.language}),
        "names": ROOMS,
        "filled_in": FILLED_IN,
        "action": f"{home(request)}{_below(request)}",
    }
    wrong = HTTPStatus.CONFLICT if told.get("somebody_elses") else HTTPStatus.OK
    status = HTTPStatus.UNPROCESSABLE_ENTITY if faults else wrong
    return page(request, "staff/text.html", context | told, status=status)


def _said(request: web.Request, what: str, before: Text) -> Notice:
    """What was done, and how it is taken back."""
    fields = {f"forms.{place}": form for place, form in enumerate(before.forms)} if before.own else {}
    undo = Undo(path=_below(request), fields={"do": "save" if before.own else "restore", **fields})
    return notice(request[LANGUAGE].gettext(what), undo)


def _address(request: web.Request) -> str:
    """Where the service has the text."""
    language, id_ = (quote(request.match_info[name], safe="") for name in ("of", "id"))
    return f"/v1/texts/{language}/{id_}"


def _below(request: web.Request) -> str:
    """The address of its page."""
    language, id_ = (quote(request.match_info[name], safe="") for name in ("of", "id"))
    return f"/admin/texts/{language}/{id_}"
