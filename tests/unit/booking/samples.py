"""A session to decide about."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.booking.domain import Command, Decision, Outcome, Refused, Session, Terms, decide

START = datetime(2026, 3, 3, 16, 0, tzinfo=UTC)
BEFORE = START - timedelta(days=3)
TERMS = Terms(
    status="published",
    activity_id=UUID(int=2),
    starts_at=START,
    ends_at=START + timedelta(minutes=90),
    place="branch/kista/",
    branch_id="kista",
    mode="booking",
    counts="persons",
    seats=15,
    walk_in=0,
    queue=8,
    party_max=4,
    late_cancel_hours=24,
    fill_from_hours=24,
    offer_minutes=240,
    reminder_hours=24,
    reconfirm=False,
    booked_by="anyone",
    meeting_link=None,
    meeting_number="",
)


def session(**changes: object) -> Session:
    return Session.new(UUID(int=1), replace(TERMS, **changes), BEFORE)  # type: ignore[arg-type]  # any field of Terms


def after(state: Session, *commands: Command, now: datetime = BEFORE) -> Decision:
    """Decide, and let no command be refused."""
    decision = decide(state, commands, now)
    for outcome in decision.outcomes:
        assert not isinstance(outcome, Refused), outcome.refusal
    return decision


def one(state: Session, command: Command, now: datetime = BEFORE) -> tuple[Session, Outcome]:
    decision = decide(state, [command], now)
    [outcome] = decision.outcomes
    return decision.session, outcome


def refusal(outcome: Outcome) -> type[Exception] | None:
    return type(outcome.refusal) if isinstance(outcome, Refused) else None
