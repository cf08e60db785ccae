"""Compose file, image, settings and example agree; starting them takes a container engine, which tests do without."""

import importlib
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from deploy import databases
from deploy.doctor import Site, SmsProvider
from shared.settings import Settings

ROOT = Path(__file__).parents[3]
DOCKERFILE = (ROOT / "deploy" / "Dockerfile").read_text()
COMPOSE = (ROOT / "deploy" / "compose.yaml").read_text()
CONTAINERS: dict[str, dict[str, Any]] = YAML(typ="safe", pure=True).load(COMPOSE)["services"]
SERVICES = sorted(main.parent.name for main in (ROOT / "services").glob("*/__main__.py"))
OURS = sorted(name for name, container in CONTAINERS.items() if "build" in container)

_VARIABLE = re.compile(r"\$\{(\w+)(?::([-?])([^}]*))?\}")
ANSWERS = {
    "PLATS_PUBLIC_HOST": "plats.example.org",
    "PLATS_IDENTITY_ISSUER": "https://login.example.org",
    "PLATS_SMS_USERNAME": "u1",
    "PLATS_SMS_PASSWORD": "p1",
    "PLATS_SMS_SENDER": "+46766861004",
    "PLATS_SMTP": "smtp+starttls://mail.example.org",
    "PLATS_MAIL_SENDER": "Biblioteket <plats@example.org>",
}
"""What somebody who follows deploy/.env.example writes, beside random secrets."""


def example() -> dict[str, str]:
    lines = (ROOT / "deploy" / ".env.example").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled() -> dict[str, str]:
    """The example with every gap filled."""
    secrets = {name: f"{number:064x}" for number, name in enumerate(example()) if name.startswith("SECRET_")}
    return example() | ANSWERS | secrets


def environment(container: str) -> dict[str, str]:
    """What a container is told, once compose has put the variables in."""
    known = filled()
    told: dict[str, str] = CONTAINERS[container].get("environment", {})
    return {name: _VARIABLE.sub(lambda found: known[found[1]] or found[3], text) for name, text in told.items()}


def settings_of(service: str) -> type[Settings]:
    found: type[Settings] = getattr(
        importlib.import_module(f"services.{service}.settings"), f"{service.capitalize()}Settings"
    )
    return found


def test_it_is_a_compose_file() -> None:
    """By the official schema. Fails when a key is misspelt, like ``depend_on``."""
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec"]
    checked = subprocess.run(  # noqa: S603 - our own file and tool
        [*check, str(ROOT / "deploy" / "compose.yaml")], capture_output=True, text=True, check=False
    )
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize("service", SERVICES)
def test_every_service_is_there_and_starts_with_what_it_is_told(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Fails when a service or a setting it requires is missing, or has a form that the service refuses."""
    assert CONTAINERS[service]["command"] == ["python", "-m", f"services.{service}"]
    for name in settings_of(service).model_fields:
        monkeypatch.delenv(f"PLATS_{name.upper()}", raising=False)
    for name, value in environment(service).items():
        monkeypatch.setenv(name, value)
    settings_of(service)()


@pytest.mark.parametrize("service", SERVICES)
def test_nothing_is_told_that_no_service_listens_to(service: str) -> None:
    """Fails when a variable is misspelt: a setting with a default would keep that without a word."""
    assert {name.removeprefix("PLATS_").lower() for name in environment(service)} <= set(
        settings_of(service).model_fields
    )


@pytest.mark.parametrize("service", SERVICES)
def test_who_calls_a_service_knows_its_key_and_address(service: str) -> None:
    """Fails when a caller has a key of its own, or the port is not the image's."""
    [port] = re.findall(r"PLATS_PORT=(\d+)", DOCKERFILE)
    for caller in SERVICES:
        told = environment(caller)
        assert told.get(f"PLATS_KEY_{service.upper()}") in {None, environment(service)["PLATS_KEY"]}
        assert told.get(f"PLATS_{service.upper()}_URL") in {None, f"http://{service}:{port}"}


@pytest.mark.parametrize("field", ["identity_issuer", "identity_audience", "permitted_hours", "timezone", "public_url"])
def test_what_several_services_listen_to_is_told_to_each_and_the_same(field: str) -> None:
    """Fails when an offer's time runs in other hours than its message goes out in, or staff of one are nobody's."""
    listening = [service for service in SERVICES if field in settings_of(service).model_fields]
    told = {environment(service).get(f"PLATS_{field.upper()}") for service in listening}
    assert len(listening) > 1
    assert len(told) == 1
    assert None not in told


def test_each_service_has_a_key_database_and_role_of_its_own_which_are_made_first() -> None:
    """Fails when two services share one, or ``migrate`` makes another one than the service uses."""
    keys = [environment(service)["PLATS_KEY"] for service in SERVICES]
    assert len(set(keys)) == len(keys)
    used = {service: dsn for service in SERVICES if (dsn := environment(service).get("PLATS_DATABASE"))}
    assert databases.told(environment("migrate")) == used
    assert len({dsn.partition("@")[0] for dsn in used.values()}) == len(used)
    for service in used:
        made_first = {job: {"condition": "service_completed_successfully"} for job in ("migrate", "topology")}
        assert made_first.items() <= CONTAINERS[service]["depends_on"].items()


def test_the_operator_s_command_sees_all_that_can_be_asked() -> None:
    """Fails when a service or the SMS provider is left out: its check would say "not checked" for ever."""
    [port] = re.findall(r"PLATS_PORT=(\d+)", DOCKERFILE)
    notify = environment("notify")
    assert Site.told(environment("plats")) == Site(
        databases=databases.told_with_events(environment("migrate")),
        broker=environment("booking")["PLATS_BROKER"],
        management=environment("topology")["PLATS_RABBITMQ_MANAGEMENT"],
        services={service: f"http://{service}:{port}" for service in SERVICES},
        sms=SmsProvider(
            url=notify["PLATS_SMS_URL"], username=notify["PLATS_SMS_USERNAME"], password=notify["PLATS_SMS_PASSWORD"]
        ),
    )


def test_the_example_names_every_variable_and_leaves_out_what_only_the_owner_knows() -> None:
    """Fails when a variable or default changes in one of the two alone, or a secret gets a value for all to read."""
    used = list(_VARIABLE.finditer(COMPOSE))
    required = {found[1] for found in used if found[2] == "?"}
    defaults = {found[1]: found[3] for found in used if found[2] == "-"}
    assert example() == defaults | dict.fromkeys(required, "")
    for name in required:
        assert re.search(rf"\$\{{{name}:\?\w", COMPOSE), f"compose does not say what to do about {name}"


@pytest.mark.parametrize("name", CONTAINERS)
def test_only_the_page_and_the_provider_s_door_are_open_and_only_to_a_proxy_on_this_machine(name: str) -> None:
    """Fails when another container publishes a port, or one is open to the network unasked."""
    ports: list[str] = CONTAINERS[name].get("ports", [])
    assert bool(ports) == (name in {"web", "notify"})
    for port in ports:
        found = _VARIABLE.match(port)
        assert found
        assert example()[found[1]].startswith("127.0.0.1:")


@pytest.mark.parametrize("name", OURS)
def test_our_containers_may_write_nothing_and_become_nobody(name: str) -> None:
    """Fails when a container forgets to take the common part over."""
    container = CONTAINERS[name]
    assert container["read_only"]
    assert container["cap_drop"] == ["ALL"]
    assert container["security_opt"] == ["no-new-privileges:true"]
    assert container["stop_grace_period"] == "60s"


def test_the_image_ends_as_somebody_without_rights_and_tells_how_it_is() -> None:
    """Fails when the last stage ends as root, by name or number."""
    last = DOCKERFILE.rpartition("\nFROM ")[2]
    assert re.findall(r"^USER (\d+)", last, re.MULTILINE)[-1:] not in ([], ["0"])
    assert re.findall(r"^USER (?!\d)", last, re.MULTILINE) == []
    assert "/health/live" in last


def test_every_image_is_of_a_named_version() -> None:
    """Fails with ``latest``, or with no tag at all."""
    used = [container["image"] for name, container in CONTAINERS.items() if name not in OURS]
    bases = re.findall(r"^ARG BASE=(\S+)", DOCKERFILE, re.MULTILINE)
    assert len(used) == 2
    assert len(bases) == 1
    for image in used + bases:
        assert re.search(r":\d+(\.\d+)*-", image), image
