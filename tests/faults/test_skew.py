"""Old and new versions side by side: in events, in databases, in answers."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, LiteralString
from uuid import uuid4

import aio_pika
import asyncpg
from aiohttp import web

from services.notify.contacts import Address, Contact, Contacts, Person
from services.notify.domain import Owner
from services.web.app import create_app as create_web
from shared import broker
from shared.events import EXCHANGE, PREFIX
from tests.faults.conftest import City
from tests.support.apps import serving
from tests.support.front import web_settings
from tests.support.samples import booking_body
from tests.support.servers import eventually

NEWS = {"novelty": "something that only a newer version knows"}
"""A field that nobody knows."""


async def test_tables_and_events_of_a_newer_version_change_nothing(city: City) -> None:
    """While all goes on every table gets a column, each database a table and every event two fields, and loses them.

    Fails when a query selects ``*`` (its plan is no longer valid), or when events refuse fields they do not know.
    """
    await city.single()
    load = city.load(await city.session())
    async with load.going(10):
        await load.until(5)
        async with _newer_version(city):
            session = await city.session()
            later = city.load(session)
            async with later.going(5):
                await later.until(10)
        await load.until(5)
    await city.keeps_its_promises(load, later)


@asynccontextmanager
async def _newer_version(city: City) -> AsyncIterator[None]:
    """Databases are those of a newer version, and so are the events that leave them."""
    try:
        for service in city.checked.databases:
            await _migrate(city, service, "ADD COLUMN novelty text", _ENRICH)
        yield
    finally:
        for service in city.checked.databases:
            await _migrate(city, service, "DROP COLUMN IF EXISTS novelty", _NO_LONGER)


_ENRICH: LiteralString = """
    CREATE TABLE novelty (id uuid PRIMARY KEY);
    CREATE FUNCTION enrich() RETURNS trigger LANGUAGE plpgsql AS $$
    DECLARE
        event jsonb := convert_from(new.body, 'UTF8');
        news jsonb := '"something that only a newer version knows"';
    BEGIN
        event := jsonb_set(jsonb_set(event, '{novelty}', news), '{data,novelty}', news);
        new.body := convert_to(event::text, 'UTF8');
        RETURN new;
    END $$;
    CREATE TRIGGER enrich BEFORE INSERT ON outbox FOR EACH ROW EXECUTE FUNCTION enrich();
"""
"""From now on every event leaves as a newer version would write it."""

_NO_LONGER: LiteralString = "DROP TABLE IF EXISTS novelty; DROP FUNCTION IF EXISTS enrich CASCADE"


async def _migrate(city: City, service: str, change: LiteralString, more: LiteralString) -> None:
    """Change every table of a service, one after another as migrations do, and then more."""
    async with city.database(service) as conn:
        for table in await conn.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
            if table["tablename"] != "novelty":
                await conn.execute(f'ALTER TABLE "{table["tablename"]}" {change}')
        await conn.execute(more)


async def test_an_event_that_only_a_newer_version_knows_is_kept_for_it(city: City) -> None:
    """The newer version bound it to the queue before it was rolled back; its neighbours are not held up.

    Fails when what cannot be read is acknowledged without being kept.
    """
    await city.single()
    load = city.load(await city.session())
    key, id_ = "session.painted.v1", uuid4()
    body = json.dumps(
        {"id": str(id_), "type": f"{PREFIX}{key}", "source": "/catalog", "data": {"colour": "blue"}}
    ).encode()
    async with broker.connection(city.site.broker, "a-newer-version") as link, load.going(5):
        channel = await link.channel(on_return_raises=True)
        queue = await channel.get_queue("booking")
        exchange = await channel.get_exchange(EXCHANGE)
        await queue.bind(exchange, key)
        await exchange.publish(aio_pika.Message(body), key)
        await queue.unbind(exchange, key)
        await load.until(10)
    async with city.database("booking") as conn:

        async def kept() -> asyncpg.Record | None:
            return await conn.fetchrow("SELECT body, state, error FROM inbox_failure WHERE event_id = $1", id_)

        row = await eventually(kept)
        assert (row["body"], row["state"]) == (body, "dead")
        assert "painted" in row["error"]
        assert (await city.first["booking"].health()).ready
        await conn.execute("DELETE FROM inbox_failure WHERE event_id = $1", id_)
    await city.keeps_its_promises(load)


@asynccontextmanager
async def newer(city: City, service: str) -> AsyncIterator[str]:
    """A service of a newer version: all that it answers has a field more."""

    async def pass_on(request: web.Request) -> web.Response:
        headers = {name: value for name, value in request.headers.items() if name not in {"Host", "Content-Length"}}
        there = f"{city.site.url(service)}{request.rel_url}"
        async with city.http.request(request.method, there, data=await request.read(), headers=headers) as answer:
            return web.json_response(_enriched(await answer.json(content_type=None)), status=answer.status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", pass_on)
    async with serving(app) as address:
        yield address


def _enriched(value: Any) -> Any:  # noqa: ANN401 - any JSON
    """The same with a field more in every object; texts by language, of which there may be none, are no objects."""
    if isinstance(value, dict):
        objects = value and "sv" not in value
        return {name: _enriched(inner) for name, inner in value.items()} | (NEWS if objects else {})
    return [_enriched(inner) for inner in value] if isinstance(value, list) else value


async def test_web_shows_and_books_what_newer_services_answer(city: City) -> None:
    """Fails when the model of a session refuses fields it does not know."""
    await city.single()
    session = await city.session()
    async with newer(city, "catalog") as catalog, newer(city, "booking") as booking:
        settings = web_settings(
            catalog_url=catalog, booking_url=booking, key_booking=city.site.keys.booking, key=city.site.keys.web
        )
        async with serving(create_web(settings)) as url:
            load = city.page_load(session, web=lambda: url)
            made = await load.book(booking_body(session, reach={"by": "none"}))
            async with city.http.get(f"{url}/sv/sessions/{session}") as page:
                assert page.status == 200
            async with city.http.get(f"{url}/sv/") as page:
                assert str(session) in await page.text()
    assert made is not None
    await city.keeps_its_promises(load)


async def test_notify_understands_contacts_of_a_newer_booking(city: City) -> None:
    """Fails when the model of a contact refuses fields it does not know."""
    await city.single()
    session = await city.session()
    load, address = city.load(session), "newer@example.org"
    await load.book(booking_body(session, reach={"by": "email", "email": address}))
    async with city.database("booking") as conn:
        ref = await conn.fetchval("SELECT ref FROM contact WHERE email = $1", address)
    person = Person(ref, about=uuid4())
    async with newer(city, "booking") as booking:
        owners: dict[Owner, Address] = {"booking": Address(booking, city.site.keys.booking)}
        known = await Contacts(city.http, owners, 10).ask("booking", [person])
    found = known[person]
    assert isinstance(found, Contact)
    assert found.email == address


async def test_a_field_that_a_service_does_not_know_is_refused_by_its_name(city: City) -> None:
    """Otherwise a wish that only a newer version grants would be lost without a word.

    Fails when requests ignore fields they do not know.
    """
    await city.single()
    body = booking_body(uuid4()) | NEWS
    async with city.http.post(f"{city.site.url('booking')}/v1/bookings", json=body) as answer:
        assert answer.status == 422
        assert [error["field"] for error in (await answer.json())["errors"]] == ["novelty"]
