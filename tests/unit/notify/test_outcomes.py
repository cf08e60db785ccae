"""What each way an attempt can go means, and what follows from it."""

import socket
import ssl
from datetime import UTC, datetime, time, timedelta
from typing import Any, cast

import aiohttp
import aiosmtplib
import pytest
from aiohttp.client_reqrep import ConnectionKey

from services.notify import domain
from services.notify.channels import email, sms
from services.notify.channels.sms import Answer
from services.notify.domain import (
    Again,
    Gone,
    InHand,
    Needless,
    NotFound,
    Outcome,
    Policy,
    Reach,
    Refused,
    Sent,
    Spent,
    Step,
    Unknown,
)
from shared.hours import PermittedHours, Window
from tests.unit.notify.samples import STOCKHOLM

NOW = datetime(2026, 3, 3, 12, tzinfo=UTC)
POLICY = Policy(
    hours=PermittedHours(window=Window(time(9), time(19)), zone=STOCKHOLM),
    lookup_delay=timedelta(minutes=10),
    sms_parts_a_day=100,
)


def _said(status: int, body: bytes = b"", retry_after: str | None = None) -> Outcome:
    headers = {"Retry-After": retry_after} if retry_after else {}
    return sms.classify(Answer(status=status, headers=headers, body=body), NOW)


@pytest.mark.parametrize(
    ("status", "body", "outcome"),
    [
        (200, b'{"id": "s1", "status": "created"}', Sent),
        (200, b"<html>", Unknown),
        (200, b"{}", Unknown),
        (200, b'{"id": ""}', Unknown),
        (200, b'{"id": 5}', Unknown),
        (200, b'{"id": "s1\\u0000"}', Unknown),
        (200, b'{"id": ["s1"]}', Unknown),
        (200, b'["s1"]', Unknown),
        (200, b"null", Unknown),
        (200, b"\xff\xfe", Unknown),
        (302, b"", Unknown),
        (400, b"Invalid to number", Refused),
        (404, b"", Refused),
        (401, b"", Again),
        (403, b"", Again),
        (429, b"", Again),
        (500, b"", Unknown),
        (502, b"", Unknown),
        (503, b"", Unknown),
    ],
)
def test_only_a_clear_answer_settles_an_sms(status: int, body: bytes, outcome: type[Outcome]) -> None:
    assert isinstance(_said(status, body), outcome)


@pytest.mark.parametrize(
    ("value", "after"),
    [
        ("30", timedelta(seconds=30)),
        ("Tue, 03 Mar 2026 12:02:00 GMT", timedelta(minutes=2)),
        ("999999", timedelta(hours=1)),
        ("Tue, 03 Mar 2026 11:00:00 GMT", timedelta(0)),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
def test_a_provider_may_say_when_to_come_back(status: int, value: str, after: timedelta) -> None:
    answer = _said(status, retry_after=value)
    assert isinstance(answer, Again)
    assert answer.after == after


def test_an_unreadable_retry_after_is_none() -> None:
    assert isinstance(_said(503, retry_after="soon"), Unknown)


_KEY = ConnectionKey("127.0.0.1", 9, is_ssl=False, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None)


def _no_connection(error: OSError) -> aiohttp.ClientConnectorError:
    return aiohttp.ClientConnectorError(_KEY, error)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (_no_connection(ConnectionRefusedError()), Again),
        (_no_connection(socket.gaierror()), Again),
        (aiohttp.ClientConnectorDNSError(_KEY, socket.gaierror()), Again),
        (aiohttp.ClientConnectorSSLError(_KEY, ssl.SSLError()), Again),
        (aiohttp.ClientConnectorCertificateError(_KEY, ssl.CertificateError()), Again),
        (aiohttp.ConnectionTimeoutError(), Again),
        (TimeoutError(), Unknown),
        (aiohttp.SocketTimeoutError(), Unknown),
        (aiohttp.ServerDisconnectedError(), Unknown),
        (aiohttp.ClientOSError(104, "reset"), Unknown),
        (aiohttp.ClientPayloadError(), Unknown),
    ],
)
def test_only_without_a_connection_is_an_sms_certainly_unsent(
    error: aiohttp.ClientError | TimeoutError, outcome: type[Outcome]
) -> None:
    assert isinstance(sms.classify_error(error), outcome)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(550, "", "a@b.se")]), Refused),
        (aiosmtplib.SMTPRecipientsRefused([aiosmtplib.SMTPRecipientRefused(450, "", "a@b.se")]), Again),
        (aiosmtplib.SMTPDataError(552, ""), Refused),
        (aiosmtplib.SMTPDataError(421, ""), Again),
        (aiosmtplib.SMTPSenderRefused(553, "", "a@b.se"), Refused),
        (aiosmtplib.SMTPAuthenticationError(535, ""), Again),
        (aiosmtplib.SMTPConnectResponseError(554, ""), Again),
        (aiosmtplib.SMTPConnectTimeoutError(""), Again),
        (aiosmtplib.SMTPServerDisconnected(""), Again),
        (aiosmtplib.SMTPNotSupported("no SMTPUTF8"), Refused),
        (aiosmtplib.SMTPException("no STARTTLS"), Again),
        (ConnectionRefusedError(), Again),
        (TimeoutError(), Again),
    ],
)
def test_mail_is_refused_only_for_what_it_is(error: Exception, outcome: type[Outcome]) -> None:
    assert isinstance(email.classify(error), outcome)


@pytest.mark.parametrize(
    ("outcome", "counts"),
    [
        (Sent(provider_id="s1"), True),
        (Unknown(why=""), True),
        (Gone(), True),
        (Refused(why="", reason="unknown"), True),
        (Again(why="", perhaps=True), True),
        (Again(why=""), False),
        (Needless(why="superseded"), False),
        (Refused(why="400"), False),
        (NotFound(), False),
    ],
)
def test_what_may_have_left_counts(outcome: Outcome, counts: bool) -> None:  # noqa: FBT001 - a table
    """Fails when an outcome that nobody knows is taken for a refusal."""
    assert domain.may_have_left(outcome) is counts


@pytest.mark.parametrize(
    ("template", "parts", "to_address", "spent", "limit"),
    [
        ("confirmed", 1, 14, 99, None),
        ("confirmed", 1, 15, 0, "flood"),
        ("confirmed", 1, 0, 100, "money"),
        ("confirmed", 2, 0, 99, "money"),
        ("confirmed", 0, 0, 100, None),
        ("confirmed", 0, 15, 0, "flood"),
        ("rescheduled", 1, 15, 0, "flood"),
        ("code_again", 1, 15, 0, "flood"),
        ("session_cancelled", 1, 15, 100, None),
        ("offered", 1, 19, 0, None),  # a seat is kept for whoever must hear of it
        ("offered", 1, 20, 0, "flood"),
        ("offered", 1, 0, 100, "money"),
        ("helper_sign_in", 1, 15, 0, None),  # limited where it is asked for
        ("helper_sign_in", 1, 0, 100, "money"),
    ],
)
def test_limits(template: str, parts: int, to_address: int, spent: int, limit: str | None) -> None:
    """Fails when a mail is stopped by the money stop, and when a cancelled session is not told of."""
    assert domain.broken_limit(template, parts, Spent(to_address=to_address, parts=spent), POLICY) == limit


@pytest.mark.parametrize(
    ("at", "began"),
    [
        ("2026-03-03T00:00:00+01:00", "2026-03-03T00:00:00+01:00"),
        ("2026-03-03T22:59:59+00:00", "2026-03-03T00:00:00+01:00"),
        ("2026-03-29T12:00:00+02:00", "2026-03-29T00:00:00+01:00"),
        ("2026-10-25T23:59:59+01:00", "2026-10-25T00:00:00+02:00"),
    ],
)
def test_a_day_is_a_local_one(at: str, began: str) -> None:
    """Fails when the day begins at midnight UTC, or 24 hours before the next one."""
    assert domain.day_began(datetime.fromisoformat(at), STOCKHOLM) == datetime.fromisoformat(began)


def _conclude(outcome: Outcome, **changes: Any) -> Step:  # noqa: ANN401 - fields of a dataclass
    message: dict[str, Any] = {
        "template": "confirmed",
        "starts_at": NOW + timedelta(days=3),
        "channel": "sms",
        "fallback": None,
        "attempts": 1,
        "repeated": False,
        "due_at": NOW,
    }
    return domain.conclude(InHand(**(message | changes)), outcome, NOW, POLICY)


def _is(step: Step) -> tuple[str, str, timedelta]:
    return step.state, step.channel, step.at - NOW


LONG_AGO = NOW - timedelta(hours=25)
NONE, SECOND, DELAY = timedelta(0), timedelta(seconds=1), timedelta(minutes=10)


@pytest.mark.parametrize(
    ("outcome", "changes", "expected"),
    [
        (Sent(provider_id="s1"), {}, ("sent", "sms", NONE)),
        (Gone(), {}, ("dropped", "sms", NONE)),
        (Needless(why="superseded"), {"fallback": "email"}, ("dropped", "sms", NONE)),
        (Needless(why="begun", state="skipped"), {}, ("skipped", "sms", NONE)),
        (Refused(why="400"), {}, ("failed", "sms", NONE)),
        (Refused(why="400"), {"fallback": "email"}, ("pending", "email", NONE)),
        (Again(why=""), {}, ("pending", "sms", SECOND)),
        (Again(why="", after=timedelta(seconds=30)), {}, ("pending", "sms", timedelta(seconds=30))),
        (Again(why=""), {"attempts": 4}, ("pending", "sms", timedelta(seconds=8))),
        (Again(why=""), {"attempts": 100}, ("pending", "sms", timedelta(minutes=5))),
        (Again(why=""), {"due_at": LONG_AGO}, ("failed", "sms", NONE)),
        (Unknown(why=""), {}, ("unknown", "sms", DELAY)),
        (Unknown(why=""), {"due_at": LONG_AGO}, ("failed", "sms", NONE)),
        (NotFound(), {}, ("pending", "sms", NONE)),
        (NotFound(), {"repeated": True}, ("failed", "sms", NONE)),
        (NotFound(), {"repeated": True, "fallback": "email"}, ("pending", "email", NONE)),
        (NotFound(), {"template": "offered"}, ("pending", "sms", NONE)),
        (NotFound(), {"template": "reminder"}, ("failed", "sms", NONE)),
        (NotFound(), {"template": "reminder", "fallback": "email"}, ("pending", "email", NONE)),
    ],
)
def test_what_follows(outcome: Outcome, changes: dict[str, Any], expected: tuple[str, str, timedelta]) -> None:
    assert _is(_conclude(outcome, **changes)) == expected


def test_a_text_that_was_not_found_is_repeated_once() -> None:
    assert _conclude(NotFound()).repeated
    assert _conclude(Again(why=""), repeated=True).repeated
    assert _conclude(Unknown(why=""), repeated=True).repeated
    assert _conclude(NotFound(), repeated=True).reason == "unknown"


def test_a_retry_keeps_to_permitted_hours() -> None:
    late = datetime(2026, 3, 3, 17, 59, 59, tzinfo=UTC)  # one second to seven in the evening
    message = InHand(
        template="rescheduled",
        starts_at=late + timedelta(days=3),
        channel="sms",
        fallback="email",
        attempts=3,
        repeated=False,
        due_at=late,
    )
    nine = datetime(2026, 3, 4, 8, tzinfo=UTC)
    assert domain.conclude(message, Again(why=""), late, POLICY).at == nine
    assert domain.conclude(message, Refused(why=""), late + timedelta(seconds=1), POLICY).at == nine


@pytest.mark.parametrize(
    ("by", "phone", "mail", "channels"),
    [
        ("sms", True, False, ["sms"]),
        ("sms", True, True, ["sms", "email"]),
        ("proxy", True, False, ["sms"]),
        ("proxy", False, True, ["email"]),
        ("email", False, True, ["email"]),
        ("email", True, True, ["email"]),
        ("call", True, True, []),
        ("none", False, False, []),
    ],
)
def test_how_people_are_reached(by: str, phone: bool, mail: bool, channels: list[str]) -> None:  # noqa: FBT001 - a table
    assert list(Reach(by=cast("domain.By", by), phone=phone, email=mail).channels) == channels


@pytest.mark.parametrize(
    ("state", "receipt", "moves"),
    [
        ("sent", "delivered", True),
        ("sent", "failed", True),
        ("sent", "sent", False),
        ("sent", "created", False),
        ("delivered", "failed", False),
        ("delivered", "sent", False),
        ("failed", "delivered", False),
        ("pending", "delivered", False),
    ],
)
def test_final_states_win(state: str, receipt: str, moves: bool) -> None:  # noqa: FBT001 - a table
    assert domain.receipt_moves(state, cast("domain.Receipt", receipt)) is moves
