"""The smallest service there is: it keeps notes, and tells an event of each."""

from aiohttp import web
from pydantic import BaseModel, SecretStr

from shared.db import Database
from shared.events import AvailabilityChanged
from shared.http import Api
from shared.keys import DATABASE
from shared.outbox import emit
from shared.service import application
from shared.settings import StoreSettings
from tests.support.backbone import Seen, availability

api = Api()


class Note(BaseModel):
    """What is kept."""

    text: str


@api.post("/v1/notes", status=201)
async def create(request: web.Request, body: Note) -> Note:
    """Keep a note."""
    async with request.app[DATABASE].transaction() as conn:
        await conn.execute("INSERT INTO note VALUES ($1)", body.text)
        await emit(conn, availability())
    return body


async def prepare(database: Database) -> None:
    """Make the table of notes."""
    await database.pool.execute("CREATE TABLE note (text text)")


def app(dsn: str, broker_url: str, seen: Seen) -> web.Application:
    """The service as catalog, whose queue it consumes from."""
    settings = StoreSettings(database=SecretStr(dsn), broker=SecretStr(broker_url), key=SecretStr("00" * 32))
    return application(settings, "catalog", api=api, refusals={}, handlers={AvailabilityChanged: seen})
