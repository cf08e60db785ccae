"""Where a Plats is to be found."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from deploy import databases
from deploy.local import installation

SERVICES = installation.WITH_DATABASE
"""Those that listen somewhere."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SmsProvider:
    """The SMS provider's HTTP interface, whose history tells what it accepted."""

    url: str
    username: str
    password: str = field(repr=False)

    @classmethod
    def told(cls, environment: Mapping[str, str]) -> "SmsProvider | None":
        """The one the environment names; None where a part of it is not named."""
        url, username, password = (environment.get(f"PLATS_SMS_{name}") for name in ("URL", "USERNAME", "PASSWORD"))
        return cls(url=url, username=username, password=password) if url and username and password else None


@dataclass(frozen=True, kw_only=True, slots=True)
class Site:
    """What is examined. What is left out is not looked at, and the report says so."""

    databases: Mapping[str, str] = field(repr=False)
    """The DSN of each service that keeps data."""
    broker: str | None = field(default=None, repr=False)
    """AMQP address, with the virtual host."""
    management: str | None = field(default=None, repr=False)
    """RabbitMQ's management API, with credentials."""
    services: Mapping[str, str] = field(default_factory=dict)
    """Where each service listens."""
    sms: SmsProvider | None = None
    mailboxes: str | None = None
    """The phonebox, which shows what its mail server took."""

    @classmethod
    def told(cls, environment: Mapping[str, str]) -> "Site | None":
        """What the environment of an operator's command on a server names; None where it names no databases.

        Raises:
            Trouble: it names them by halves.
        """
        known = databases.told_with_events(environment)
        if not known:
            return None
        addresses = {name: environment.get(f"PLATS_{name.upper()}_URL") for name in SERVICES}
        return cls(
            databases=known,
            broker=environment.get("PLATS_RABBITMQ"),
            management=environment.get("PLATS_RABBITMQ_MANAGEMENT"),
            services={name: url for name, url in addresses.items() if url},
            sms=SmsProvider.told(environment),
        )

    @classmethod
    def of(cls, data: Path) -> "Site":
        """The running installation in this folder.

        Raises:
            Trouble: nothing runs there.
        """
        run = installation.running(data)
        return cls(
            databases=installation.databases(data),
            broker=run["rabbitmq"],
            management=run["management"],
            services={name: run[name] for name in SERVICES},
            sms=SmsProvider(url=f"{run['phonebox']}/a1", username="plats", password=installation.Keys.of(data).sms),
            mailboxes=run["phonebox"],
        )
