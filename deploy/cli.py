"""The `plats` command."""

import argparse
import asyncio
import logging
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import aiohttp
import psycopg

from deploy import databases, dead, person, purge
from deploy.doctor.command import doctor
from deploy.local import checks, example_helpers, installation, node, tokens, up
from deploy.local.ports import HIGHEST, LOWEST
from deploy.local.trouble import Trouble, told_as
from shared import topology
from shared.hours import Window
from shared.migrations import migrate

Arguments = argparse.Namespace

_FOLLOWS = (0.2, 0.5, 1, 3, 5)
"""Seconds between looks whether queues follow a new policy."""


def _up(arguments: Arguments) -> int:
    plan = up.Plan(
        data=_data(arguments),
        port_base=arguments.port_base,
        permitted_hours=permitted_hours(arguments.quiet),
        demo=arguments.demo,
    )
    return asyncio.run(up.up(plan))


def permitted_hours(quiet: str | None) -> str:
    """The hours in which people may be written to, from those in which they may not: 19-09 is 09-19."""
    if quiet is None:
        return "00-24"
    hours = "-".join(reversed(quiet.split("-")))
    try:
        Window.parse(hours)
    except ValueError:
        raise Trouble("Write quiet hours like --quiet 19-09: from the evening to the morning.") from None
    return hours


def _build(_: Arguments) -> int:
    asyncio.run(node.ensure_built())
    print("What the pages link to is up to date. A running Plats shows it when it is started again.")
    return 0


def _test(arguments: Arguments) -> int:
    return asyncio.run(checks.run(fast=arguments.part == "fast", pytest_arguments=arguments.pytest))


def _token(arguments: Arguments) -> int:
    running = installation.running(_data(arguments))
    keys = installation.Keys.of(_data(arguments))
    try:
        given = tokens.access_token(running["identity"], keys.identity, arguments.role, arguments.branch)
        print(asyncio.run(given))
    except tokens.TokenError as error:
        raise Trouble(str(error)) from error
    return 0


def _topology(arguments: Arguments) -> int:
    management, broker = os.environ.get("PLATS_RABBITMQ_MANAGEMENT"), os.environ.get("PLATS_RABBITMQ", "")
    if not management:
        run = installation.running(_data(arguments))
        management, broker = run["management"], run["rabbitmq"]
    if not management:
        raise Trouble("Set PLATS_RABBITMQ_MANAGEMENT to the address of the broker's management API.")
    vhost = arguments.vhost or installation.virtual_host(broker)
    with told_as("The broker's management API does not do as it is asked", aiohttp.ClientError, TimeoutError):
        look = _mended if arguments.what == "apply" else topology.verify
        problems = asyncio.run(look(management, vhost))
    print("\n".join(problems) if problems else "The broker has all that the event contract asks for.")
    return int(bool(problems))


def _doctor(arguments: Arguments) -> int:
    return asyncio.run(doctor(_data(arguments), as_json=arguments.json))


async def _mended(management: str, vhost: str) -> list[str]:
    """Apply the topology; gives what is still wrong once the broker had time to follow its new policies."""
    await topology.apply(management, vhost)
    problems = await topology.verify(management, vhost)
    for pause in _FOLLOWS:
        if problems:
            await asyncio.sleep(pause)
            problems = await topology.verify(management, vhost)
    return problems


def _migrate(arguments: Arguments) -> int:
    told = databases.told(os.environ)
    for service, dsn in (told or installation.databases(_data(arguments))).items():
        with told_as(f"The database of {service} could not be brought up to date", psycopg.Error):
            if told:
                databases.bring_up_to_date(os.environ["PLATS_POSTGRES"], dsn, service)
            else:
                migrate(dsn, service)
        print(f"{service} is up to date")
    return 0


def _seed(arguments: Arguments) -> int:
    env = installation.environment_of(_data(arguments), "catalog")
    asyncio.run(up.seed(env, _data(arguments) / "logs" / "seed.log"))
    keys = installation.Keys.of(_data(arguments))
    asyncio.run(example_helpers.add(installation.running(_data(arguments)), keys.identity))
    return 0


def _data(arguments: Arguments) -> Path:
    return Path(arguments.data).absolute()


class Command(NamedTuple):
    """A command: what it is for, what it takes, what it does."""

    help: str
    run: Callable[[Arguments], int]
    options: Callable[[argparse.ArgumentParser], Any]


def _data_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--data", metavar="DIR", default=str(installation.USUAL), help="folder of the installation")


def port(text: str) -> int:
    """A port that Plats may listen on.

    Raises:
        argparse.ArgumentTypeError: it may not, or this is no number.
    """
    if not text.isdecimal() or not LOWEST <= int(text) <= HIGHEST:
        raise argparse.ArgumentTypeError(f"a port is a number from {LOWEST} to {HIGHEST}")
    return int(text)


def _up_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--port-base", type=port, default=8080, metavar="8080", help="the page's port; others follow")
    parser.add_argument("--quiet", metavar="19-09", help="hours in which nobody is written to unasked")
    parser.add_argument("--no-demo", dest="demo", action="store_false", help="without the example programme")


def _test_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("part", nargs="?", choices=["all", "fast"], default="all", help="fast: without servers")
    parser.add_argument("pytest", nargs=argparse.REMAINDER, help="arguments for pytest")


def _token_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--role", required=True, choices=["staff", "admin", "coordinator"])
    parser.add_argument("--branch", action="append", default=[], metavar="kista", help="may be given several times")


def _topology_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("what", nargs="?", choices=["verify", "apply"], default="verify")
    parser.add_argument("--vhost", help="the virtual host; else that of PLATS_RABBITMQ or of the installation")


def _doctor_options(parser: argparse.ArgumentParser) -> None:
    _data_option(parser)
    parser.add_argument("--json", action="store_true", help="for machines")


COMMANDS = {
    "up": Command("set up what is missing and run everything", _up, _up_options),
    "build": Command("make the pages' style sheet and fonts, if they changed", _build, lambda _: None),
    "test": Command("check and test everything", _test, _test_options),
    "token": Command("print an access token that the running services accept", _token, _token_options),
    "topology": Command("compare the broker with the event contract, or make it so", _topology, _topology_options),
    "doctor": Command("examine a running installation and say what is wrong", _doctor, _doctor_options),
    "dead": Command("look after messages that no service could handle", dead.run, dead.options),
    "migrate": Command(
        "bring the databases up to date: those that are running here, or those of the environment",
        _migrate,
        _data_option,
    ),
    "purge": Command(
        "erase people's details that are older than was decided, or record such a decision",
        databases.run,
        purge.options,
    ),
    "person": Command("show or erase everything that is known about one person", databases.run, person.options),
    "seed": Command("add what is missing of the example programme", _seed, _data_option),
}


def main() -> int:
    """Run a command; trouble that a person can put right is told in words."""
    parser = argparse.ArgumentParser(prog="plats", description="Booking for what public libraries do with people.")
    commands = parser.add_subparsers(metavar="COMMAND", title="commands")
    for name, command in COMMANDS.items():
        options = commands.add_parser(name, help=command.help, description=command.help)
        command.options(options)
        options.set_defaults(run=command.run)
    arguments = parser.parse_args()
    if "run" not in arguments:
        parser.print_help()
        return 2
    logging.getLogger("aiormq").setLevel(logging.CRITICAL)  # what fails is told in our own words
    try:
        result: int = arguments.run(arguments)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    except OSError as error:
        print(f"\nThat did not work: {error.strerror or error}: {error.filename or ''}", file=sys.stderr)
        return 1
    return result
