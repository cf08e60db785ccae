"""The event contract: every event, its version and its data, and who listens to what.

CloudEvents 1.0 in structured JSON. Within a version fields are only ever added, with a default;
anything else is a new version beside the old one. Ids and facts only: never a name, a phone number,
an address or a booking code. A golden sample of each version lives in ``tests/contract/golden``.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Literal, Self
from uuid import UUID

from pydantic import AwareDatetime, Field, TypeAdapter

from shared import tracing
from shared.ids import new_id
from shared.models import Model

EXCHANGE = "plats.events"
CONTENT_TYPE = "application/cloudevents+json"
PREFIX = "plats."

KEPT_DAYS = 30
"""How long producers remember what they told, and consumers what they heard: longer than any queue, retry or replay."""

Titles = Mapping[str, str]
"""A text per language, keyed by language tag; ``sv`` is always there."""


class Event(Model):
    """The envelope. A subclass fixes ``type`` and the shape of ``data``."""

    specversion: Literal["1.0"] = "1.0"
    id: UUID
    source: str
    type: str
    subject: str
    time: AwareDatetime
    datacontenttype: Literal["application/json"] = "application/json"
    traceparent: str | None = None

    @property
    def routing_key(self) -> str:
        """The type without the common prefix."""
        return self.type.removeprefix(PREFIX)

    @classmethod
    def of(cls, subject: UUID, data: Model) -> Self:
        """Make a new event about ``subject``, marked with the trace it happens in."""
        kind: str = cls.model_fields["type"].default
        return cls.model_validate(
            {
                "id": new_id(),
                "source": source_of(kind),
                "type": kind,
                "subject": str(subject),
                "time": datetime.now(UTC),
                "traceparent": tracing.traceparent(),
                "data": data,
            },
        )


class Branch(Model):
    """The hosting library, as messages and slips need it."""

    id: str
    name: str
    sms_name: str
    """At most 16 characters, so that a confirmation fits one SMS."""
    phone: str
    address: str = ""


class Capacity(Model):
    """Seats as staff set them: ``seats`` includes the ``walk_in`` reserve; ``queue`` is the waiting list's length."""

    seats: int
    walk_in: int = 0
    queue: int = 0


class Option(Model):
    """One of the answers that a question allows."""

    id: str
    labels: Titles


class Question(Model):
    """Something a booking is asked for beyond who comes and how to reach them.

    ``choice`` and ``choices`` take the ids of options, ``number`` an integer, ``name`` one short line: what a school or
    a class is called. There is no free text.
    """

    id: str
    type: Literal["choice", "choices", "number", "name"]
    labels: Titles
    hints: Titles = Field(default_factory=dict)
    required: bool = True
    options: tuple[Option, ...] = ()
    most: int | None = None
    """The largest number."""
    counted: bool = True
    """Whether answers are counted for the figures; a ``name`` never is."""


class Policies(Model):
    """How a session may be booked. Values travel with the session, so nobody downstream knows kinds."""

    party_max: int = 4
    """Persons in one booking."""
    children: bool = False
    """Whether children are counted apart and may be booked."""
    late_cancel_hours: int = 24
    """A cancellation nearer to the start than this is classed as late."""
    fill_from_hours: int = 24
    """From so long before the start a seat goes to the first party of the waiting list that fits; before that only
    to its head."""
    offer_minutes: int = 240
    """How long an offer of a seat may be answered, where the start is far away."""
    reminder_hours: int = 24
    """How long before the start people are reminded, by the clock on the wall; 0 is never."""
    reconfirm: bool = False
    """Whether the reminder of a full session asks everybody to say that they come."""
    booked_by: Literal["anyone", "staff"] = "anyone"
    """Who takes the seats: anybody for themselves, or the library for those it has an agreement with."""
    ask: tuple[Question, ...] = ()
    """What a booking is asked for; nothing else is taken."""
    certificate: bool = False
    """Whether who was there may have it in writing."""


Task = Literal["coach", "homework", "host", "story", "friend"]
"""What volunteers do: show one visitor how, help with homework, sit at a language café's table, read stories, or help
in the hours without staff."""


class Helping(Model):
    """Which helpers a session needs."""

    needed: int = 0
    """How many, as staff set it: more are not put on duty."""
    task: Task
    matched: bool = False
    """Whether each booking is one helper's: then who it is is found and asked for each."""
    register_note: bool = False
    """Whether it is work with children, for which a note in force that the police register's extract was seen is a
    condition (lag 2013:852)."""


class Meeting(Model):
    """How one gets into an online session. Only those who have a seat learn it."""

    link: str
    """An https address, for mails and pages; never in an SMS."""
    number: str = ""
    """What one types into the meeting program instead of following the link."""


class SessionState(Model):
    """A session in full, as catalog has it; sent again on each change."""

    session_id: UUID
    revision: int
    kind: str
    activity_id: UUID
    titles: Titles
    sms_titles: Titles
    """At most 14 characters each."""
    place: Literal["branch", "online", "outreach"]
    branch: Branch
    room: str = ""
    languages: tuple[str, ...] = ()
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    mode: Literal["booking", "drop_in", "mixed"]
    capacity: Capacity
    counts: Literal["persons", "children", "bookings"]
    policies: Policies = Policies()
    meeting: Meeting | None = None
    series_id: UUID | None = None
    """The series it is a date of: who books all of it books these."""
    sitting_id: UUID | None = None
    """What it is a slot of: slots of one sitting follow each other, and each is a session of its own."""
    opens_at: AwareDatetime | None = None
    """From when newcomers may book; None: always."""
    closes_at: AwareDatetime | None = None
    """From when they may no longer; None: the start."""
    capacity_from: Literal["session", "staffing"] = "session"
    """What makes the seats: staff's number, or as many helpers as are on duty, up to that number."""
    helping: Helping | None = None
    """Which helpers it needs; None where it needs none."""


class SessionClosing(Model):
    """How a session went, as the national statistics and the municipality's follow-up ask for it. Nobody's name."""

    session_id: UUID
    revision: int
    """Raised when staff correct it."""
    held: bool
    adults: int
    children: int
    """Up to 17 years."""
    staff_involved: bool
    organiser: Literal["library", "library_with_partner", "other_municipal", "external"]
    place: Literal["branch", "outreach", "online"]
    closed_group: bool
    """Whether it was known beforehand who would come."""


class SessionClosed(Event):
    """Staff closed a session, or corrected how it went: it is not changed any more."""

    type: Literal["plats.session.closed.v1"] = "plats.session.closed.v1"
    data: SessionClosing


class SessionPublished(Event):
    """A session is offered, or what is offered changed."""

    type: Literal["plats.session.published.v1"] = "plats.session.published.v1"
    data: SessionState


class SessionRef(Model):
    """A session that is no longer on offer."""

    session_id: UUID
    revision: int


class SessionWithdrawn(Event):
    """A session was taken out of the programme: no new bookings, those who have a seat keep it."""

    type: Literal["plats.session.withdrawn.v1"] = "plats.session.withdrawn.v1"
    data: SessionRef


class SessionCancellation(SessionRef):
    """A session that will not be held; ``reason`` is a word from a closed list, never free text."""

    reason: Literal["illness", "staff", "premises", "too_few", "other"]
    rest_of_series: bool = False
    """Whether what is to come of its series after it is cancelled with it."""


class SessionCancelled(Event):
    """A session will not be held."""

    type: Literal["plats.session.cancelled.v1"] = "plats.session.cancelled.v1"
    data: SessionCancellation


Standing = Literal["confirmed", "queued", "offered", "cancelled", "declined", "expired", "closed"]
"""What a booking is: a seat, a place in the waiting list, a seat on offer; or over, and why."""


class BookingState(Model):
    """A booking as far as others may know it."""

    booking_id: UUID
    revision: int
    session_id: UUID
    contact_ref: UUID
    language: str
    adults: int
    children: int
    seats: int
    """What the booking takes of the capacity, as the session counts it, or would take."""
    state: Standing | None = None
    """What it is after this; None from a version that did not tell."""
    topic: str | None = None
    """What they want help with, where the session asks: one of its answers' ids."""
    help_language: str | None = None
    """In which language, where the session asks."""


class BookingConfirmation(BookingState):
    """A booking that has its seats, and how it came to them."""

    how: Literal["booked", "offer", "door"] = "booked"
    """``offer`` is the waiting list's; ``door`` is by hand after the start, and nobody needs to be told."""
    series_booking_id: UUID | None = None
    """One of several dates booked together, which one message tells of: nobody needs to be told of each."""


class BookingConfirmed(Event):
    """A visitor has a seat."""

    type: Literal["plats.booking.confirmed.v1"] = "plats.booking.confirmed.v1"
    data: BookingConfirmation


class BookingQueue(BookingState):
    """A booking that waits for a seat."""

    position: int
    """1 is the head of the waiting list."""


class BookingQueued(Event):
    """A visitor waits for a seat: the session is full."""

    type: Literal["plats.booking.queued.v1"] = "plats.booking.queued.v1"
    data: BookingQueue


class BookingOffered(Event):
    """A seat is kept for somebody who waited. Their time to answer begins when they are told."""

    type: Literal["plats.booking.offered.v1"] = "plats.booking.offered.v1"
    data: BookingState


class BookingOfferExpired(Event):
    """Nobody answered an offer in time; the seat went on, and the booking is over."""

    type: Literal["plats.booking.offer_expired.v1"] = "plats.booking.offer_expired.v1"
    data: BookingState


class BookingDeclined(Event):
    """Somebody did not want the seat they were offered; the booking is over."""

    type: Literal["plats.booking.declined.v1"] = "plats.booking.declined.v1"
    data: BookingState


class BookingClosed(Event):
    """The session began before a seat came free for somebody who waited. They may stand by at the door."""

    type: Literal["plats.booking.closed.v1"] = "plats.booking.closed.v1"
    data: BookingState


class BookingMove(BookingState):
    """A booking that is now for another session of the same activity; the state is the one after it."""

    from_session_id: UUID
    late: bool = False
    """Whether the session that was left is as near as where cancelling is classed as late."""


class BookingMoved(Event):
    """A visitor changed to another session."""

    type: Literal["plats.booking.moved.v1"] = "plats.booking.moved.v1"
    data: BookingMove


class BookingReminder(BookingState):
    """Somebody with a seat, shortly before the session."""

    reconfirm: bool = False
    """Whether they are asked to say that they come: the session is full."""


class BookingReminderDue(Event):
    """It is time to remind somebody of their booking."""

    type: Literal["plats.booking.reminder_due.v1"] = "plats.booking.reminder_due.v1"
    data: BookingReminder


class BookingCancellation(BookingState):
    """A booking that was given back, by whom and why."""

    by: Literal["visitor", "staff", "library"]
    reason: Literal["asked", "session_cancelled"] = "asked"
    late: bool = False
    was: Literal["confirmed", "queued", "offered"] = "confirmed"
    """What was given back: a seat, a place in the waiting list, or a seat on offer."""
    next_session_id: UUID | None = None
    """Of a cancelled session: the next one of the same activity that has seats, if there is one."""
    series_booking_id: UUID | None = None
    """One of several dates given back together, which one message tells of."""


class BookingCancelled(Event):
    """A seat or a place in the waiting list was given back, or the library cancelled the session under it."""

    type: Literal["plats.booking.cancelled.v1"] = "plats.booking.cancelled.v1"
    data: BookingCancellation


class BookingReschedule(BookingState):
    """A booking whose session moved in time or place."""

    session_revision: int
    """Catalog's revision that brought the change: whoever tells people about it must know at least this one."""
    changed: tuple[Literal["time", "place"], ...]
    series_booking_id: UUID | None = None
    """One of several dates booked together: when all of them move, one message can tell of it."""


class BookingRescheduled(Event):
    """The session of a booking changed its time or place; the seat stays."""

    type: Literal["plats.booking.rescheduled.v1"] = "plats.booking.rescheduled.v1"
    data: BookingReschedule


class BookingShrinkage(BookingState):
    """A booking that fewer people come with than before; the state is the one after it."""

    given_back: int
    """Seats that became free."""


class BookingShrunk(Event):
    """A party keeps its booking with fewer people."""

    type: Literal["plats.booking.shrunk.v1"] = "plats.booking.shrunk.v1"
    data: BookingShrinkage


class BookingCodeRequested(Event):
    """Somebody who lost the code of this booking asked for it at the address they booked with."""

    type: Literal["plats.booking.code_requested.v1"] = "plats.booking.code_requested.v1"
    data: BookingState


Announcement = Literal[
    "starts_later",
    "other_entrance",
    "ask_at_desk",
    "bring_device",
    "bring_own_food",
    "lift_broken",
    "other_leader",
    "as_planned",
    "many_wait",
    "other_times",
]
"""The short set of what staff may tell everybody of a session at once; the words of each are notify's.

It starts a quarter of an hour late at most; one comes in by another door; one asks the way at the desk; one brings a
phone or computer, or something to eat; the lift does not work; somebody else leads it; it is held as planned, whatever
one has heard; others wait, so who cannot come should say so; and, to those who wait: seats will hardly come free, look
at other times.
"""


class BookingAnnouncement(BookingState):
    """Something that staff tell everybody who comes to a session."""

    announcement_id: UUID
    announcement: str
    """Which :data:`Announcement`; a word here, so that one from a newer version can be read."""


class BookingAnnounced(Event):
    """Staff tell the people of a session something."""

    type: Literal["plats.booking.announced.v1"] = "plats.booking.announced.v1"
    data: BookingAnnouncement


class BookingHelperFound(Event):
    """Somebody will help the visitor: told once, also when another takes over later."""

    type: Literal["plats.booking.helper_found.v1"] = "plats.booking.helper_found.v1"
    data: BookingState


class BookingWithoutHelper(BookingState):
    """A booking that nobody can help with; it stays until its visitor has answered."""

    next_session_id: UUID | None = None
    """The next time that they could come instead, if there is one: a yes moves the booking there."""


class BookingHelperMissing(Event):
    """Nobody was found to help the visitor."""

    type: Literal["plats.booking.helper_missing.v1"] = "plats.booking.helper_missing.v1"
    data: BookingWithoutHelper


class BookingErased(Event):
    """A person asked to be forgotten: nothing is kept any more that could tell of them, and nobody tells them anything.

    What is too old is erased by each service by itself.
    """

    type: Literal["plats.booking.erased.v1"] = "plats.booking.erased.v1"
    data: BookingState


class RefusedDate(Model):
    """A date of a series that was not booked with the others, and the problem type that says why."""

    session_id: UUID
    why: str


class SeriesBookingState(Model):
    """Several dates of a series that somebody booked together, each a booking of its own."""

    series_booking_id: UUID
    revision: int
    contact_ref: UUID
    """Of the series' own code, which stands for all dates."""
    language: str
    adults: int
    children: int
    sessions: tuple[UUID, ...]
    """Those that are still booked and not over, in the order of their starts."""


class SeriesBooking(SeriesBookingState):
    """What was booked together, and what was not."""

    refused: tuple[RefusedDate, ...] = ()


class SeriesBooked(Event):
    """Somebody booked several dates at once."""

    type: Literal["plats.booking.series_booked.v1"] = "plats.booking.series_booked.v1"
    data: SeriesBooking


class SeriesCancellation(SeriesBookingState):
    """Dates that were given back together."""

    by: Literal["visitor", "staff"]
    given_back: tuple[UUID, ...]


class SeriesCancelled(Event):
    """Somebody gave back all coming dates of a series they had booked together."""

    type: Literal["plats.booking.series_cancelled.v1"] = "plats.booking.series_cancelled.v1"
    data: SeriesCancellation


class Availability(Model):
    """How full a session is after one transaction. ``left`` is what a newcomer may book now."""

    session_id: UUID
    revision: int
    capacity: int
    """Bookable seats: without the walk-in reserve."""
    taken: int
    left: int
    queue_capacity: int
    queue_left: int


class AvailabilityChanged(Event):
    """Seats of a session changed; the first one also makes the session bookable."""

    type: Literal["plats.availability.changed.v1"] = "plats.availability.changed.v1"
    data: Availability


class MessageState(Model):
    """What became of one message to one person."""

    message_id: UUID
    revision: int
    contact_ref: UUID
    about: UUID
    """The booking it speaks of, or the assignment or notice."""
    template: str
    channel: Literal["sms", "email"]


class MessageDispatch(MessageState):
    """Accepted by the provider or mail server."""

    sent_at: AwareDatetime


class MessageSent(Event):
    """A message left the house."""

    type: Literal["plats.message.sent.v1"] = "plats.message.sent.v1"
    data: MessageDispatch


class MessageDelivered(Event):
    """A phone confirmed a message."""

    type: Literal["plats.message.delivered.v1"] = "plats.message.delivered.v1"
    data: MessageState


class MessageFailure(MessageState):
    """Why, in a word for staff."""

    reason: Literal["refused", "unreachable", "unknown", "no_address", "limit"]


class MessageFailed(Event):
    """A message will not arrive; somebody has to tell the person another way."""

    type: Literal["plats.message.failed.v1"] = "plats.message.failed.v1"
    data: MessageFailure


class Reply(Model):
    """What somebody answered by SMS, as far as it was understood. Never the words, never the number."""

    reply_id: UUID
    revision: int
    contact_ref: UUID
    about: UUID
    """The booking or the assignment that is meant."""
    says: Literal["yes", "no"]
    question: str | None = None
    """The template of the newest message about it that asked something."""
    received_at: AwareDatetime


class ReplyReceived(Event):
    """Somebody answered for a booking."""

    type: Literal["plats.reply.received.v1"] = "plats.reply.received.v1"
    data: Reply


class Staffing(Model):
    """How many helpers are on duty in a session after one transaction."""

    session_id: UUID
    revision: int
    helpers: int
    needed: int
    """As staff set it, as far as it is known."""


class StaffingChanged(Event):
    """Helpers came on duty or went; the first one says that volunteers know the session."""

    type: Literal["plats.staffing.changed.v1"] = "plats.staffing.changed.v1"
    data: Staffing


class AssignmentState(Model):
    """What a volunteer is asked to do, or does: to be on duty in a session, or to help one visitor of it."""

    assignment_id: UUID
    revision: int
    session_id: UUID
    contact_ref: UUID
    """The volunteer's, whom volunteers knows."""
    language: str
    """In which the volunteer is written to."""
    state: Literal["proposed", "accepted", "declined", "expired", "released", "done"]
    task: Task
    booking_id: UUID | None = None
    """Whom it is for; None for being on duty."""
    need_revision: int | None = None
    """Of what that visitor seeks, as in :class:`Lacking`: which of both is newer."""
    topic: str | None = None
    help_language: str | None = None
    ends_at: AwareDatetime | None = None
    """When it ends, where it is being on duty in sessions that follow each other; None: with the session."""
    quietly: bool = False
    """Whether the volunteer need not be written to about it: they hear of it with something else, or did it here."""


class AssignmentProposal(AssignmentState):
    """A question to a volunteer."""

    stand_in: bool = False
    """Whether somebody else does it unless they say yes."""
    in_return: UUID | None = None
    """The session of theirs that whose place they would take takes for it: the two swap."""


class AssignmentProposed(Event):
    """A volunteer is asked. Their time to answer begins when they are told."""

    type: Literal["plats.assignment.proposed.v1"] = "plats.assignment.proposed.v1"
    data: AssignmentProposal


class AssignmentAccepted(Event):
    """A volunteer said yes, or was put there by staff they had agreed with."""

    type: Literal["plats.assignment.accepted.v1"] = "plats.assignment.accepted.v1"
    data: AssignmentState


class AssignmentEnding(AssignmentState):
    """Why it is not theirs any more, or did not become so."""

    why: Literal[
        "declined",
        "expired",
        "ill",
        "handed_over",
        "taken_over",
        "visitor_cancelled",
        "session_cancelled",
        "session_moved",
        "staff",
        "left",
    ]
    """They said no, or nothing in time; are ill; gave it to somebody, who took it over; the visitor or the library
    cancelled; the session moved to where they cannot be; staff took it back; they left."""


class AssignmentDeclined(Event):
    """A volunteer does not do it: it goes to the next."""

    type: Literal["plats.assignment.declined.v1"] = "plats.assignment.declined.v1"
    data: AssignmentEnding


class AssignmentReleased(Event):
    """A volunteer who said yes, or was asked, is not needed for it any more."""

    type: Literal["plats.assignment.released.v1"] = "plats.assignment.released.v1"
    data: AssignmentEnding


class ShiftCancelled(Event):
    """A volunteer is not on duty in a session any more."""

    type: Literal["plats.shift.cancelled.v1"] = "plats.shift.cancelled.v1"
    data: AssignmentEnding


class AssignmentReminderDue(Event):
    """It is time to remind a volunteer of what they said yes to."""

    type: Literal["plats.assignment.reminder_due.v1"] = "plats.assignment.reminder_due.v1"
    data: AssignmentState


class AssignmentReschedule(AssignmentState):
    """What a volunteer said yes to, at another time or place."""

    session_revision: int
    """Catalog's revision that brought the change."""
    changed: tuple[Literal["time", "place"], ...]


class AssignmentRescheduled(Event):
    """The session of an assignment changed its time or place; the volunteer keeps it unless they say no."""

    type: Literal["plats.assignment.rescheduled.v1"] = "plats.assignment.rescheduled.v1"
    data: AssignmentReschedule


class Lacking(Model):
    """A booking that nobody helps with, as things stand."""

    booking_id: UUID
    revision: int
    """Of what is sought, not the booking's."""
    session_id: UUID
    stage: Literal["alarmed", "given_up"]
    """Coordinators look for somebody by hand; or nobody will come any more."""
    asked: int
    """How many said no or nothing."""


class AssignmentUncovered(Event):
    """There is nobody left to ask for a booking."""

    type: Literal["plats.assignment.uncovered.v1"] = "plats.assignment.uncovered.v1"
    data: Lacking


class Notice(Model):
    """News to one of those who help, or who coordinate them, that are about no assignment of theirs."""

    notice_id: UUID
    revision: int
    contact_ref: UUID
    """Volunteers knows it."""
    language: str
    notice: Literal["sign_in", "register_note", "alarm", "welcome", "handed_over"]
    """Their code to sign in; that their register note ends soon; that a booking has nobody to help; that they are
    active from now on; that what they did was given to others or that they were given others' (a count)."""
    session_id: UUID | None = None
    """What it is about, if that is a session."""
    until: AwareDatetime | None = None
    """When it is of no use any more."""
    day: date | None = None
    count: int | None = None


class VolunteerNotified(Event):
    """One of those who help is to be told something."""

    type: Literal["plats.volunteer.notified.v1"] = "plats.volunteer.notified.v1"
    data: Notice


class HelperErasure(Model):
    """Somebody of whom nothing is known any more."""

    contact_ref: UUID
    revision: int


class VolunteerErased(Event):
    """One of those who help, or coordinate them, is forgotten: nothing is kept that could tell of them."""

    type: Literal["plats.volunteer.erased.v1"] = "plats.volunteer.erased.v1"
    data: HelperErasure


class InstallationState(Model):
    """What administrators decided for the whole installation, in full."""

    revision: int
    permitted_hours: str
    """In which people are written to, by the clock on the wall: ``09-19``."""
    bookings_of_number: int
    """New bookings with one number or mailbox in any 24 hours."""
    messages_to_number: int
    """What one number or mailbox gets in any 24 hours."""
    bookings_from_network: int
    """New bookings from one network address in any hour."""
    sms_parts_a_day: int
    """SMS parts that may leave on one local day."""


class InstallationChanged(Event):
    """Administrators decided something else; its subject is always :data:`INSTALLATION`."""

    type: Literal["plats.installation.changed.v1"] = "plats.installation.changed.v1"
    data: InstallationState


INSTALLATION = UUID("01990000-0000-7000-8000-0000000000ff")
"""What such events are about: there is one."""


AnyEvent = (
    SessionPublished
    | SessionWithdrawn
    | SessionCancelled
    | BookingConfirmed
    | BookingQueued
    | BookingOffered
    | BookingOfferExpired
    | BookingDeclined
    | BookingClosed
    | BookingMoved
    | BookingReminderDue
    | BookingCancelled
    | BookingRescheduled
    | BookingShrunk
    | BookingCodeRequested
    | BookingAnnounced
    | BookingErased
    | BookingHelperFound
    | BookingHelperMissing
    | SeriesBooked
    | SeriesCancelled
    | SessionClosed
    | AvailabilityChanged
    | MessageSent
    | MessageDelivered
    | MessageFailed
    | ReplyReceived
    | InstallationChanged
    | StaffingChanged
    | AssignmentProposed
    | AssignmentAccepted
    | AssignmentDeclined
    | AssignmentReleased
    | AssignmentReminderDue
    | AssignmentRescheduled
    | AssignmentUncovered
    | ShiftCancelled
    | VolunteerNotified
    | VolunteerErased
)

SOURCES = {
    "session": "catalog",
    "installation": "catalog",
    "booking": "booking",
    "availability": "booking",
    "message": "notify",
    "reply": "notify",
    "staffing": "volunteers",
    "assignment": "volunteers",
    "shift": "volunteers",
    "volunteer": "volunteers",
}
"""Which service says what, by the first word of the routing key."""

_SAID_BY = {"session.closed.v1": "booking"}
"""... and what another service says of it: who was there is booking's to know."""


def source_of(kind: str) -> str:
    """The service that tells of a type of event, named by its type or routing key.

    Raises:
        KeyError: nobody does.
    """
    key = kind.removeprefix(PREFIX)
    return _SAID_BY.get(key) or SOURCES[key.partition(".")[0]]


QUEUES: Mapping[str, tuple[type[Event], ...]] = {
    "catalog": (AvailabilityChanged, SessionClosed),
    "booking": (
        SessionPublished,
        SessionWithdrawn,
        SessionCancelled,
        MessageSent,
        MessageDelivered,
        MessageFailed,
        ReplyReceived,
        InstallationChanged,
        StaffingChanged,
        AssignmentAccepted,
        AssignmentUncovered,
    ),
    "volunteers": (
        SessionPublished,
        SessionWithdrawn,
        SessionCancelled,
        SessionClosed,
        BookingConfirmed,
        BookingMoved,
        BookingCancelled,
        BookingErased,
        MessageSent,
        MessageFailed,
        ReplyReceived,
        InstallationChanged,
    ),
    "notify": (
        SessionPublished,
        SessionWithdrawn,
        SessionCancelled,
        BookingConfirmed,
        BookingQueued,
        BookingOffered,
        BookingOfferExpired,
        BookingDeclined,
        BookingClosed,
        BookingMoved,
        BookingReminderDue,
        BookingCancelled,
        BookingRescheduled,
        BookingShrunk,
        BookingCodeRequested,
        BookingAnnounced,
        BookingErased,
        BookingHelperFound,
        BookingHelperMissing,
        SeriesBooked,
        SeriesCancelled,
        InstallationChanged,
        AssignmentProposed,
        AssignmentAccepted,
        AssignmentDeclined,
        AssignmentReleased,
        AssignmentReminderDue,
        AssignmentRescheduled,
        ShiftCancelled,
        VolunteerNotified,
        VolunteerErased,
    ),
}
"""Who listens to what: the name of each consumer's queue and the events bound to it."""

_EVENTS: TypeAdapter[AnyEvent] = TypeAdapter(Annotated[AnyEvent, Field(discriminator="type")])


def decode(body: bytes) -> AnyEvent:
    """Read an event of any version we know.

    Raises:
        pydantic.ValidationError: not JSON, not our envelope, an unknown type or wrong data.
    """
    return _EVENTS.validate_json(body)


def encode(event: Event) -> bytes:
    """Write an event as CloudEvents structured JSON."""
    return event.model_dump_json(exclude_none=True).encode()


def routing_keys(service: str) -> list[str]:
    """The routing keys bound to a service's queue."""
    return [kind.model_fields["type"].default.removeprefix(PREFIX) for kind in QUEUES[service]]
