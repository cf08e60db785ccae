"""What is said of a time that somebody typed into a form of the plan."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest

from services.web.staff.planning.series import SeriesForm
from services.web.staff.planning.sessions import SessionForm


@pytest.mark.parametrize(
    ("starts", "ends", "wrong"),
    [("17.00", "18.30", []), ("22.00", "00.30", []), ("18.00", "17.00", ["ends"]), ("18.00", "18.00", ["ends"])],
)
def test_an_end_before_the_start_is_a_night_or_a_slip(starts: str, ends: str, wrong: list[str]) -> None:
    """Fails when two swapped times become a term of sessions of 23 hours."""
    today = date(2026, 3, 3).isoformat()
    of, key = str(uuid4()), str(uuid4())
    series = SeriesForm(activity=of, key=key, weekdays=("TU",), first=today, last=today, starts=starts, ends=ends)
    session = SessionForm(activity=of, key=key, day=today, starts=starts, ends=ends)
    assert [fault.field for fault in series.faults()] == wrong
    assert [fault.field for fault in session.faults()] == wrong
