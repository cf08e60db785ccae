import asyncio
import struct

import pytest

from deploy.local import postgres

GSSAPI = b"R" + struct.pack(">ii", 8, 7)
"""PostgreSQL's protocol: a way to sign in that the driver does not speak here; it calls that an error of its own."""


@pytest.mark.parametrize("words", [b"", b"HTTP/1.1 400", GSSAPI], ids=["nothing", "another protocol", "another login"])
async def test_what_is_no_postgresql_of_ours_does_not_answer(words: bytes) -> None:
    """Fails when the driver's own errors are not caught: they would end the watch that asks."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        for word in (b"N", words):  # no to encryption, then this
            await reader.read(1024)
            writer.write(word)
        writer.close()

    async with await asyncio.start_server(talk, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        assert not await postgres.answers(f"postgresql://plats:secret@127.0.0.1:{port}/postgres")
