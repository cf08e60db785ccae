"""Each service's own database on a server: its role, tables that the role cannot change, and rights on their rows."""

import argparse
import asyncio
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote, urlsplit, urlunsplit

import asyncpg
import psycopg
from psycopg import sql

from deploy.local.installation import WITH_DATABASE, WITH_EVENTS, databases
from deploy.local.trouble import Trouble, told_as
from shared.db import AWAY
from shared.migrations import migrate


def told(environment: Mapping[str, str], services: Sequence[str] = WITH_DATABASE) -> dict[str, str]:
    """The DSN each of these uses, as ``PLATS_DATABASE_<SERVICE>`` tells; none when there is no such variable at all.

    Raises:
        Trouble: one is not told, or ``PLATS_POSTGRES``, with which they are made, is not.
    """
    variables = {service: f"PLATS_DATABASE_{service.upper()}" for service in services}
    if not any(environment.get(name) for name in variables.values()):
        return {}
    if missing := [name for name in ("PLATS_POSTGRES", *variables.values()) if not environment.get(name)]:
        raise Trouble(f"Set {', '.join(missing)} too.")
    return {service: environment[name] for service, name in variables.items()}


def told_with_events(environment: Mapping[str, str]) -> dict[str, str]:
    """The databases whose rows and events belong together, as :func:`told` reads them.

    Raises:
        Trouble: as it does.
    """
    return told(environment, WITH_EVENTS)


def run(arguments: argparse.Namespace) -> int:
    """Do what a command was asked to with the databases: as the environment tells on a server, else of what runs here.

    Raises:
        Trouble: neither is there, or a database does not answer.
    """
    found = told_with_events(os.environ) or databases(Path(arguments.data).absolute())
    with told_as("A database does not do as it is asked", *AWAY, asyncpg.PostgresError):
        result: int = asyncio.run(arguments.do(found, arguments))
    return result


def bring_up_to_date(admin: str, own: str, service: str) -> None:
    """Make what a service's DSN names and its tables; the tables are the administrator's, their rows the service's.

    Done again it changes nothing, but that the role gets the password of the DSN.

    Args:
        admin: DSN of somebody who may make roles and databases on the server.
        own: The service's DSN: its role, password and database.
        service: Whose tables.

    Raises:
        psycopg.Error: the server is away or refuses.
    """
    parts = urlsplit(own)
    role, database = unquote(parts.username or ""), unquote(parts.path.removeprefix("/"))
    with psycopg.connect(admin, autocommit=True) as conn:
        _role(conn, role, unquote(parts.password or ""))
        _database(conn, database, role)
    inside = urlunsplit(urlsplit(admin)._replace(path=parts.path))
    migrate(inside, service)
    with psycopg.connect(inside) as conn:
        _rows_only(conn, role)


def _role(conn: psycopg.Connection, role: str, password: str) -> None:
    if not conn.execute("SELECT true FROM pg_roles WHERE rolname = %s", (role,)).fetchone():
        conn.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    # Only its hash travels, so that no log of the server can hold the password.
    verifier = conn.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256").decode()
    conn.execute(sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(role), sql.Literal(verifier)))


def _database(conn: psycopg.Connection, database: str, role: str) -> None:
    name = sql.Identifier(database)
    if not conn.execute("SELECT true FROM pg_database WHERE datname = %s", (database,)).fetchone():
        conn.execute(sql.SQL("CREATE DATABASE {}").format(name))
    conn.execute(sql.SQL("REVOKE ALL ON DATABASE {} FROM PUBLIC").format(name))
    conn.execute(sql.SQL("GRANT CONNECT ON DATABASE {} TO {}").format(name, sql.Identifier(role)))


def _rows_only(conn: psycopg.Connection, role: str) -> None:
    who = sql.Identifier(role)
    conn.execute(sql.SQL("GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {}").format(who))
    conn.execute(sql.SQL("GRANT USAGE ON ALL SEQUENCES IN SCHEMA public TO {}").format(who))
