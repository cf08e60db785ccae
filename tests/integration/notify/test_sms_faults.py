"""Everything an SMS provider can do wrong, and that one text reaches the phone all the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pytest
from structlog.testing import capture_logs

from tests.integration.notify.conftest import Notify
from tests.integration.notify.events import booking, confirmed
from tests.support.samples import published, session_state
from tests.support.servers import eventually, free_port


@dataclass(frozen=True, kw_only=True)
class Fault:
    """One line of the table: what the provider does to the first call, and what we make of it."""

    behaviour: str
    tried: tuple[str, ...]
    """The outcome of each attempt and look-up; what is too young to tell is asked again and not shown."""
    paid: tuple[int | None, ...] = (1,)
    """The parts that each attempt counts for, None where certainly nothing left."""
    seconds: float = 3
    lookup_delay: float = 0.5
    pause: float = 0
    """Seconds that lie between the first two attempts at least."""


_TOO_LATE = "unknown TimeoutError"
_NOT_ACCEPTED = (None, 1)

FAULTS = [
    Fault(behaviour="500-before", tried=("unknown 500", "notfound", "sent"), paid=_NOT_ACCEPTED),
    Fault(behaviour="500-after", tried=("unknown 500", "sent")),
    Fault(behaviour="timeout-before", tried=(_TOO_LATE, "notfound", "sent"), paid=_NOT_ACCEPTED),
    Fault(behaviour="accept-then-hang", tried=(_TOO_LATE, "sent")),
    Fault(behaviour="late-accept", tried=(_TOO_LATE, "sent"), lookup_delay=3),
    Fault(behaviour="drip", tried=(_TOO_LATE, "sent")),
    Fault(behaviour="refuse", tried=("unknown ServerDisconnectedError", "notfound", "sent"), paid=_NOT_ACCEPTED),
    Fault(behaviour="redirect", tried=("unknown 307", "notfound", "sent"), paid=_NOT_ACCEPTED),
    Fault(behaviour="garbage", tried=("unknown no id in the answer", "sent")),
    Fault(behaviour="no-id", tried=("unknown no id in the answer", "sent")),
    Fault(behaviour="endless", tried=("unknown no id in the answer", "sent")),
    Fault(behaviour="429", tried=("again 429", "sent"), paid=_NOT_ACCEPTED, pause=2.9),
    Fault(behaviour="503", tried=("again 503", "sent"), paid=_NOT_ACCEPTED, pause=1.9),
]


def _tried(logs: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    tries = [entry for entry in logs if entry["event"] == "message_tried" and entry["why"] != "too young to tell"]
    return tuple(f"{entry['outcome']} {entry['why'] or ''}".strip() for entry in tries)


@pytest.mark.parametrize("fault", FAULTS, ids=lambda fault: fault.behaviour)
async def test_one_text_whatever_the_provider_does(still_notify: Notify, fault: Fault) -> None:
    """One call goes wrong, and still everybody gets one text.

    Fails when an unknown outcome is tried again without a look-up, when a redirect is followed, when an endless
    answer is read to its end, when Retry-After is not heard, and when what never left is counted as paid.
    """
    session, person = session_state(), still_notify.knows()
    await still_notify.phonebox.script("sms", fault.behaviour, to=person.phone, seconds=fault.seconds)
    with capture_logs() as logs:
        async with still_notify.serving(lease=4, lookup_delay=fault.lookup_delay):
            await still_notify.hear(published(session), confirmed(booking(person, session)))
            await still_notify.reached("delivered", within=20)
    assert len(await still_notify.phonebox.messages(person.phone)) == 1
    assert _tried(logs) == fault.tried
    attempts = await still_notify.database.pool.fetch("SELECT started_at, parts FROM attempt ORDER BY number")
    assert tuple(attempt["parts"] for attempt in attempts) == fault.paid
    assert (attempts[-1]["started_at"] - attempts[0]["started_at"]).total_seconds() >= fault.pause


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:{closed}/a1", {"ClientConnectorError"}),
        ("http://provider.invalid/a1", {"ClientConnectorDNSError", "ConnectionTimeoutError"}),
        ("https://127.0.0.1:{plain}/a1", {"ClientConnectorSSLError"}),
    ],
    ids=["refused", "no such name", "no TLS"],
)
async def test_what_got_no_connection_waits_without_a_look_up(still_notify: Notify, url: str, why: set[str]) -> None:
    """Fails when a call that never got a connection is taken for one of unknown fate."""
    session, person = session_state(), still_notify.knows()
    port = int(still_notify.phonebox.url.rpartition(":")[2])
    with capture_logs() as logs:
        async with still_notify.serving(sms_url=url.format(closed=free_port(), plain=port), lease=20):
            await still_notify.hear(published(session), confirmed(booking(person, session)))

            async def tried() -> tuple[str, ...]:
                return _tried(logs)

            [first, *_] = await eventually(tried)
    outcome, _, reason = first.partition(" ")
    assert (outcome, reason in why) == ("again", True), first
    [row] = await still_notify.messages()
    assert row["state"] == "pending"
    assert await still_notify.database.pool.fetchval("SELECT count(parts) FROM attempt") == 0
