"""A TCP proxy between a service and a server, which fails the way networks do."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit, urlunsplit

from tests.support.servers import free_port

_CHUNK = 64 * 1024


class Proxy:
    """Passes bytes on until it is told otherwise."""

    def __init__(self, target: tuple[str, int], port: int) -> None:
        self.port = port
        self.connections = 0
        self._target = target
        self._open = asyncio.Event()
        self._open.set()
        self._watch: Callable[[], Callable[[bytes], bool]] = lambda: lambda _: False
        self._passing = True
        self._armed = False
        self._writers = set[asyncio.StreamWriter]()

    def through(self, url: str) -> str:
        """The same address, reached by way of this proxy."""
        parts = urlsplit(url)
        credentials = parts.netloc.rpartition("@")[0]
        return urlunsplit(parts._replace(netloc=f"{credentials}@127.0.0.1:{self.port}".removeprefix("@")))

    def freeze(self) -> None:
        """From now on nothing passes, and nobody is told: a half-open connection."""
        self._open.clear()

    def thaw(self) -> None:
        """Let everything pass again, also what was held back."""
        self._open.set()

    def cut(self) -> None:
        """Break every connection; new ones are welcome."""
        for writer in self._writers.copy():
            writer.transport.abort()

    def break_at(self, watch: Callable[[], Callable[[bytes], bool]], *, passing: bool) -> None:
        """Break the connection of the next bytes from a client that its watch, made for each connection, says yes to.

        ``passing`` lets the server have them first: then only its answer is lost.
        """
        self._watch, self._passing, self._armed = watch, passing, True

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Join a client to the server until either leaves."""
        self.connections += 1
        try:
            there, back = await asyncio.open_connection(*self._target)
        except OSError:
            writer.transport.abort()
            return
        self._writers |= {writer, back}
        doomed = asyncio.Event()
        ways = [
            asyncio.create_task(self._up(reader, back, doomed)),
            asyncio.create_task(self._down(there, writer, doomed)),
        ]
        try:
            await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            await self._open.wait()  # that one has left is no news either while nothing passes
        finally:
            for end in (writer, back):
                self._writers.discard(end)
                end.transport.abort()
            for way in ways:
                way.cancel()
            await asyncio.gather(*ways, return_exceptions=True)

    async def _up(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        reached = self._watch()
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._open.wait()
                if reached(data) and self._armed:
                    self._armed = False
                    doomed.set()
                    if not self._passing:
                        return
                target.write(data)
                await target.drain()

    async def _down(self, source: asyncio.StreamReader, target: asyncio.StreamWriter, doomed: asyncio.Event) -> None:
        with suppress(OSError):
            while data := await source.read(_CHUNK):
                await self._open.wait()
                if doomed.is_set():
                    return
                target.write(data)
                await target.drain()


@asynccontextmanager
async def proxy(url: str) -> AsyncIterator[Proxy]:
    """A proxy in front of the server at ``url``."""
    parts = urlsplit(url)
    if parts.hostname is None or parts.port is None:
        raise ValueError(f"{url} names no host and port")
    made = Proxy((parts.hostname, parts.port), free_port())
    server = await asyncio.start_server(made.serve, "127.0.0.1", made.port)
    try:
        yield made
    finally:
        server.close()
        made.thaw()
        made.cut()
        await server.wait_closed()
