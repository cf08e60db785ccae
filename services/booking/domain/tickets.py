"""Queue tickets: numbers in the hands of people whom nobody knows."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from services.booking.domain.refusals import NothingToUndo, TicketDone, TicketNotCalled

TicketState: TypeAlias = Literal["waiting", "called", "served", "gave-up"]
Tap: TypeAlias = Literal["served", "gave-up", "again", "undo"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Where a ticket stands, and where it stood before the last tap."""

    state: TicketState
    was: TicketState | None = None
    """None where there is nothing to take back."""
    calls: int = 0


def called(ticket: Standing) -> Standing:
    """The next in line is called, or somebody once more."""
    was = ticket.was if ticket.state == "called" else ticket.state
    return Standing(state="called", was=was, calls=ticket.calls + 1)


def tapped(ticket: Standing, tap: Tap) -> Standing:
    """What a tap makes of a ticket; the same tap again changes nothing, but for calling.

    Raises:
        TicketNotCalled: it waits: nobody is served before their number was called.
        TicketDone: it is over in another way: take that back first.
        NothingToUndo: the last tap was taken back, or there was none.
    """
    match tap:
        case "undo":
            if ticket.was is None:
                raise NothingToUndo("there is nothing to take back")
            return Standing(state=ticket.was, calls=ticket.calls)
        case "again":
            if ticket.state == "waiting":
                raise TicketNotCalled("call the next in line: this number has its turn")
            return called(ticket)
        case "served" | "gave-up":
            return _over(ticket, tap)


def _over(ticket: Standing, state: Literal["served", "gave-up"]) -> Standing:
    if ticket.state == state:
        return ticket
    if ticket.state in {"served", "gave-up"}:
        raise TicketDone("this number is over: take that back first")
    if ticket.state == "waiting" and state == "served":
        raise TicketNotCalled("this number was not called yet")
    return replace(ticket, state=state, was=ticket.state)
