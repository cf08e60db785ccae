"""Mail by SMTP: plain text, simple HTML, and the calendar file."""

import asyncio
from email.header import Header
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import parseaddr
from functools import partial
from typing import Literal

import aiohttp
import aiosmtplib
from aiosmtplib.typing import Default
from yarl import URL

from services.notify import invitation, render
from services.notify.channels.base import Written
from services.notify.domain import Again, Outcome, Refused, Sent
from services.notify.render import HelperTelling, Telling
from services.notify.settings import NotifySettings
from services.notify.store import Message
from shared.calendars import Method

_PERMANENT = 500
_FAREWELL = 2.0


class _Wire(EmailPolicy):
    """How a mail goes over the wire. Python 3.11 loses spaces where it folds a long subject with å, ä or ö."""

    def fold_binary(self, name: str, value: str) -> bytes:
        """Fold a header; a subject by the older code, which keeps its spaces."""
        if name.lower() != "subject":
            return super().fold_binary(name, value)
        folded = Header(str(value), header_name=name).encode(linesep=self.linesep)
        return f"{name}: {folded}{self.linesep}".encode("ascii")


_WIRE = _Wire(linesep="\r\n")


class _Client(aiosmtplib.SMTP):
    """Remembers how far a mail got, which decides what a lost connection means."""

    begun = False
    """The server may have the mail."""
    accepted = False
    """The server has it, whatever follows."""

    async def data(
        self,
        message: str | bytes,
        /,
        *,
        timeout: float | Literal[Default.token] | None = Default.token,  # noqa: ASYNC109 - aiosmtplib's own
    ) -> aiosmtplib.SMTPResponse:
        self.begun = True
        answer = await super().data(message, timeout=timeout)
        self.accepted = True
        return answer


def classify(error: BaseException, *, perhaps: bool = False) -> Outcome:
    """What a failed delivery says; ``perhaps`` the server had the mail when the connection was lost.

    Mail may be repeated all the same, because its Message-ID stays the same.
    """
    match error:
        case aiosmtplib.SMTPRecipientsRefused(recipients=[aiosmtplib.SMTPRecipientRefused() as first, *_]):
            return classify(first)
        case (
            aiosmtplib.SMTPRecipientRefused(code=code)
            | aiosmtplib.SMTPDataError(code=code)
            | aiosmtplib.SMTPSenderRefused(code=code)
        ) if code >= _PERMANENT:
            return Refused(why=str(code))
        case aiosmtplib.SMTPNotSupported():
            return Refused(why="address needs SMTPUTF8")
        case aiosmtplib.SMTPResponseException(code=code):
            return Again(why=str(code))
        case _:
            return Again(why=type(error).__name__, perhaps=perhaps)


class Email:
    """Mail."""

    def __init__(self, settings: NotifySettings, _http: aiohttp.ClientSession) -> None:
        self._server = URL(settings.smtp.get_secret_value())
        self._sender = settings.mail_sender
        self._address = parseaddr(settings.mail_sender)[1]
        self._limit = settings.call_limit

    def write(self, message: Message, telling: Telling | HelperTelling, to: str) -> Written:
        """Write a mail, the same one under the same Message-ID however often.

        Raises:
            UnicodeEncodeError: the address is not of the kind that every server takes.
        """
        to.encode("ascii")
        mail = self._compose(message, telling, to).as_bytes(policy=_WIRE)
        return Written(hand_over=partial(self._send, mail, to))

    async def _send(self, mail: bytes, to: str) -> Outcome:
        client = _Client(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.user,
            password=self._server.password,
            use_tls=self._server.scheme == "smtps",
            start_tls=self._server.scheme == "smtp+starttls",
            timeout=self._limit,
        )
        try:
            async with asyncio.timeout(self._limit):
                await client.connect()
                await client.sendmail(self._address, [to], mail)
                await client.quit(timeout=_FAREWELL)
        except (aiosmtplib.SMTPException, OSError) as error:
            return Sent() if client.accepted else classify(error, perhaps=client.begun)
        finally:
            client.close()
        return Sent()

    def _compose(self, message: Message, telling: Telling | HelperTelling, to: str) -> EmailMessage:
        words = render.letter(telling)
        mail = EmailMessage()
        mail["From"] = self._sender
        mail["To"] = to
        mail["Subject"] = words.subject
        mail["Date"] = message.now
        mail["Message-ID"] = f"<{message.id}@plats.{self._address.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"  # keeps holiday replies away (RFC 3834)
        mail["Content-Language"] = telling.language.tag
        mail.set_content(words.text)
        mail.add_alternative(words.html, subtype="html")
        if isinstance(telling, Telling) and (method := invitation.method(telling)):
            mail.add_attachment(
                self._calendar(message, telling, method),
                subtype="calendar",
                params={"method": method},
                filename="plats.ics",
                cte="base64",
            )
        return mail

    def _calendar(self, message: Message, telling: Telling, method: Method) -> str:
        return invitation.calendar(
            telling,
            booking=message.about,
            sequence=message.booking_revision,
            organizer=self._address,
            method=method,
            now=message.now,
        ).decode()
