from collections.abc import AsyncIterator
from urllib.parse import urlsplit

import asyncpg
import pytest

from deploy.databases import bring_up_to_date, told
from deploy.local import postgres
from deploy.local.installation import WITH_DATABASE
from deploy.local.trouble import Trouble

ADMIN = {"PLATS_POSTGRES": "postgresql://plats@db/postgres"}
ALL = ADMIN | {f"PLATS_DATABASE_{service.upper()}": f"postgresql://db/{service}" for service in WITH_DATABASE}


def own(admin: str, name: str, password: str = "p%40ss/:w") -> str:  # noqa: S107 - of a server that lives for one test
    """What a service is told: its own role, a password that has to be quoted in an address, its own database."""
    at = urlsplit(admin).netloc.rpartition("@")[2]
    return f"postgresql://{name}:{password.replace('/', '%2F').replace(':', '%3A')}@{at}/{name}"


@pytest.fixture
async def admin(postgres_server: postgres.Server) -> AsyncIterator[str]:
    yield postgres_server.dsn
    conn = await asyncpg.connect(postgres_server.dsn)
    try:
        for name in ("deployed_booking", "deployed_catalog"):
            await conn.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
            await conn.execute(f"DROP ROLE IF EXISTS {name}")
    finally:
        await conn.close()


async def test_a_service_writes_rows_in_its_own_database_and_nothing_else(admin: str) -> None:
    """Fails when the role owns the tables, gets no rights on rows, or PUBLIC may still connect to every database."""
    booking, catalog = own(admin, "deployed_booking"), own(admin, "deployed_catalog")
    bring_up_to_date(admin, booking, "booking")
    bring_up_to_date(admin, catalog, "catalog")
    conn = await asyncpg.connect(booking)
    try:
        async with conn.transaction():
            await conn.execute("INSERT INTO outbox VALUES (DEFAULT, gen_random_uuid(), 'a', 1, 'k', '')")
            await conn.execute("UPDATE outbox SET attempts = 1")
            await conn.execute("DELETE FROM outbox")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("DROP TABLE outbox")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await conn.execute("CREATE TABLE mine ()")
    finally:
        await conn.close()
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await asyncpg.connect(booking.removesuffix("deployed_booking") + "deployed_catalog")


async def test_doing_it_again_changes_the_password_and_nothing_else(admin: str) -> None:
    """Fails when the second time stops at what is there, or a new password in the environment locks the service out."""
    bring_up_to_date(admin, own(admin, "deployed_booking"), "booking")
    renewed = own(admin, "deployed_booking", "other")
    bring_up_to_date(admin, renewed, "booking")
    with pytest.raises(asyncpg.InvalidPasswordError):
        await asyncpg.connect(own(admin, "deployed_booking"))
    conn = await asyncpg.connect(renewed)
    try:
        assert await conn.fetchval("SELECT count(*) FROM outbox") == 0
    finally:
        await conn.close()


def test_the_environment_names_every_database_or_none() -> None:
    assert told({}) == told(ADMIN) == {}
    assert set(told(ALL)) == set(WITH_DATABASE)


@pytest.mark.parametrize("name", ALL)
def test_a_variable_that_is_missing_is_named(name: str) -> None:
    with pytest.raises(Trouble, match=f"Set {name} too"):
        told(ALL | {name: ""})
