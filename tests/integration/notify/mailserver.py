"""A mail server that falls silent where a test wants it to."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from tests.support.servers import free_port

ANSWERS = {
    b"EHLO": b"250-mail.example\r\n250 SIZE 1000000\r\n",
    b"MAIL": b"250 Go on\r\n",
    b"RCPT": b"250 They live here\r\n",
    b"DATA": b"354 I am listening\r\n",
    b"QUIT": b"221 Bye\r\n",
}


@dataclass
class MailServer:
    """Speaks as much SMTP as it takes to bring it a mail."""

    silent_at: bytes | None = None
    """The command it never answers; ``CONNECT`` is the banner."""
    mails: int = 0
    callers: int = 0
    port: int = field(default_factory=free_port)
    released: asyncio.Event = field(default_factory=asyncio.Event)
    """Set, it hangs up on those whom it keeps waiting."""

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Listen until the block ends; gives the address."""
        server = await asyncio.start_server(self._answer, "127.0.0.1", self.port)
        try:
            yield f"smtp://127.0.0.1:{self.port}"
        finally:
            self.released.set()
            server.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.callers += 1
        with suppress(ConnectionError):
            await self._talk(reader, writer)
        writer.close()

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        command, answer = b"CONNECT", b"220 mail.example\r\n"
        while command:
            if command == self.silent_at:
                await self.released.wait()
                return
            writer.write(answer)
            if command == b"DATA":
                await reader.readuntil(b"\r\n.\r\n")
                self.mails += 1
                writer.write(b"250 Taken\r\n")
            command = (await reader.readline())[:4].upper()
            answer = ANSWERS.get(command, b"502 What?\r\n")
