"""What has to exist on the broker, and whether it does."""

import aio_pika
import pytest
from aio_pika import Message

from shared import topology
from shared.events import EXCHANGE
from tests.support.backbone import manage
from tests.support.brokers import VirtualHost
from tests.support.servers import eventually


async def differences(broker: VirtualHost) -> list[str]:
    return await topology.verify(broker.management, broker.name)


async def test_the_topology_is_made_again_and_again_and_verified(broker: VirtualHost) -> None:
    """Fails when applying stops at what is there already, or verifying looks at half of it."""
    await topology.apply(broker.management, broker.name)
    assert await differences(broker) == []
    for gone in ("policies/{vhost}/plats-notify", "queues/{vhost}/notify", "exchanges/{vhost}/plats.dead"):
        await manage(broker, "DELETE", gone)
    await manage(broker, "DELETE", f"bindings/{{vhost}}/e/{EXCHANGE}/q/catalog/availability.changed.v1")
    assert {
        "policy plats-notify is missing or differs",
        "quorum queue notify is missing",
        "exchange plats.dead of type direct is missing",
        f"queue catalog is not bound to {EXCHANGE} with availability.changed.v1",
    } <= set(await differences(broker))
    await topology.apply(broker.management, broker.name)
    assert await differences(broker) == []


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ({"x-queue-type": "classic"}, "queue notify is classic and not quorum; move its messages and delete it"),
        (
            {"x-queue-type": "quorum", "x-max-length": 5},
            "queue notify was made with arguments that no policy can change: x-max-length",
        ),
    ],
)
async def test_a_queue_made_otherwise_is_told(broker: VirtualHost, arguments: dict[str, object], says: str) -> None:
    """Fails when only its name is looked at. Nobody may delete a queue but a person: it may hold events."""
    await manage(broker, "DELETE", "queues/{vhost}/notify")
    await manage(broker, "PUT", "queues/{vhost}/notify", durable=True, arguments=arguments)
    assert says in await differences(broker)


async def test_a_binding_the_contract_no_longer_has_is_told_and_left(broker: VirtualHost) -> None:
    """An older version may still need it while a newer one is rolled out. Fails when applying removes it."""
    await manage(broker, "POST", f"bindings/{{vhost}}/e/{EXCHANGE}/q/notify", routing_key="booking.dreamt.v1")
    await topology.apply(broker.management, broker.name)
    (told,) = await differences(broker)
    assert told.startswith(f"queue notify is bound to {EXCHANGE} with booking.dreamt.v1, which the contract does not")


async def test_what_only_shows_while_it_runs_is_told(broker: VirtualHost) -> None:
    """A policy above ours, messages given up.

    Fails when verifying is content with the policy's presence, or when nobody looks at the dead queues.
    """
    theirs: dict[str, object] = {"apply-to": "queues", "priority": 50, "definition": {"max-length": 5}}
    await manage(broker, "PUT", "policies/{vhost}/theirs", pattern=".*", **theirs)
    async with await aio_pika.connect(broker.url) as link:
        channel = await link.channel()
        await channel.default_exchange.publish(Message(b"crash"), "notify.dead", timeout=10)

        async def told() -> bool:
            found = await differences(broker)
            return {
                "queue notify follows policy theirs and not plats-notify",
                "1 message in notify.dead: it crashed its consumer again and again",
            } <= set(found)

        await eventually(told, within=30)
