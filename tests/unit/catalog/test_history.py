"""What a change of a session is in words, and several changes as one."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.catalog.domain import Change, Difference, Meeting, Session, Terms, differences
from services.catalog.domain.history import TOLD, UNTOLD, together

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TUESDAY = Session(
    id=UUID(int=1),
    revision=3,
    status="published",
    activity_id=UUID(int=7),
    branch_id="kista",
    place="branch",
    room="",
    starts_at=NOW + timedelta(days=2),
    ends_at=NOW + timedelta(days=2, minutes=90),
    terms=Terms(mode="booking", counts="persons", seats=15, queue=8, party_max=4, children=True),
)


def change(revision: int, field: str, was: int | str | None, is_: int | str | None, by: str = "staff") -> Change:
    difference = Difference(field=field, was=was, is_=is_)
    return Change(revision=revision, difference=difference, at=NOW + timedelta(hours=revision), by=by)  # type: ignore[arg-type] # a plain string


def test_every_field_of_a_session_is_told_or_left_out_on_purpose() -> None:
    """Fails when a field is added that staff would not see changed."""
    own = {field.name for field in fields(Session)} | {field.name for field in fields(Terms)}

    assert {name.removeprefix("capacity.") for name in TOLD} == own - UNTOLD
    assert own > UNTOLD


def test_only_what_differs_is_told_in_the_words_of_the_api() -> None:
    after = replace(
        TUESDAY,
        revision=4,
        starts_at=TUESDAY.starts_at + timedelta(hours=1),
        place="online",
        meeting=Meeting(link="https://meet.example.org/cafe", number="812"),
        theme={"sv": "Mat"},
        terms=replace(TUESDAY.terms, seats=12),
    )

    assert differences(TUESDAY, TUESDAY) == ()
    assert differences(TUESDAY, after) == (
        Difference(field="place", was="branch", is_="online"),
        Difference(field="starts_at", was="2026-03-03T12:00:00Z", is_="2026-03-03T13:00:00Z"),
        Difference(field="theme", was={}, is_={"sv": "Mat"}),
        Difference(field="meeting", was=None, is_={"link": "https://meet.example.org/cafe", "number": "812"}),
        Difference(field="capacity.seats", was=15, is_=12),
    )


def test_several_changes_of_a_field_are_one_from_the_first_to_the_last() -> None:
    """Fails when what was changed back is told, or the newest change is not the one that tells when and who."""
    found = together(
        (
            change(4, "room", "", "A"),
            change(4, "capacity.seats", 15, 12),
            change(5, "room", "A", "B", by="admin"),
            change(6, "capacity.seats", 12, 15),
        )
    )

    assert found == (change(5, "room", "", "B", by="admin"),)
