"""What message that did not arrive makes a call, and until when."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest

from services.booking.domain.calls import Call, Circumstances, Outcome, ends, needs_call, of_use, replaces

SESSION = uuid4()
FIRST, SECOND, THIRD = (UUID(int=number) for number in (1, 2, 3))
NOW = Circumstances(session_id=SESSION, state="confirmed", offer_told=False, told_by=None, begun=False)


def call(template: str, message: UUID | None = SECOND) -> Call:
    return Call(message_id=message, template=template, session_id=SESSION)


@pytest.mark.parametrize(
    "template", ["offered", "offer_expired", "rescheduled", "session_cancelled", "announced", "helper_missing"]
)
@pytest.mark.parametrize("reason", ["refused", "unreachable", "unknown", "no_address", "limit"])
@pytest.mark.parametrize("by", ["sms", "email", "proxy", "call", "none"])
def test_what_nobody_can_know_is_told_by_voice_whatever_the_reason(template: str, reason: str, by: str) -> None:
    assert needs_call(template, reason, by)


@pytest.mark.parametrize("template", ["reminder", "shrunk", "code_again", "declined", "cancelled", "moved"])
def test_what_they_did_themselves_and_reminders_need_no_call(template: str) -> None:
    assert not needs_call(template, "unreachable", "sms")


@pytest.mark.parametrize(
    ("reason", "by", "needed"),
    [
        ("refused", "sms", True),
        ("unreachable", "email", True),
        ("limit", "sms", False),
        ("unknown", "sms", False),
        ("no_address", "call", False),
        ("refused", "none", False),
    ],
)
def test_a_confirmation_that_fails_tells_that_the_number_does_not_work(reason: str, by: str, needed: bool) -> None:  # noqa: FBT001
    assert needs_call("confirmed", reason, by) is needed


@pytest.mark.parametrize(
    ("template", "now", "use"),
    [
        ("rescheduled", NOW, True),
        ("rescheduled", replace(NOW, begun=True), False),
        ("rescheduled", replace(NOW, session_id=uuid4()), False),
        ("rescheduled", replace(NOW, told_by=FIRST), True),
        ("rescheduled", replace(NOW, told_by=THIRD), False),
        ("rescheduled", replace(NOW, state="cancelled"), False),
        ("announced", replace(NOW, told_by=THIRD), True),
        ("announced", replace(NOW, state="cancelled"), False),
        ("helper_missing", NOW, True),
        ("helper_missing", replace(NOW, told_by=THIRD), False),
        ("helper_missing", replace(NOW, state="cancelled"), False),
        ("session_cancelled", NOW, False),
        ("session_cancelled", replace(NOW, state="cancelled"), True),
        ("session_cancelled", replace(NOW, state="cancelled", begun=True), False),
        ("offered", replace(NOW, state="offered"), True),
        ("offered", replace(NOW, state="offered", offer_told=True), False),
        ("offered", NOW, False),
        ("offer_expired", NOW, False),
        ("offer_expired", replace(NOW, state="expired"), True),
        ("rescheduled", replace(NOW, state="offered", told_by=THIRD), True),
    ],
)
def test_a_call_is_of_use_while_it_is_so_and_nothing_else_has_told_it(
    template: str,
    now: Circumstances,
    use: bool,  # noqa: FBT001 - a column of the table
) -> None:
    assert of_use(call(template), now) is use


def test_a_call_without_a_message_is_told_by_the_next_one() -> None:
    assert of_use(call("rescheduled", None), NOW)
    assert not of_use(call("rescheduled", None), replace(NOW, told_by=FIRST))


def test_the_newest_reason_stands_but_an_offer_comes_first() -> None:
    offered = replace(NOW, state="offered")
    assert replaces(call("rescheduled", THIRD), call("announced", SECOND), NOW)
    assert not replaces(call("rescheduled", FIRST), call("announced", SECOND), NOW)
    assert not replaces(call("rescheduled", THIRD), call("offered", SECOND), offered)
    assert replaces(call("offered", THIRD), call("rescheduled", SECOND), offered)
    assert replaces(call("rescheduled", THIRD), call("offered", SECOND), replace(offered, offer_told=True))


@pytest.mark.parametrize(
    ("outcome", "news", "offer"),
    [
        ("reached", True, True),
        ("told_at_door", True, True),
        ("left_message", True, False),
        ("no_answer", False, False),
        ("wrong_number", False, False),
    ],
)
def test_who_was_told_is_done_with(outcome: Outcome, news: bool, offer: bool) -> None:  # noqa: FBT001
    assert ends(outcome, NOW) is news
    assert ends(outcome, replace(NOW, state="offered")) is offer
