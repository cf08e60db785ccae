"""What has to exist on the broker, and its settings: made and checked by one idempotent command.

Queues carry no arguments but their type; everything that may change one day is a policy, because a queue
that is declared again with other arguments refuses its consumers for ever. Nothing here differs between
RabbitMQ 3.10 and 4.x.
"""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple
from urllib.parse import quote

import aiohttp
from yarl import URL

from shared.events import EXCHANGE, QUEUES, routing_keys

DEAD = "plats.dead"
DELIVERY_LIMIT = 50
"""Deliveries before a message that crashes its consumer goes to ``<service>.dead``; high, since a crash
counts for every message in hand."""

KEPT_DELIVERIES = 100_000
"""The same for ``<service>.dead`` itself, whose messages are only stored: never, in effect; brokers differ unasked."""


def policy(service: str) -> str:
    """The name of the policy of a service's queue."""
    return f"plats-{service}"


BROKER_POLICIES: Mapping[str, Mapping[str, Any]] = {
    policy(service): {
        "pattern": f"^{service}$",
        "apply-to": "queues",
        "priority": 20,
        "definition": {
            "delivery-limit": DELIVERY_LIMIT,
            "dead-letter-exchange": DEAD,
            # Without it a message keeps the key it came with, which no dead queue is bound to.
            "dead-letter-routing-key": service,
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
            "max-length": 1_000_000,
        },
    }
    for service in QUEUES
} | {
    "plats-dead-letters": {
        "pattern": f"^({'|'.join(sorted(QUEUES))})\\.dead$",
        "apply-to": "queues",
        "priority": 20,
        "definition": {"delivery-limit": KEPT_DELIVERIES},
    },
}


_EXCHANGES = {EXCHANGE: "topic", DEAD: "direct"}


class Binding(NamedTuple):
    """A routing key of an exchange that leads to a queue."""

    exchange: str
    queue: str
    key: str


def bindings() -> set[Binding]:
    """Every binding the contract asks for."""
    return {Binding(EXCHANGE, service, key) for service in QUEUES for key in routing_keys(service)} | {
        Binding(DEAD, f"{service}.dead", service) for service in QUEUES
    }


class _Management:
    """RabbitMQ's management API, as far as the topology needs it."""

    def __init__(self, http: aiohttp.ClientSession, url: str, vhost: str) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._vhost = quote(vhost, safe="")

    def _at(self, kind: str, *rest: str) -> URL:
        path = "/".join(quote(part, safe="") for part in rest)
        return URL(f"{self._url}/api/{kind}/{self._vhost}/{path}".rstrip("/"), encoded=True)

    async def put(self, kind: str, *rest: str, body: Mapping[str, Any]) -> None:
        async with self._http.put(self._at(kind, *rest), json=body) as response:
            response.raise_for_status()

    async def post(self, kind: str, *rest: str, body: Mapping[str, Any]) -> None:
        async with self._http.post(self._at(kind, *rest), json=body) as response:
            response.raise_for_status()

    async def items(self, kind: str) -> list[dict[str, Any]]:
        async with self._http.get(self._at(kind)) as response:
            response.raise_for_status()
            found: list[dict[str, Any]] = await response.json()
            return found


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=20))


async def apply(management_url: str, vhost: str = "/") -> None:
    """Make exchanges, policies, queues and bindings; doing it again changes nothing.

    Raises:
        aiohttp.ClientError: the management API is away, refuses the user, or a queue of that name is of another type.
    """
    async with _session() as http:
        api = _Management(http, management_url, vhost)
        for name, kind in _EXCHANGES.items():
            await api.put("exchanges", name, body={"type": kind, "durable": True})
        for name, policy in BROKER_POLICIES.items():
            await api.put("policies", name, body=policy)
        for service in QUEUES:
            for queue in (service, f"{service}.dead"):
                await api.put("queues", queue, body={"durable": True, "arguments": {"x-queue-type": "quorum"}})
        for binding in sorted(bindings()):
            await api.post("bindings", "e", binding.exchange, "q", binding.queue, body={"routing_key": binding.key})


async def verify(management_url: str, vhost: str = "/") -> list[str]:
    """Compare the broker with the contract; gives one sentence per difference, none when all is well.

    Bindings that the contract no longer has are told and not removed: during an upgrade an older version needs them.

    Raises:
        aiohttp.ClientError: the management API is away, or refuses the user.
    """
    async with _session() as http:
        api = _Management(http, management_url, vhost)
        exchanges = {row["name"]: row["type"] for row in await api.items("exchanges")}
        queues = {row["name"]: row for row in await api.items("queues")}
        there = {Binding(row["source"], row["destination"], row["routing_key"]) for row in await api.items("bindings")}
        policies = {row["name"]: row for row in await api.items("policies")}
    return [
        *(
            f"exchange {name} of type {kind} is missing"
            for name, kind in _EXCHANGES.items()
            if exchanges.get(name) != kind
        ),
        *(problem for service in QUEUES for problem in _queue_problems(service, queues)),
        *_binding_problems(there),
        *(
            f"policy {name} is missing or differs"
            for name, wanted in BROKER_POLICIES.items()
            if any(policies.get(name, {}).get(key) != value for key, value in wanted.items())
        ),
    ]


def _queue_problems(service: str, queues: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    for name in (service, f"{service}.dead"):
        if not (queue := queues.get(name)):
            yield f"quorum queue {name} is missing"
            continue
        if queue["type"] != "quorum":
            yield f"queue {name} is {queue['type']} and not quorum; move its messages and delete it"
        elif extra := sorted(queue["arguments"].keys() - {"x-queue-type"}):
            yield f"queue {name} was made with arguments that no policy can change: {', '.join(extra)}"
    follows = queues.get(service, {}).get("policy")
    if follows not in {None, policy(service)}:
        yield f"queue {service} follows policy {follows} and not {policy(service)}"
    if dead := queues.get(f"{service}.dead", {}).get("messages", 0):
        what = "message" if dead == 1 else "messages"
        who = "it crashed its consumer" if dead == 1 else "they crashed their consumer"
        yield f"{dead} {what} in {service}.dead: {who} again and again"


def _binding_problems(there: set[Binding]) -> Iterator[str]:
    for binding in sorted(bindings() - there):
        yield f"queue {binding.queue} is not bound to {binding.exchange} with {binding.key}"
    for binding in sorted(there - bindings()):
        if binding.exchange in _EXCHANGES and binding.queue.removesuffix(".dead") in QUEUES:
            yield (
                f"queue {binding.queue} is bound to {binding.exchange} with {binding.key}, which the contract does "
                "not have; remove the binding once no older version runs"
            )
