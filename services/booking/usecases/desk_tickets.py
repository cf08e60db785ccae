"""The line at the IT host's desk: people draw a number, and are called, served, or give up."""

from datetime import tzinfo
from uuid import UUID

from services.booking.domain import NobodyWaits, TicketOver, UnknownTicket, tickets
from services.booking.domain.tickets import Tap
from services.booking.store import tickets as store
from services.booking.store.tickets import Ticket
from shared.db import Connection


async def draw(conn: Connection, branch: str, zone: tzinfo) -> Ticket:
    """Somebody gets the next number of this library's day: from 1, without gaps, each once."""
    return await store.draw(conn, branch, await store.today(conn, zone))


async def call_next(conn: Connection, branch: str, place: int | None, zone: tzinfo) -> Ticket:
    """Call whoever has waited longest to a desk. Two who call at once call two people.

    Raises:
        NobodyWaits: the line is empty.
    """
    day = await store.today(conn, zone)
    await store.await_turn(conn, branch, day)
    first = await store.first_waiting(conn, branch, day)
    if first is None:
        raise NobodyWaits("nobody waits")
    return await store.keep(conn, first, tickets.called(first.standing), place)


async def tap(conn: Connection, ticket_id: UUID, what: Tap, zone: tzinfo) -> Ticket:
    """Note what became of a number, call it again, or take the last tap back.

    Raises:
        UnknownTicket: there is none.
        TicketOver: it is of another day.
        TicketNotCalled, TicketDone, NothingToUndo: not from where it stands.
    """
    found = await store.find(conn, ticket_id)
    if found is None:
        raise UnknownTicket("there is no such ticket")
    if found.day != await store.today(conn, zone):
        raise TicketOver("this number is of another day")
    await store.await_turn(conn, found.branch_id, found.day)
    ticket = await store.find(conn, ticket_id)
    if ticket is None:
        raise UnknownTicket("there is no such ticket")
    after = tickets.tapped(ticket.standing, what)
    return await store.keep(conn, ticket, after, None if after.state == "waiting" else ticket.place)
