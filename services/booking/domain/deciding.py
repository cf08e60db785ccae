"""The only place where occupancy is decided."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.booking.domain import desk, door, holds, line, seats
from services.booking.domain.commands import (
    Accept,
    Book,
    BookAtDesk,
    Command,
    Decline,
    End,
    GiveBack,
    Happening,
    Leave,
    MarkAbsent,
    MarkPresent,
    Offered,
    Outcome,
    Publish,
    ReleaseHold,
    SeatStandby,
    Shrink,
    TakeHold,
    Told,
)
from services.booking.domain.session import Session


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """A session afterwards, what became of each command, and what else happened, in that order."""

    session: Session
    outcomes: tuple[Outcome, ...]
    happened: tuple[Happening, ...]

    @property
    def ended(self) -> frozenset[UUID]:
        """The bookings that time has ended meanwhile."""
        return frozenset(one.id for one in self.happened if not isinstance(one, Offered))


def decide(session: Session, commands: Sequence[Command], now: datetime) -> Decision:
    """Apply commands to a session one after the other. Without any, do what time alone does.

    A list, so that requests that wait for the same session can be decided together in one transaction. What is over
    ends before anything is decided, and what became free is offered to those who wait before the next is looked at.
    """
    answered = {command.id: command.at for command in commands if isinstance(command, Accept)}
    outcomes: list[Outcome] = []
    session, happened = _settled(session, answered, now)
    for command in commands:
        session, outcome = _decide_one(session, command, now)
        outcomes.append(outcome)
        session, follows = _settled(session, answered, now)
        happened += follows
    # An offer that the commands took away again, or answered, was never made.
    lasting = tuple(one for one in happened if not isinstance(one, Offered) or session.waiting(one.id))
    return Decision(session=session, outcomes=tuple(outcomes), happened=lasting)


def _settled(session: Session, answered: Mapping[UUID, datetime], now: datetime) -> tuple[Session, list[Happening]]:
    """What follows at once: what is over ends, and free seats are offered."""
    session, ended = line.lapsed(session, answered, now)
    session, offered = line.promoted(session, now)
    return session.counted(), ended + offered


def _decide_one(session: Session, command: Command, now: datetime) -> tuple[Session, Outcome]:  # noqa: C901, PLR0911, PLR0912 - a table
    match command:
        case TakeHold():
            return holds.take_hold(session, command, now)
        case ReleaseHold():
            return holds.release_hold(session, command)
        case Book():
            return seats.book(session, command, now)
        case BookAtDesk():
            return desk.book_at_desk(session, command, now)
        case Shrink():
            return seats.shrink(session, command, now)
        case GiveBack():
            return seats.give_back(session, command, now)
        case Leave():
            return line.leave(session, command)
        case Told():
            return line.told(session, command)
        case Accept():
            return line.accept(session, command)
        case Decline():
            return line.decline(session, command)
        case Publish():
            return seats.publish(session, command)
        case End():
            return seats.end(session, command)
        case MarkAbsent():
            return door.mark_absent(session, command, now)
        case MarkPresent():
            return door.mark_present(session, command)
        case SeatStandby():
            return door.seat_standby(session, command, now)
