"""The phonebox's own interface: what arrived, answering from a phone, and the script of faults."""

from datetime import datetime
from http import HTTPStatus
from typing import Literal, NotRequired, TypedDict, TypeVar

from aiohttp import web
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.local.phonebox import callbacks, mails, texts
from deploy.local.phonebox.database import now
from deploy.local.phonebox.elks import PhoneNumber
from deploy.local.phonebox.faults import Fault
from deploy.local.phonebox.mails import Mail
from deploy.local.phonebox.state import PHONEBOX
from deploy.local.phonebox.texts import Sms

M = TypeVar("M", bound=BaseModel)


class FileItem(TypedDict):
    """A file that came with a mail; `text` is null when it is no text."""

    filename: str
    content_type: str
    text: str | None


MessageItem = TypedDict(
    "MessageItem",
    {
        "kind": Literal["sms", "email"],
        "to": str,
        "from": str,
        "text": str,
        "subject": str | None,
        "at": str,
        "parts": NotRequired[int],
        "attachments": NotRequired[list[FileItem]],
        "message_id": NotRequired[str | None],
    },
)
"""One message as `GET /api/messages` lists it; `parts` for SMS, the files and the id for mails."""


class Reply(BaseModel):
    """An SMS that a person writes; without `to` it answers the number that wrote last."""

    model_config = ConfigDict(extra="forbid")

    sender: PhoneNumber = Field(alias="from")
    text: str = Field(min_length=1, max_length=1000)
    to: PhoneNumber | None = None


def routes() -> list[web.RouteDef]:
    """The addresses of the interface."""
    return [
        web.get("/api/messages", messages),
        web.post("/api/reply", reply),
        web.post("/api/faults", add_fault),
        web.delete("/api/faults", clear_faults),
        web.get("/health/ready", ready),
    ]


async def ready(_request: web.Request) -> web.Response:
    """Answer; nothing is served before the file and the mail server are open."""
    return web.json_response({"ready": True})


async def messages(request: web.Request) -> web.Response:
    """What phones and mailboxes received, newest first; `to` is one number or address."""
    box = request.app[PHONEBOX]
    # A plus sign that somebody forgot to encode arrives as a space; no number or address holds one.
    to = request.query["to"].replace(" ", "+") if "to" in request.query else None
    sms = [(found.created, _sms_item(found)) for found in texts.find(box.db, recipient=to) if found.reached_phone]
    mail = [(found.arrived, _mail_item(found)) for found in mails.find(box.db, mailbox=to)]
    newest_first = sorted(sms + mail, key=lambda dated: dated[0], reverse=True)
    return web.json_response({"items": [item for _, item in newest_first]})


async def reply(request: web.Request) -> web.Response:
    """Send an SMS from a phone to the library; a form, as the page has it, leads back to the page."""
    box = request.app[PHONEBOX]
    written = await _read(Reply, request)
    if not box.settings.incoming.get_secret_value():
        raise web.HTTPConflict(text="Nobody listens for SMS from phones here (PHONEBOX_INCOMING is empty).")
    library = written.to or texts.number_to_answer(box.db, written.sender)
    if not library:
        raise web.HTTPConflict(text="No number has written to this phone yet; say which one to write to.")
    sms = Sms(
        id=texts.new_id(),
        direction="incoming",
        phone=written.sender,
        library=library,
        text=written.text,
        created=now(),
    )
    with box.db:
        sms = texts.add(box.db, sms)
        callbacks.add(box.db, sms, receipt_url=None, due=sms.created)
    box.callbacks.wake()
    if request.content_type != "application/json":
        raise web.HTTPSeeOther(f"/#{sms.phone}")
    return web.json_response({"id": sms.id}, status=HTTPStatus.ACCEPTED)


async def add_fault(request: web.Request) -> web.Response:
    """Write one line of the script."""
    fault = await _read(Fault, request)
    request.app[PHONEBOX].faults.add(fault)
    return web.json_response(fault.model_dump(), status=HTTPStatus.CREATED)


async def clear_faults(request: web.Request) -> web.Response:
    """Forget the script."""
    request.app[PHONEBOX].faults.clear()
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def _read(model: type[M], request: web.Request) -> M:
    try:
        if request.content_type == "application/json":
            return model.model_validate_json(await request.read())
        return model.model_validate(dict(await request.post()))
    except ValidationError as error:
        mistakes = [f"{'.'.join(map(str, mistake['loc']))}: {mistake['msg']}" for mistake in error.errors()]
        raise web.HTTPBadRequest(text="\n".join(mistakes)) from error


def _sms_item(sms: Sms) -> MessageItem:
    return {
        "kind": "sms",
        "to": sms.recipient,
        "from": sms.sender,
        "text": sms.text,
        "subject": None,
        "at": _at(sms.created),
        "parts": sms.size.parts,
    }


def _mail_item(mail: Mail) -> MessageItem:
    return {
        "kind": "email",
        "to": mail.mailbox,
        "from": mail.letter.sender,
        "text": mail.letter.text,
        "subject": mail.letter.subject,
        "at": _at(mail.arrived),
        "attachments": [
            {"filename": file.filename, "content_type": file.content_type, "text": file.text}
            for file in mail.letter.attachments
        ],
        "message_id": mail.letter.message_id,
    }


def _at(time: datetime) -> str:
    return time.isoformat().replace("+00:00", "Z")
