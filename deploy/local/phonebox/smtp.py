"""The mail server: it takes every mail and keeps a copy in each recipient's mailbox."""

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.message import EmailMessage, MIMEPart

from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.phonebox import mails
from deploy.local.phonebox.database import now
from deploy.local.phonebox.mails import Attachment, Letter
from deploy.local.phonebox.state import Phonebox

_LARGEST_MAIL = 10 * 1024 * 1024


@asynccontextmanager
async def serving(box: Phonebox) -> AsyncIterator[None]:
    """Listen for mail until the block ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(
        lambda: SMTP(
            _Mailroom(box),
            hostname="phonebox.example",
            ident="Plats phonebox",
            enable_SMTPUTF8=True,
            data_size_limit=_LARGEST_MAIL,
            loop=loop,
        ),
        box.settings.host,
        box.settings.smtp_port,
    )
    try:
        yield
    finally:
        server.close()


class _Mailroom:
    """What aiosmtpd asks of us; it finds the methods by their names."""

    def __init__(self, box: Phonebox) -> None:
        self._box = box

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
        address: str,
        _options: list[str],
    ) -> str:
        script = self._box.faults.take_smtp("recipient", [address])
        if script:
            if script.cuts:
                await _hang_up(server, script.status)
            return script.status
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self,
        server: SMTP,
        _session: Session,
        envelope: Envelope,
    ) -> str:
        script = self._box.faults.take_smtp("dot", envelope.rcpt_tos)
        if script and script.status:
            return script.status
        content = envelope.original_content or b""
        with self._box.db:
            mails.add(self._box.db, read(content), envelope.rcpt_tos, now())
        if script:
            await _hang_up(server, "")
        return "250 OK"


async def _hang_up(server: SMTP, last_words: str) -> None:
    if last_words:
        await server.push(last_words)
    if server.transport:
        server.transport.close()
    # The lost connection cancels this task; if it returned, aiosmtpd would answer into nothing.
    await asyncio.get_running_loop().create_future()


def read(content: bytes) -> Letter:
    """Take a mail apart into what a person sees of it."""
    message = email.message_from_bytes(content, policy=email.policy.default)
    body = message.get_body(("plain",))
    return Letter(
        sender=str(message["From"] or ""),
        subject=str(message["Subject"] or ""),
        text=(_text(body) or "").replace("\r\n", "\n") if body else "",
        message_id=str(message["Message-ID"]) if message["Message-ID"] else None,
        attachments=tuple(
            Attachment(
                filename=part.get_filename() or "",
                content_type=part.get_content_type(),
                text=_text(part),
            )
            for part in message.walk()
            if part is not body and _is_file(part)
        ),
    )


def _is_file(part: EmailMessage) -> bool:
    if part.is_multipart():
        return False
    return part.is_attachment() or part.get_content_type() not in {"text/plain", "text/html"}


def _text(part: MIMEPart) -> str | None:
    content = part.get_content()
    return content if isinstance(content, str) else None
