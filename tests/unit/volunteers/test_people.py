"""The way to helping, and the register note."""

from datetime import date, timedelta
from itertools import product
from typing import get_args
from uuid import uuid4

import pytest

from services.volunteers.domain.people import (
    STEPS,
    Contact,
    Note,
    State,
    Volunteer,
    changed,
    differing,
    may_follow,
)

STATES: tuple[State, ...] = get_args(State)
CONTACT = Contact(name="Amina", by="sms", phone="+46701740605", email=None, language="sv")
AMINA = Volunteer(
    id=uuid4(), contact_ref=uuid4(), contact=CONTACT, state="active", tasks=("coach",), languages={"ar": "native"}
)


def test_every_step_is_known_and_leads_to_another() -> None:
    assert STEPS.keys() == set(STATES)
    assert not [state for state in STATES if state in STEPS[state]]


def test_nobody_is_active_who_was_not_introduced() -> None:
    """Fails when there is a way to helping that leaves out a talk, an agreement or the introduction."""
    lead_to = {to: {state for state, wanted in product(STATES, STATES) if may_follow(state, wanted) and wanted == to}
               for to in STATES}  # fmt: skip
    assert lead_to["active"] == {"introduction", "paused"}
    assert lead_to["paused"] == {"active"}
    assert lead_to["introduction"] == {"agreement"}
    assert lead_to["agreement"] == {"talk"}
    assert lead_to["interest"] == set()


def test_everybody_can_leave() -> None:
    assert all(may_follow(state, "ended") for state in STATES if state != "ended")


@pytest.mark.parametrize(("days", "counts"), [(-1, False), (0, True), (364, True), (365, False)])
def test_a_note_counts_for_365_days(days: int, counts: bool) -> None:  # noqa: FBT001 - a row of the table
    seen_on = date(2027, 3, 1)
    note = Note(seen_on=seen_on, seen_by="anna")
    assert note.counts_on(seen_on + timedelta(days)) is counts
    assert note.ends_on == date(2028, 2, 29)


def test_a_change_that_changes_nothing_is_none() -> None:
    assert changed(AMINA, {"tasks": ("coach",)}, CONTACT) is AMINA


def test_a_change_raises_the_revision_and_names_its_fields_only() -> None:
    contact = Contact(name="Amina", by="email", phone=None, email="a@example.com", language="sv")
    after = changed(AMINA, {"tasks": (), "hours_a_year": 20}, contact)
    assert after.revision == 2
    assert differing(AMINA, after) == ["tasks", "hours_a_year", "reach", "phone", "email"]
