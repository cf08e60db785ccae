from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from services.catalog.domain import (
    Activity,
    Closed,
    Invalid,
    Meeting,
    NewSession,
    Session,
    SessionChange,
    Terms,
    TermsChange,
    adapted,
    cancelled,
    changed,
    planned,
)

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TERMS = Terms(mode="booking", counts="persons", seats=15, queue=8, party_max=4, children=True)
MIXED = Terms(mode="mixed", counts="persons", seats=24, walk_in=8, queue=12, party_max=4, children=True)
CAFE = Activity(
    id=UUID(int=7),
    kind="language_cafe",
    titles={"sv": "Språkcafé"},
    sms_titles={"sv": "Språkcafé"},
    summaries={},
    languages=("sv",),
    level=None,
    minutes=90,
    terms=TERMS,
)
TUESDAY = Session(
    id=UUID(int=1),
    revision=3,
    status="published",
    activity_id=CAFE.id,
    branch_id="kista",
    place="branch",
    room="",
    starts_at=NOW + timedelta(days=2),
    ends_at=NOW + timedelta(days=2, minutes=90),
    terms=TERMS,
)
NOTHING = TermsChange()
ROOM = Meeting(link="https://meet.example.org/cafe", number="812 340 018")
ONLINE = replace(TUESDAY, place="online", meeting=ROOM)


def new(**values: object) -> NewSession:
    wish = NewSession(id=UUID(int=1), activity_id=CAFE.id, branch_id="kista", starts_at=NOW + timedelta(days=2))
    return replace(wish, **values)  # type: ignore[arg-type] # each caller gives a field its own type


def change(session: Session = TUESDAY, terms: TermsChange = NOTHING, **values: object) -> Session:
    return changed(session, SessionChange(**values), terms, NOW)  # type: ignore[arg-type] # as in new()


def test_a_session_takes_its_length_and_terms_from_its_activity() -> None:
    session = planned(new(), CAFE, NOW)

    assert session.ends_at - session.starts_at == timedelta(minutes=90)
    assert session.terms == TERMS
    assert session.revision == 1


def test_a_session_may_differ_from_its_activity() -> None:
    session = planned(new(terms=TermsChange(mode="mixed", seats=24, walk_in=8)), CAFE, NOW)

    assert (session.terms.mode, session.terms.seats, session.terms.walk_in, session.terms.queue) == ("mixed", 24, 8, 8)


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"starts_at": NOW}, "starts_at"),
        ({"starts_at": NOW - timedelta(days=1)}, "starts_at"),
        ({"starts_at": NOW + timedelta(days=731)}, "starts_at"),
        ({"ends_at": NOW + timedelta(days=2)}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=1)}, "ends_at"),
        ({"ends_at": NOW + timedelta(days=3, seconds=1)}, "ends_at"),
        ({"terms": TermsChange(mode="mixed", seats=5, walk_in=6)}, "capacity.walk_in"),
        ({"terms": TermsChange(walk_in=1)}, "capacity.walk_in"),
        ({"terms": TermsChange(mode="drop_in", queue=1)}, "capacity.queue"),
        ({"terms": TermsChange(counts="children", children=False)}, "children"),
        ({"terms": TermsChange(fill_from_hours=-1)}, "fill_from_hours"),
        ({"terms": TermsChange(fill_from_hours=337)}, "fill_from_hours"),
        ({"terms": TermsChange(reminder_hours=-1)}, "reminder_hours"),
        ({"terms": TermsChange(reminder_hours=337)}, "reminder_hours"),
        ({"terms": TermsChange(offer_minutes=14)}, "offer_minutes"),
        ({"terms": TermsChange(offer_minutes=1441)}, "offer_minutes"),
        ({"terms": TermsChange(reminder_hours=0, reconfirm=True)}, "reconfirm"),
        ({"theme": {"en": "Food"}}, "theme"),
        ({"theme": {"sv": ""}}, "theme"),
        ({"meeting": ROOM}, "meeting"),
        ({"meeting": ROOM, "place": "outreach"}, "meeting"),
    ],
)
def test_a_session_that_cannot_be_names_the_field(values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refusal:
        planned(new(**values), CAFE, NOW)

    assert refusal.value.field == field


def test_a_reserve_and_a_queue_go_with_the_mode_that_had_them() -> None:
    booking = adapted(MIXED, TermsChange(mode="booking"))
    drop_in = adapted(MIXED, TermsChange(mode="drop_in"))

    assert (booking.walk_in, booking.queue) == (0, 12)
    assert (drop_in.walk_in, drop_in.queue) == (0, 0)


def test_who_waits_and_is_reminded_goes_by_the_activity_s_terms_unless_the_session_differs() -> None:
    """Fails when one of the terms is not handed on, or the limits are off by one."""
    theirs = replace(
        CAFE, terms=replace(TERMS, fill_from_hours=72, offer_minutes=15, reminder_hours=336, reconfirm=True)
    )
    other = TermsChange(fill_from_hours=0, offer_minutes=1440, reminder_hours=1, reconfirm=False)

    kept, differing = planned(new(), theirs, NOW).terms, planned(new(terms=other), theirs, NOW).terms

    assert (kept.fill_from_hours, kept.offer_minutes, kept.reminder_hours, kept.reconfirm) == (72, 15, 336, True)
    assert differing == replace(TERMS, fill_from_hours=0, offer_minutes=1440, reminder_hours=1)


def test_nobody_asks_whether_people_come_where_no_reminder_does() -> None:
    """Fails when a session without reminders is refused because its kind would ask by them."""
    asking = replace(TERMS, reconfirm=True)

    assert adapted(asking, TermsChange(reminder_hours=0)) == replace(TERMS, reminder_hours=0)
    assert adapted(asking, TermsChange(reminder_hours=48)).reconfirm


def test_a_change_raises_the_revision_by_one() -> None:
    assert change(room="Hörsalen").revision == 4


def test_a_change_of_nothing_is_the_same_session() -> None:
    assert change() is TUESDAY
    assert change(room="", starts_at=TUESDAY.starts_at, terms=TermsChange(seats=15)) is TUESDAY


@pytest.mark.parametrize("values", [{}, {"room": "A"}, {"status": "published"}])
def test_a_cancelled_session_does_not_change(values: dict[str, Any]) -> None:
    with pytest.raises(Closed):
        change(cancelled(TUESDAY, "illness", NOW), **values)


def test_a_session_that_is_over_does_not_change() -> None:
    over = replace(TUESDAY, starts_at=NOW - timedelta(hours=2), ends_at=NOW)

    with pytest.raises(Closed):
        change(over, room="A")
    with pytest.raises(Closed):
        cancelled(over, "staff", NOW)


def test_a_session_that_has_begun_keeps_its_start_but_may_change_otherwise() -> None:
    begun = replace(TUESDAY, starts_at=NOW - timedelta(hours=1), ends_at=NOW + timedelta(hours=1))

    assert change(begun, terms=TermsChange(seats=20)).terms.seats == 20
    with pytest.raises(Closed):
        change(begun, starts_at=NOW + timedelta(minutes=30))
    with pytest.raises(Invalid) as refusal:
        change(begun, ends_at=NOW - timedelta(minutes=1))
    assert refusal.value.field == "ends_at"


def test_a_session_cannot_move_into_the_past() -> None:
    with pytest.raises(Invalid) as refusal:
        change(starts_at=NOW - timedelta(minutes=1))

    assert refusal.value.field == "starts_at"


@pytest.mark.parametrize(
    ("before", "after", "allowed"),
    [
        ("draft", "published", True),
        ("draft", "withdrawn", False),
        ("published", "withdrawn", True),
        ("published", "draft", False),
        ("withdrawn", "published", True),
        ("withdrawn", "draft", False),
    ],
)
def test_a_session_goes_through_its_statuses_in_order(before: str, after: str, allowed: bool) -> None:  # noqa: FBT001 - a column of the table
    session = replace(TUESDAY, status=before)  # type: ignore[arg-type] # the table holds plain strings

    if allowed:
        assert change(session, status=after).status == after
    else:
        with pytest.raises(Invalid) as refusal:
            change(session, status=after)
        assert refusal.value.field == "status"


def test_a_withdrawn_session_changes_only_when_it_is_published_again() -> None:
    withdrawn = replace(TUESDAY, status="withdrawn")

    with pytest.raises(Invalid) as refusal:
        change(withdrawn, room="A")
    assert refusal.value.field == "status"
    assert change(withdrawn, room="A", status="published").room == "A"


def test_cancelling_twice_keeps_the_first_reason() -> None:
    once = cancelled(TUESDAY, "illness", NOW)

    assert (once.status, once.cancel_reason, once.revision) == ("cancelled", "illness", 4)
    assert cancelled(once, "staff", NOW) is once


def test_who_may_book_comes_from_the_activity_unless_the_session_differs() -> None:
    """Fails when the terms of a session leave out who books."""
    shift = replace(CAFE, terms=replace(TERMS, booked_by="staff"))

    assert planned(new(), shift, NOW).terms.booked_by == "staff"
    assert planned(new(terms=TermsChange(booked_by="anyone")), shift, NOW).terms.booked_by == "anyone"
    assert planned(new(), CAFE, NOW).terms.booked_by == "anyone"


def test_a_session_has_its_own_theme_and_loses_it_only_when_that_is_asked() -> None:
    """Fails when a theme is dropped by another change, cannot be taken away, or is not kept at planning."""
    food = {"sv": "Mat", "en": "Food"}
    session = planned(new(theme=food), CAFE, NOW)

    assert session.theme == food
    assert change(session, room="A").theme == food
    assert change(session, theme={"sv": "Väder"}).theme == {"sv": "Väder"}
    assert change(session, theme={}).theme == {}
    with pytest.raises(Invalid) as refusal:
        change(session, theme={"en": "Food"})
    assert refusal.value.field == "theme"


def test_an_online_session_has_a_meeting_and_leaves_it_behind_in_the_house() -> None:
    """Fails when a meeting is lost by another change, or stays with a session that is online no more."""
    assert planned(new(place="online", meeting=ROOM), CAFE, NOW).meeting == ROOM
    assert planned(new(place="online"), CAFE, NOW).meeting is None
    assert change(ONLINE, room="A").meeting == ROOM
    assert change(ONLINE, place="branch").meeting is None
    assert change(TUESDAY, place="online", meeting=ROOM).meeting == ROOM
    for place in ("branch", "outreach"):
        with pytest.raises(Invalid) as refusal:
            change(ONLINE, place=place, meeting=ROOM)
        assert refusal.value.field == "meeting"


@pytest.mark.parametrize(
    "link",
    [
        "http://meet.example.org/cafe",
        "HTTPS://meet.example.org/cafe",
        "meet.example.org/cafe",
        "https://",
        "https:///cafe",
        "https://meet.example.org/a cafe",
        "https://meet.example.org/caf\u00e9",
        "https://meet.example.org/\ncafe",
        "https://bank.example@meet.example.org/",
        "https://meet.example.org:port/",
        "https://[meet/",
        "javascript:alert(1)//https://",
        "https://meet.example.org/" + "x" * 500,
        "",
    ],
)
def test_a_link_that_is_not_plainly_secure_is_refused(link: str) -> None:
    """Fails when a link is taken that browsers warn of, that hides where it leads, or that no database row may hold."""
    with pytest.raises(Invalid) as refusal:
        change(ONLINE, meeting=Meeting(link=link))

    assert refusal.value.field == "meeting.link"


@pytest.mark.parametrize("number", ["1" * 25, "812  340", " 812", "812 ", "812-340", "room", "٨١٢"])
def test_a_meeting_number_is_what_one_can_type(number: str) -> None:
    """Fails when a number is taken that does not fit an SMS or a keypad."""
    with pytest.raises(Invalid) as refusal:
        change(ONLINE, meeting=replace(ROOM, number=number))

    assert refusal.value.field == "meeting.number"


def test_a_meeting_may_have_no_number_and_a_link_a_port_and_a_query() -> None:
    """Fails when the rule for links is so strict that real meeting programs do not pass."""
    for link in ("https://meet.example.org:8443/j/1?pwd=a%20b", "https://MEET.EXAMPLE.ORG", "https://[2001:db8::1]/x"):
        assert change(ONLINE, meeting=Meeting(link=link)).meeting == Meeting(link=link)
    assert change(ONLINE, meeting=Meeting(link=ROOM.link, number="1" * 24)).meeting is not None
