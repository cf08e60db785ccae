"""What is told of an event, what that makes needless, and what is true no more when its turn comes."""

from typing import TypeVar, get_args
from uuid import uuid4

import pytest

from services.notify import messages
from services.notify.domain import Circumstances, must_be_called, needless
from services.notify.messages import ASKING, ENDING, TEMPLATES, Draft, Parameters, Template
from shared.events import (
    BookingCancellation,
    BookingConfirmation,
    BookingQueue,
    BookingReminder,
    BookingState,
    Standing,
)

S = TypeVar("S", bound=BookingState)

LIVE = {"confirmed", "queued", "offered"}
STANDINGS = sorted({*get_args(Standing), "proposed", "accepted", "released", "done", "news"})
NEWS: set[Template] = {
    "helper_sign_in",
    "helper_register_note",
    "helper_alarm",
    "helper_handed_over",
    "helper_welcome",
}


def data(kind: type[S], **more: object) -> S:
    """What an event says of a booking for two."""
    usual: dict[str, object] = {
        "booking_id": uuid4(),
        "revision": 1,
        "session_id": uuid4(),
        "contact_ref": uuid4(),
        "language": "sv",
        "adults": 1,
        "children": 1,
        "seats": 2,
    }
    return kind.model_validate(usual | more)


def draft(template: Template, **parameters: object) -> Draft:
    return Draft(template=template, parameters=Parameters.model_validate({"persons": 1, **parameters}))


@pytest.mark.parametrize(
    ("how", "template", "silent"),
    [("booked", "confirmed", False), ("offer", "accepted", False), ("door", "accepted", True)],
)
def test_a_seat_is_told_by_how_somebody_came_to_it(how: str, template: str, silent: bool) -> None:  # noqa: FBT001 - a table
    """Fails when who was let in at the door gets an SMS about it."""
    made = messages.confirmed(data(BookingConfirmation, how=how))
    assert (made.template, made.silent, made.parameters.persons) == (template, silent, 2)


def test_what_a_text_needs_is_taken_from_the_event() -> None:
    assert messages.queued(data(BookingQueue, position=7)).parameters.position == 7
    assert messages.reminder(data(BookingReminder, reconfirm=True)).parameters.reconfirm
    waited = messages.cancelled(data(BookingCancellation, was="queued", by="staff"))
    assert (waited.template, waited.parameters.was, waited.parameters.by) == ("cancelled", "queued", "staff")
    off = messages.cancelled(data(BookingCancellation, was="offered", reason="session_cancelled", by="library"))
    assert (off.template, off.parameters.was, off.parameters.by) == ("session_cancelled", "offered", None)
    for ended in (messages.declined(data(BookingState)), messages.offer_expired(data(BookingState))):
        assert ended.parameters.was == "offered"


def test_what_versions_without_a_waiting_list_told_is_still_understood() -> None:
    """Fails when a booking of theirs is nothing at all, or stands after it was cancelled."""
    assert messages.standing(data(BookingState)) == "confirmed"
    assert messages.standing(data(BookingCancellation, by="visitor")) == "cancelled"
    assert messages.standing(data(BookingState, state="offered")) == "offered"


SUPERSEDED: dict[Template, set[Template]] = {
    "confirmed": set(),
    "accepted": {"queued", "offered"},
    "queued": set(),
    "offered": {"queued", "offered"},
    "moved": set(ASKING),
    "reminder": {"reminder"},
    "shrunk": {"shrunk"},
    "code_again": {"code_again"},
    "rescheduled": {"rescheduled"},
    "announced": set(),
    "series_booked": set(),
    "series_rescheduled": {"series_rescheduled"},
    "helper_found": {"helper_missing"},
    "helper_missing": {"helper_found"},
    "assignment_accepted": {"assignment_proposed"},
    "shift_accepted": {"shift_proposed"},
    "assignment_reminder": {"assignment_reminder"},
    "assignment_rescheduled": {"assignment_rescheduled"},
    "assignment_proposed": set(),
    "shift_proposed": set(),
    **{template: set() for template in NEWS},
    **{template: set(ASKING) for template in ENDING},
}


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_what_newer_news_make_needless(template: Template) -> None:
    """Fails when an offer that was answered is still made, or a booking that ended still spoken of."""
    assert draft(template).supersedes == SUPERSEDED[template]


def test_each_announcement_is_news_of_its_own() -> None:
    """Fails when what staff tell first is lost because they told something else since."""
    late, lift = (draft("announced", announcement=key) for key in ("starts_later", "lift_broken"))
    assert not late.tells_like(lift)
    assert late.tells_like(draft("announced", announcement="starts_later"))


def test_dates_booked_or_given_back_together_are_told_together() -> None:
    """Fails when somebody gets a message for each Tuesday, and when the news of one date alone is kept from them."""
    series = uuid4()
    assert messages.confirmed(data(BookingConfirmation, series_booking_id=series)).silent
    assert messages.cancelled(data(BookingCancellation, by="visitor", series_booking_id=series)).silent
    assert not messages.cancelled(data(BookingCancellation, by="visitor")).silent
    off = data(BookingCancellation, by="library", reason="session_cancelled", series_booking_id=series)
    assert not messages.cancelled(off).silent


def test_a_new_time_has_a_reminder_of_its_own() -> None:
    """Fails when somebody is reminded of a time that is no longer, and when a new room takes a reminder away."""
    assert "reminder" in draft("rescheduled", changed=("place", "time")).supersedes
    assert "reminder" not in draft("rescheduled", changed=("place",)).supersedes


def test_who_is_let_in_at_the_door_is_told_nothing_older() -> None:
    assert Draft(template="accepted", parameters=Parameters(persons=1), silent=True).supersedes == TEMPLATES


END_OF_HELPING: set[Template] = {"assignment_released", "assignment_declined", "shift_cancelled"}
TRUE_WHILE: dict[Template, set[str]] = {
    "confirmed": {"confirmed"},
    "accepted": {"confirmed"},
    "moved": {"confirmed"},
    "reminder": {"confirmed"},
    "queued": {"queued"},
    "offered": {"offered"},
    "shrunk": LIVE,
    "code_again": LIVE,
    "rescheduled": LIVE,
    "announced": LIVE,
    "series_booked": {"confirmed"},
    "series_rescheduled": {"confirmed"},
    "helper_found": {"confirmed"},
    "helper_missing": {"confirmed"},
    "assignment_proposed": {"proposed"},
    "shift_proposed": {"proposed"},
    "assignment_accepted": {"accepted"},
    "shift_accepted": {"accepted"},
    "assignment_reminder": {"accepted"},
    "assignment_rescheduled": {"proposed", "accepted"},
    **{template: set(STANDINGS) for template in NEWS | ENDING},
}


def now(**changes: object) -> Circumstances:
    usual: dict[str, object] = {
        "standing": "confirmed",
        "ended": False,
        "left": False,
        "session_status": "published",
        "begun": False,
    }
    return Circumstances(**(usual | changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("standing", STANDINGS)
@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_only_what_is_still_so_is_told(template: Template, standing: str) -> None:
    """Fails when an offer is made to somebody who has the seat, or who waits is told that they are booked."""
    found = needless(template, now(standing=standing))
    assert (found is None) is (standing in TRUE_WHILE[template])
    assert found is None or (found.state, found.why) == ("dropped", "superseded")


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_nothing_is_promised_of_a_session_that_is_cancelled(template: Template) -> None:
    """Fails when it is, and when the cancellation itself, or that somebody gave a seat back, is not told."""
    standing = min(TRUE_WHILE[template])
    told = needless(template, now(standing=standing, session_status="cancelled")) is None
    of_many = {"series_booked", "series_rescheduled", "series_cancelled"}
    ends = {"cancelled", "session_cancelled", "declined"} | END_OF_HELPING
    assert told is (template in ends | NEWS | of_many)
    assert needless(template, now(standing=standing, session_status="withdrawn")) is None


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_what_was_told_of_a_session_that_somebody_left_is_not_told_any_more(template: Template) -> None:
    told = needless(template, now(standing=min(TRUE_WHILE[template]), left=True)) is None
    assert told is (template in ENDING | NEWS)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_nothing_is_told_after_the_end(template: Template) -> None:
    assert needless(template, now(standing=min(TRUE_WHILE[template]), ended=True))


CALLED = {
    "offered",
    "offer_expired",
    "rescheduled",
    "series_rescheduled",
    "announced",
    "session_cancelled",
    "helper_missing",
    "assignment_proposed",
    "shift_proposed",
    "assignment_released",
    "shift_cancelled",
    "assignment_rescheduled",
    "helper_register_note",
    "helper_alarm",
    "helper_handed_over",
}
"""Also what somebody who helps is asked or told: that it does not arrive is what makes it go on to the next."""


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_who_gets_no_messages_hears_by_voice_what_happened_without_them(template: Template) -> None:
    """Fails when somebody without a phone stands before a closed door, or is rung up about what they did themselves."""
    given_back = {"cancelled", "series_cancelled"}
    assert must_be_called(template, None) is (template in CALLED)
    assert must_be_called(template, "visitor") is (template in CALLED)
    assert must_be_called(template, "staff") is (template in CALLED | given_back)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_nobody_is_reminded_of_what_has_begun(template: Template) -> None:
    """Fails when a reminder that waited for the morning comes while they sit there."""
    found = needless(template, now(standing=min(TRUE_WHILE[template]), begun=True))
    late = template in {
        "reminder",
        "offer_expired",
        "announced",
        "helper_found",
        "helper_missing",
        "assignment_proposed",
        "shift_proposed",
        "assignment_reminder",
        "helper_alarm",
    }
    assert ((found.state, found.why) if found else None) == (("skipped", "begun") if late else None)


@pytest.mark.parametrize("template", sorted(TEMPLATES))
def test_the_end_is_no_news_to_a_volunteer_who_never_heard_that_they_were_asked(template: Template) -> None:
    """Fails when somebody is told that they need not come to what they were never asked for."""
    found = needless(template, now(standing=min(TRUE_WHILE[template]), unaware=True))
    assert (found and found.why) == ("unaware" if template in END_OF_HELPING else None)


def test_news_is_not_told_after_its_time() -> None:
    """Fails when a code that signs nobody in any more is sent."""
    assert needless("helper_sign_in", now(standing="news", out_of_date=True))
    assert not needless("helper_sign_in", now(standing="news"))
