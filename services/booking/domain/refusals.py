"""What the rules say no with. The class names are the stable problem types; ``field`` is what each is about."""

from typing import TypeAlias


class UnknownSession(Exception):  # noqa: N818 - the domain's word; so for all refusals below
    """There is no such session to book."""

    field = "session_id"


class NotOpen(Exception):  # noqa: N818
    """The session takes no bookings from visitors: one just comes, or the library books."""

    field = "session_id"


class Closed(Exception):  # noqa: N818
    """The session has started, or is no longer held or offered."""

    field = "session_id"


class SoldOut(Exception):  # noqa: N818
    """Fewer seats are left than the party needs."""

    field = "party"


class QueueFull(Exception):  # noqa: N818
    """The waiting list takes nobody more."""

    field = "session_id"


class QueueClosed(Exception):  # noqa: N818
    """So near to the start no seat is offered any more; one may stand by at the door."""

    field = "session_id"


class Unreachable(Exception):  # noqa: N818
    """Who cannot be told that a seat is free cannot wait for one, only stand by at the door."""

    field = "reach.by"


class PartyTooLarge(Exception):  # noqa: N818
    """More people than one booking may hold."""

    field = "party"


class PartyEmpty(Exception):  # noqa: N818
    """Nobody in the party takes a seat as this session counts them."""

    field = "party"


class AdultMissing(Exception):  # noqa: N818
    """Children on their own, where the seats are theirs and an adult comes along."""

    field = "party.adults"


class PartyGrows(Exception):  # noqa: N818
    """More people than the booking is for; who brings more of them books for those as well."""

    field = "party"


class OfferGone(Exception):  # noqa: N818
    """No seat is on offer to this booking: it was answered, went on to somebody else, or was never offered."""

    field = "code"


class OtherActivity(Exception):  # noqa: N818
    """The other session is of another activity, so that changing to it is not the same booking any more."""

    field = "session_id"


class TooEarly(Exception):  # noqa: N818
    """The session must have begun, or have run for some minutes, before this can be said or done."""

    field = "attendance"


class NotSeated(Exception):  # noqa: N818
    """Only who has a seat can be there or be missed."""

    field = "booking_id"


class NotWaiting(Exception):  # noqa: N818
    """Only somebody whom the closed waiting list left without a seat stands by."""

    field = "booking_id"


class NotBegun(Exception):  # noqa: N818
    """How a session went is not known before it begins."""

    field = "session_id"


class NotHeld(Exception):  # noqa: N818
    """People are counted where nothing was held, or it is said to be held where it was cancelled."""

    def __init__(self, field: str, why: str) -> None:
        super().__init__(why)
        self.field = field


class AlreadyClosed(Exception):  # noqa: N818
    """Somebody has closed the session, and said something else of it."""

    field = "session_id"


class NotClosed(Exception):  # noqa: N818
    """Nobody has said yet how the session went."""

    field = "session_id"


class NoCertificate(Exception):  # noqa: N818
    """Only who was there, and is known to have been, gets it in writing, and only where that is offered."""

    field = "code"


class _AboutAnswer(Exception):  # noqa: N818
    """Something about the answer to one question."""

    def __init__(self, question: str, why: str) -> None:
        super().__init__(why)
        self.field = f"answers.{question}"


class UnknownQuestion(_AboutAnswer):
    """Something was answered that this session does not ask for."""


class AnswerMissing(_AboutAnswer):
    """Something was not answered that this session has to know."""


class InvalidAnswer(_AboutAnswer):
    """Not an option, no whole number or too large a one, or no name."""


class DoorsShut(Exception):  # noqa: N818
    """So long before a session nobody has come, so that nobody can be counted."""

    field = "session_id"


class UnknownTicket(Exception):  # noqa: N818
    """There is no such queue ticket."""

    field = "ticket"


class TicketOver(Exception):  # noqa: N818
    """The queue ticket is of another day."""

    field = "ticket"


class TicketNotCalled(Exception):  # noqa: N818
    """Its number has not been called: it has its turn in the line."""

    field = "ticket"


class TicketDone(Exception):  # noqa: N818
    """Its number is over already, in another way."""

    field = "ticket"


class StaleRevision(Exception):  # noqa: N818
    """Somebody else has changed it after it was read; ``members`` tells which revision it has now."""

    field = "revision"

    def __init__(self, revision: int) -> None:
        super().__init__(f"it is at revision {revision}")
        self.members = {"revision": revision}


class NothingToUndo(Exception):  # noqa: N818
    """The last tap on a ticket was taken back, or there was none."""

    field = "ticket"


class NobodyWaits(Exception):  # noqa: N818
    """The line of queue tickets is empty."""

    field = "branch_id"


class UnknownBooking(Exception):  # noqa: N818
    """This session has no such booking."""

    field = "booking_id"


class UnknownSeries(Exception):  # noqa: N818
    """There is no such series, or none of its dates is still to come."""

    field = "series_id"


class NotOneSeries(Exception):  # noqa: N818
    """The dates are not all of one series and one activity, so that they are no series booking."""

    field = "session_ids"


class SeveralTimesADay(Exception):  # noqa: N818
    """The series has several slots on a day: all of them are not what anybody wants."""

    field = "series_id"


class TooManyDates(Exception):  # noqa: N818
    """More dates than are booked in one step."""

    field = "session_ids"


class SeriesCode(Exception):  # noqa: N818
    """The code stands for several dates that were booked together, not for one booking."""

    field = "code"


class AlreadyBooked(Exception):  # noqa: N818
    """This person has a seat in this session, or waits for one."""

    field = "name"


class WrongProof(Exception):  # noqa: N818
    """The code is unknown or the proof does not fit; which of them is not told."""

    field = "proof"


Refusal: TypeAlias = (
    NotOpen
    | Closed
    | SoldOut
    | QueueFull
    | QueueClosed
    | Unreachable
    | PartyTooLarge
    | PartyEmpty
    | AdultMissing
    | PartyGrows
    | OfferGone
    | TooEarly
    | NotSeated
    | NotWaiting
)
"""What :func:`services.booking.domain.decide` may answer a command with."""
