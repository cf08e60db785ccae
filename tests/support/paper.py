"""What a careful librarian would note with pencil and paper: who has a seat, who waits, who must be told what.

Written from the rules in words (product: "Rules"; architecture: "Seats") and from nothing of booking's own, plain and
slow on purpose. Tests do the same here and in booking, and compare. A step that a rule refuses raises :class:`No` and
leaves the paper as it was. Time alone changes nothing that nobody looks at: what it has done is noted when the
session is looked at next, and :meth:`Paper.overdue` tells where that is.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

STOCKHOLM = ZoneInfo("Europe/Stockholm")
_HOUR = timedelta(hours=1)
_QUARTER = timedelta(minutes=15)
_MIDDAY = timedelta(hours=12)

WAITS = ("queued", "offered")
ACTIVE = ("confirmed", *WAITS)
AWAY = ("no_show", "excused")


_PATIENCE = {"excused": timedelta(0), "no_show": timedelta(minutes=10)}
_NOTHING_ELSE = {"next_session_id": None}
"""What is told only of a session that is cancelled."""


class No(Exception):  # noqa: N818 - what a rule says
    """A rule says no, by the name of the problem."""


class Party(NamedTuple):
    """Who comes."""

    adults: int
    children: int


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What catalog tells of a session."""

    activity: UUID
    starts: datetime
    ends: datetime
    room: str
    seats: int
    queue: int
    counts: str
    party_max: int
    fill_from_hours: int
    offer_minutes: int
    reminder_hours: int
    late_hours: int
    reconfirm: bool
    opens: datetime | None = None
    closes: datetime | None = None

    def takes(self, party: Party) -> int:
        """Seats of the capacity."""
        whole = {"persons": sum(party), "children": party.children, "bookings": min(sum(party), 1)}
        return whole[self.counts]

    def is_open(self, at: datetime) -> bool:
        """Whether newcomers are let in."""
        return not (self.opens and at < self.opens) and not (self.closes and at >= self.closes)


@dataclass(frozen=True)
class Wish:
    """What somebody who books asks for, and the id it gets."""

    id: UUID
    party: Party
    person: str | None
    """None for who cannot be known again."""
    reach: str
    hold: UUID | None
    queue: bool


@dataclass
class Hold:
    """Seats kept for a browser."""

    seats: int
    since: datetime
    until: datetime


class Seats(NamedTuple):
    """How full a session is, as everybody hears it."""

    capacity: int
    taken: int
    left: int
    queue: int
    queue_left: int


class Word(NamedTuple):
    """Something that is told of a booking: what, as what it stood then, and the particulars."""

    what: str
    state: str
    more: tuple[tuple[str, object], ...] = ()


@dataclass
class Sheet:
    """The paper of one session."""

    id: UUID
    terms: Terms
    status: str = "published"
    newest: int = 1
    """Catalog's last word ..."""
    terms_of: int = 1
    """... and the last that told the terms."""
    holds: dict[UUID, Hold] = field(default_factory=dict)
    let_in: int = 0
    """Seats above the others that staff gave on purpose, and that have not come back."""
    told: list[Seats] = field(default_factory=list)
    open: bool = True
    """Whether newcomers were let in when somebody last looked."""


@dataclass
class Entry:
    """One booking."""

    id: UUID
    session: UUID
    person: str | None
    party: Party
    seats: int
    state: str
    joined: int
    reach: str
    answer_by: datetime | None = None
    untold: bool = False
    attendance: str | None = None
    remind_at: datetime | None = None
    reconfirmed: bool = False
    told: list[Word] = field(default_factory=list)
    reminded_of: list[datetime] = field(default_factory=list)
    seated_at: datetime | None = None

    def to_call(self, starts: datetime, now: datetime) -> bool:
        """Whether staff have to ring about the seat that is offered: until the start they can."""
        return self.state == "offered" and self.answer_by is None and self.untold and now < starts

    @property
    def has(self) -> int:
        """The seats that are kept for it."""
        away = self.attendance in AWAY
        return self.seats if self.state == "offered" or (self.state == "confirmed" and not away) else 0


def permitted(at: datetime, starts: datetime) -> bool:
    """From 9 to 19; in the last twelve hours before the start from 7 to 21."""
    hour = at.astimezone(STOCKHOLM).hour
    return 9 <= hour < 19 or (starts - at <= _MIDDAY and 7 <= hour < 21)


def deadline(told: datetime, starts: datetime, offer_minutes: int) -> datetime:
    """Until when an offer may be answered, counted from one hour of the clock to the next."""
    left = max(min(timedelta(minutes=offer_minutes), (starts - told) / 4), _QUARTER)
    at = told
    while at < starts:
        whole = at.replace(minute=0, second=0, microsecond=0) + _HOUR
        until = min(edge for edge in (whole, starts, starts - _MIDDAY) if edge > at)
        if permitted(at, starts):
            if until - at >= left:
                return at + left
            left -= until - at
        at = until
    return starts


def reminder(starts: datetime, hours: int) -> datetime:
    """When the clock on the wall first shows the time so many hours before the start, or has passed it."""
    wall = starts.astimezone(STOCKHOLM).replace(tzinfo=None) - timedelta(hours=hours)
    near = (starts - timedelta(hours=hours + shift) for shift in (1, 0, -1))
    return next(at for at in near if at.astimezone(STOCKHOLM).replace(tzinfo=None) >= wall)


class Paper:
    """All sheets, and the time."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.sheets: dict[UUID, Sheet] = {}
        self.entries: dict[UUID, Entry] = {}
        self._joined = 0
        self._said: list[tuple[UUID, Word]] = []
        self._followed: list[UUID] = []

    # What there is.

    def of(self, sheet: Sheet, *states: str) -> list[Entry]:
        """Bookings of a session in these states, in the order of joining."""
        found = (entry for entry in self.entries.values() if entry.session == sheet.id and entry.state in states)
        return sorted(found, key=lambda entry: entry.joined)

    def taken(self, sheet: Sheet) -> int:
        """Seats that somebody has, is offered, or holds."""
        had = sum(entry.has for entry in self.of(sheet, *ACTIVE))
        return had + sum(hold.seats for hold in sheet.holds.values())

    def free(self, sheet: Sheet) -> int:
        """Below zero where the capacity was lowered."""
        return sheet.terms.seats - self.taken(sheet)

    def seats(self, sheet: Sheet) -> Seats:
        """What everybody may know."""
        waiting = len(self.of(sheet, "queued"))
        left = 0 if waiting or sheet.status != "published" or not sheet.open else max(0, self.free(sheet))
        queue_left = max(0, sheet.terms.queue - waiting) if sheet.open else 0
        return Seats(sheet.terms.seats, self.taken(sheet), left, sheet.terms.queue, queue_left)

    def next(self, sheet: Sheet) -> Entry | None:
        """Whom a seat must be offered to at this moment."""
        terms = sheet.terms
        if sheet.status != "published" or self.now > terms.starts - timedelta(minutes=30):
            return None
        line = [entry for entry in self.of(sheet, "queued") if entry.seats <= terms.seats]
        if self.now < terms.starts - timedelta(hours=terms.fill_from_hours):
            line = line[:1]
        return next((entry for entry in line if entry.seats <= self.free(sheet)), None)

    def overdue(self) -> set[UUID]:
        """Sessions that time has changed, and nobody has looked at."""
        return {sheet.id for sheet in self.sheets.values() if self._is_overdue(sheet)}

    def _is_overdue(self, sheet: Sheet) -> bool:
        lapsed = any(self._has_lapsed(sheet, hold) for hold in sheet.holds.values())
        ended = any(self._has_ended(sheet, entry, self.now) for entry in self.of(sheet, *WAITS))
        opened = sheet.open != sheet.terms.is_open(self.now)
        return lapsed or ended or opened or self.next(sheet) is not None

    def moments(self) -> Iterator[datetime]:
        """When something changes, or what one may do changes."""
        for sheet in self.sheets.values():
            terms = sheet.terms
            yield from (terms.starts, terms.ends, terms.starts + timedelta(minutes=10))
            yield from (terms.starts - timedelta(minutes=30), terms.starts - timedelta(hours=terms.fill_from_hours))
            yield from (hold.until for hold in sheet.holds.values())
            yield from (at for at in (terms.opens, terms.closes) if at)
        for entry in self.entries.values():
            yield from (at for at in (entry.answer_by, entry.remind_at) if at)

    # What time does.

    def _has_lapsed(self, sheet: Sheet, hold: Hold) -> bool:
        return self.now >= min(hold.until, sheet.terms.starts)

    def _has_ended(self, sheet: Sheet, entry: Entry, at: datetime) -> bool:
        return at >= min(entry.answer_by or sheet.terms.starts, sheet.terms.starts)

    def _look(self, sheet: Sheet, answered: Mapping[UUID, datetime] | None = None) -> None:
        sheet.open = sheet.terms.is_open(self.now)
        for id_, hold in list(sheet.holds.items()):
            if self._has_lapsed(sheet, hold):
                del sheet.holds[id_]
        for entry in self.of(sheet, *WAITS):
            if self._has_ended(sheet, entry, min((answered or {}).get(entry.id, self.now), self.now)):
                entry.state = "expired" if entry.state == "offered" else "closed"
                self._followed.append(entry.id)
        while (entry_ := self.next(sheet)) is not None:
            entry_.state = "offered"
            self._followed.append(entry_.id)
        self._count(sheet)

    def _count(self, sheet: Sheet) -> None:
        sheet.let_in = min(sheet.let_in, max(0, -self.free(sheet)))

    @contextmanager
    def _step(self, *sheets: UUID, anew: bool = False) -> Iterator[list[Sheet]]:
        """One step with sessions: all of it or, when a rule says no, nothing; then what everybody must hear."""
        standing = {id_: replace(sheet, holds=dict(sheet.holds)) for id_, sheet in self.sheets.items()}
        before = standing, {id_: copy(entry) for id_, entry in self.entries.items()}
        visible = {id_: self.seats(self.sheets[id_]) for id_ in sheets}
        self._said, self._followed = [], []
        try:
            yield [self.sheets[id_] for id_ in sheets]
        except No:
            self.sheets, self.entries = before
            raise
        for id_ in sheets:
            self._count(self.sheets[id_])
        for id_, seats in visible.items():
            now = self.seats(self.sheets[id_])
            if anew or now != seats:
                self.sheets[id_].told.append(now)
        for id_, word in self._said:
            self.entries[id_].told.append(word)
        for id_ in dict.fromkeys(self._followed):
            entry, was = self.entries[id_], before[1].get(id_)
            if entry.state in {"offered", "expired", "closed"} and (was is None or entry.state != was.state):
                what = "offer_expired" if entry.state == "expired" else entry.state
                entry.told.append(Word(what, entry.state))

    def _say(self, entry: Entry, what: str, state: str, **more: object) -> None:
        self._said.append((entry.id, Word(what, state, tuple(sorted(more.items())))))

    def look(self, session: UUID) -> None:
        """Somebody looks at a session because its time has come."""
        with self._step(session) as [sheet]:
            self._look(sheet)

    def remind(self) -> None:
        """Everybody is reminded whose time has come."""
        for entry in self.entries.values():
            sheet = self.sheets[entry.session]
            if entry.state != "confirmed" or entry.remind_at is None or entry.remind_at > self.now:
                continue
            entry.remind_at = None
            if sheet.status != "cancelled" and sheet.terms.starts > self.now:
                full = self.taken(sheet) >= sheet.terms.seats
                asked = (("reconfirm", sheet.terms.reconfirm and full),)
                entry.told.append(Word("reminder_due", "confirmed", asked))
                entry.reminded_of.append(sheet.terms.starts)

    # What visitors do.

    def _shut(self, sheet: Sheet, party: Party) -> None:
        terms = sheet.terms
        if sheet.status != "published" or self.now >= terms.starts:
            raise No("Closed")
        self._fits(terms, party)

    def _fits(self, terms: Terms, party: Party) -> None:
        if sum(party) > terms.party_max:
            raise No("PartyTooLarge")
        if terms.takes(party) == 0:
            raise No("PartyEmpty")
        if terms.counts == "children" and party.adults == 0:
            raise No("AdultMissing")

    def _let_in(self, sheet: Sheet, seats: int, hold: Hold | None) -> None:
        """Whoever holds the seats has come in time; newcomers come while it is open."""
        if (hold is None or seats > hold.seats) and not sheet.terms.is_open(self.now):
            raise No("NotOpen" if sheet.terms.opens and self.now < sheet.terms.opens else "Closed")

    def hold(self, session: UUID, party: Party, had: UUID | None, given: UUID) -> Hold:
        """A browser that ``had`` a hold wants seats; they are held under the id ``given``."""
        elsewhere = self._held_in(had)
        others = [elsewhere] if elsewhere and elsewhere != session else []
        with self._step(session, *others) as [sheet, *left]:
            self._look(sheet)
            before = sheet.holds.pop(had, None) if had else None
            self._shut(sheet, party)
            seats = sheet.terms.takes(party)
            self._let_in(sheet, seats, before)
            back = before.seats if before else 0
            full = self.of(sheet, "queued") or not sheet.open
            if seats - back > (0 if full else max(0, self.free(sheet) - back)):
                raise No("SoldOut")
            since = before.since if before else self.now
            until = min(self.now + _QUARTER, since + _HOUR)
            sheet.holds[given] = Hold(seats, since, until)
            self._look(sheet)
            for one in left:
                self._look(one)
                one.holds.pop(had, None) if had else None
                self._look(one)
            return sheet.holds[given]

    def release(self, hold: UUID) -> None:
        """A browser lets its hold go, unless that is over."""
        session = self._held_in(hold)
        if session is not None:
            with self._step(session) as [sheet]:
                self._look(sheet)
                sheet.holds.pop(hold, None)
                self._look(sheet)

    def _held_in(self, hold: UUID | None) -> UUID | None:
        return next(
            (
                sheet.id
                for sheet in self.sheets.values()
                for id_, held in sheet.holds.items()
                if id_ == hold and self.now < held.until
            ),
            None,
        )

    def book(self, session: UUID, wish: Wish) -> str:
        """Somebody wants seats, or to wait for them; gives what they get."""
        with self._step(session) as [sheet]:
            known = self._is_known(sheet, wish.person)
            self._look(sheet)
            self._shut(sheet, wish.party)
            seats = sheet.terms.takes(wish.party)
            hold = sheet.holds.pop(wish.hold, None) if wish.hold else None
            self._let_in(sheet, seats, hold)
            held = hold.seats if hold else 0
            spare = 0 if self.of(sheet, "queued") else max(0, self.free(sheet) - held)
            state = "confirmed" if seats <= held + spare else "queued"
            if state == "queued":
                self._may_wait(sheet, wish, seats, known=known)
            if known:
                raise No("AlreadyBooked")
            self._joined += 1
            entry = Entry(wish.id, session, wish.person, wish.party, seats, state, self._joined, wish.reach)
            self.entries[entry.id] = entry
            if state == "confirmed":
                self._seat(entry, "confirmed", how="booked")
            self._look(sheet)
            if state == "queued":
                self._say(entry, "queued", "queued", position=len(self._before(entry)) + 1)
            return entry.state

    def _is_known(self, sheet: Sheet, person: str | None) -> bool:
        """Whether somebody stands here; also whose time was over a moment ago, and nobody has crossed them out."""
        return any(entry.person == person for entry in self.of(sheet, *ACTIVE) if person)

    def _before(self, entry: Entry) -> list[Entry]:
        waiting = self.of(self.sheets[entry.session], "queued")
        return [one for one in waiting if one.joined < entry.joined]

    def _may_wait(self, sheet: Sheet, wish: Wish, seats: int, *, known: bool) -> None:
        terms = sheet.terms
        if not wish.queue or terms.queue == 0 or seats > terms.seats:
            raise No("AlreadyBooked" if known else "SoldOut")
        if self.now > terms.starts - timedelta(minutes=30):
            raise No("AlreadyBooked" if known else "QueueClosed")
        if wish.reach == "none":
            raise No("Unreachable")
        if len(self.of(sheet, "queued")) >= terms.queue:
            raise No("AlreadyBooked" if known else "QueueFull")

    def _seat(self, entry: Entry, what: str, **more: object) -> None:
        terms = self.sheets[entry.session].terms
        entry.state, entry.seated_at = "confirmed", self.now
        entry.remind_at = self._due(terms)
        self._say(entry, what, "confirmed", **more)

    def _due(self, terms: Terms) -> datetime | None:
        if not terms.reminder_hours:
            return None
        at = reminder(terms.starts, terms.reminder_hours)
        return at if self.now < at else None

    def told(self, booking: UUID, at: datetime | None = None) -> None:
        """Somebody was told of the seat that is offered to them."""
        with self._step(self.entries[booking].session) as [sheet]:
            self._look(sheet)
            entry, at = self.entries[booking], min(at or self.now, self.now)
            if entry.state == "offered" and entry.answer_by is None:
                entry.answer_by = deadline(at, sheet.terms.starts, sheet.terms.offer_minutes)
                entry.untold = False
            self._look(sheet)

    def ring(self, booking: UUID) -> None:
        """Staff tell somebody of the seat, if one is offered."""
        if self.entries[booking].state != "offered":
            raise No("OfferGone")
        self.told(booking)

    def not_told(self, booking: UUID) -> None:
        """No message about the offer arrives; from the start on nobody need ring."""
        entry = self.entries[booking]
        untold = entry.state == "offered" and entry.answer_by is None
        entry.untold |= untold and self.now < self.sheets[entry.session].terms.starts

    def accept(self, booking: UUID, at: datetime | None = None) -> None:
        """Somebody takes the seat that is offered to them, and said so at a time."""
        if self.entries[booking].state == "confirmed":
            return
        answered = {booking: at or self.now}
        with self._step(self.entries[booking].session) as [sheet]:
            self._look(sheet, answered)
            entry = self.entries[booking]
            if entry.state != "offered":
                raise No("OfferGone")
            self._seat(entry, "confirmed", how="offer")
            self._look(sheet, answered)

    def decline(self, booking: UUID) -> None:
        """Somebody does not want the seat."""
        if self.entries[booking].state == "declined":
            return
        with self._step(self.entries[booking].session) as [sheet]:
            self._look(sheet)
            entry = self.entries[booking]
            if entry.state != "offered":
                raise No("OfferGone")
            self._end(entry, "declined", "declined")
            self._look(sheet)

    def _end(self, entry: Entry, what: str, state: str, **more: object) -> None:
        entry.state = state
        entry.remind_at = entry.attendance = None
        self._say(entry, what, state, **more)

    def let_go(self, booking: UUID, by: str) -> None:
        """Somebody gives back what they have; who has nothing has nothing to give back."""
        was = self.entries[booking].state
        if was not in ACTIVE:
            return
        with self._step(self.entries[booking].session) as [sheet]:
            self._look(sheet)
            entry = self.entries[booking]
            if entry.state not in ACTIVE:  # time was quicker
                return
            if was == "confirmed" and by == "visitor" and self.now >= sheet.terms.starts:
                raise No("Closed")
            if was == "offered":
                self._end(entry, "declined", "declined")
            else:
                late = by == "visitor" and was == "confirmed" and self._late(sheet)
                self._end(entry, "cancelled", "cancelled", by=by, reason="asked", late=late, was=was, **_NOTHING_ELSE)
                entry.attendance = "late_cancel" if late else None
            self._look(sheet)

    def take_back(self, booking: UUID) -> None:
        """Staff give back what somebody has who asks, unless they are there."""
        if self.entries[booking].attendance == "came":
            raise No("Closed")
        self.let_go(booking, "staff")

    def _late(self, sheet: Sheet) -> bool:
        return self.now > sheet.terms.starts - timedelta(hours=sheet.terms.late_hours)

    def reply(self, booking: UUID, says: str, at: datetime) -> None:
        """Somebody answered by SMS, at a time; what is too late changes nothing."""
        entry = self.entries[booking]
        try:
            if says == "yes" and entry.state == "offered":
                self.accept(booking, at)
            elif says == "yes" and entry.state == "confirmed":
                entry.reconfirmed = True
            elif says == "no":
                self.let_go(booking, "visitor")
        except No:
            return

    def shrink(self, booking: UUID, coming: Party) -> None:
        """Fewer come."""
        was = self.entries[booking]
        state = was.state
        if self._is_over(was):
            raise No("Closed")
        if was.party == coming:
            return
        with self._step(was.session) as [sheet]:
            self._look(sheet)
            entry, terms = self.entries[booking], sheet.terms
            if sheet.status == "cancelled" or self.now >= terms.starts:
                raise No("Closed")
            seats = terms.takes(coming)
            if coming.adults > entry.party.adults or coming.children > entry.party.children or seats > entry.seats:
                raise No("PartyGrows")
            if seats == 0:
                raise No("PartyEmpty")
            if terms.counts == "children" and coming.adults == 0 < entry.party.adults:
                raise No("AdultMissing")
            self._say(entry, "shrunk", state, given_back=entry.seats - seats)
            entry.party, entry.seats = coming, seats
            self._look(sheet)

    def _is_over(self, entry: Entry) -> bool:
        """Whether there is nothing any more that could be changed: also where nobody has looked yet."""
        ended = entry.state in WAITS and self._has_ended(self.sheets[entry.session], entry, self.now)
        return entry.state not in ACTIVE or entry.attendance in AWAY or ended

    def move(self, booking: UUID, session: UUID) -> None:
        """Somebody changes to another session: the seat there is had before the one here is given up."""
        left = self.entries[booking].session
        if left == session:
            return
        if self._is_over(self.entries[booking]):
            raise No("Closed")
        with self._step(left, session) as [old, new]:
            if old.terms.activity != new.terms.activity:
                raise No("OtherActivity")
            entry = self.entries[booking]
            known = self._is_known(new, entry.person)
            self._look(old)
            self._look(new)
            self._shut(new, entry.party)
            seats = new.terms.takes(entry.party)
            self._let_in(new, seats, None)
            if seats > self.seats(new).left:
                raise No("SoldOut")
            if entry.state == "confirmed" and self.now >= old.terms.starts:
                raise No("Closed")
            if known:
                raise No("AlreadyBooked")
            late = entry.state == "confirmed" and self._late(old)
            entry.session, entry.seats = session, seats
            entry.answer_by = entry.attendance = None
            entry.untold = entry.reconfirmed = False
            self._seat(entry, "moved", from_session_id=left, late=late)
            self._look(new)
            self._look(old)

    # What catalog tells.

    def publish(self, session: UUID, revision: int, terms: Terms) -> None:
        """Catalog tells the terms; an older word than the last one that did changes nothing."""
        sheet = self.sheets[session]
        if revision <= sheet.terms_of or sheet.status == "cancelled":
            return
        with self._step(session, anew=True) as [sheet]:
            active = [(entry, entry.state) for entry in self.entries.values() if entry.session == session]
            self._look(sheet)
            before, sheet.terms = sheet.terms, terms
            sheet.status = "published" if revision > sheet.newest else sheet.status
            sheet.newest, sheet.terms_of = max(sheet.newest, revision), revision
            moved = (before.starts, before.ends) != (terms.starts, terms.ends)
            elsewhere = before.room != terms.room
            for entry, _ in active:
                if entry.answer_by:
                    entry.answer_by = min(entry.answer_by, terms.starts)
                if entry.state == "confirmed" and before.starts != terms.starts:
                    entry.remind_at, entry.reconfirmed = self._due(terms), False
            self._look(sheet)
            for entry, state in active:
                if (moved or elsewhere) and self.now < terms.ends and state in ACTIVE and entry.state in ACTIVE:
                    changed = ("time",) * moved + ("place",) * elsewhere
                    self._say(entry, "rescheduled", state, changed=changed, session_revision=revision)

    def withdraw(self, session: UUID, revision: int) -> None:
        """Catalog offers it no longer; who has a seat keeps it."""
        if revision > self.sheets[session].newest:
            with self._step(session, anew=True) as [sheet]:
                self._look(sheet)
                sheet.status, sheet.newest = "withdrawn", revision

    def cancel(self, session: UUID, revision: int) -> None:
        """It is not held: everybody loses what they had, and is told."""
        if revision <= self.sheets[session].newest:
            return
        with self._step(session, anew=True) as [sheet]:
            standing = {entry.id: entry.state for entry in self.of(sheet, *ACTIVE)}
            self._look(sheet)
            sheet.status, sheet.newest, sheet.holds = "cancelled", revision, {}
            for entry in self.of(sheet, *ACTIVE):
                was = standing[entry.id]
                more = {"reason": "session_cancelled", "next_session_id": self._instead(sheet, entry.party)}
                self._end(entry, "cancelled", "cancelled", by="library", late=False, was=was, **more)

    def _instead(self, cancelled: Sheet, party: Party) -> UUID | None:
        """The next session of the activity that the party could book."""

        def is_possible(sheet: Sheet) -> bool:
            try:
                self._shut(sheet, party)
                self._let_in(sheet, sheet.terms.takes(party), None)
            except No:
                return False
            later = sheet.terms.starts > cancelled.terms.starts
            return later and sheet.terms.takes(party) <= self.seats(sheet).left

        same = (sheet for sheet in self.sheets.values() if sheet.terms.activity == cancelled.terms.activity)
        possible = sorted((sheet.terms.starts, sheet.id) for sheet in same if is_possible(sheet))
        return possible[0][1] if possible else None

    # What staff do at the desk.

    def book_at_desk(self, session: UUID, wish: Wish, *, override: bool) -> UUID:
        """Staff give somebody seats, or have them wait; gives the booking it became."""
        with self._step(session) as [sheet]:
            known = self._is_known(sheet, wish.person)
            waits = next((one for one in self.of(sheet, *WAITS) if wish.person and one.person == wish.person), None)
            if waits and self._has_ended(sheet, waits, self.now):
                raise No("AlreadyBooked")
            self._look(sheet)
            seats = self._at_desk(sheet, wish)
            spare = 0 if [one for one in self.of(sheet, "queued") if one is not waits] else max(0, self.free(sheet))
            kept = waits.has if waits else 0
            state = "confirmed" if seats <= kept + spare or override else "queued"
            if state == "queued":
                self._may_wait(sheet, replace(wish, queue=wish.queue and not waits), seats, known=known)
            if known and not waits:
                raise No("AlreadyBooked")
            if seats > kept + spare and override:
                sheet.let_in += max(0, seats - max(0, self.free(sheet) + kept))
            if waits:
                waits.party, waits.seats = wish.party, seats
                self._seat(waits, "confirmed", how="offer")
                self._look(sheet)
                return waits.id
            self._joined += 1
            entry = Entry(wish.id, session, wish.person, wish.party, seats, state, self._joined, wish.reach)
            self.entries[entry.id] = entry
            self._write_at_desk(sheet, entry)
            return entry.id

    def _at_desk(self, sheet: Sheet, wish: Wish) -> int:
        if sheet.status != "published" or self.now >= sheet.terms.ends:
            raise No("Closed")
        self._fits(sheet.terms, wish.party)
        return sheet.terms.takes(wish.party)

    def _write_at_desk(self, sheet: Sheet, entry: Entry) -> None:
        waits = entry.state == "queued"
        if not waits:
            begun = self.now >= sheet.terms.starts
            self._seat(entry, "confirmed", how="door" if begun else "booked")
            entry.attendance = "came" if begun else None
        self._look(sheet)
        if waits:  # also who is offered a seat at once, as those before them need more seats than are free
            self._say(entry, "queued", "queued", position=len(self._before(entry)) + 1)

    def attend(self, booking: UUID, attendance: str | None) -> None:
        """Somebody came, or did not, or loses the seat; None takes it back."""
        was = self.entries[booking]
        if was.state == "cancelled" and was.attendance in {"late_cancel", "excused"}:
            if attendance not in {"excused", None}:
                raise No("NotSeated")
            was.attendance = attendance or "late_cancel"
            return
        if was.state != "confirmed":
            raise No("NotSeated")
        with self._step(was.session, anew=attendance != was.attendance) as [sheet]:
            self._look(sheet)
            entry = self.entries[booking]
            away, goes = entry.attendance in AWAY, attendance in AWAY
            if attendance == "came" and self.now < sheet.terms.starts - timedelta(hours=1):
                raise No("TooEarly")
            if goes and not away and self.now < sheet.terms.starts + _PATIENCE[attendance or ""]:
                raise No("TooEarly")
            if attendance == "revoked":
                self._revoke(sheet, entry)
            elif away and not goes and entry.seats > self.free(sheet):
                raise No("SoldOut")
            else:
                entry.attendance = attendance
            self._look(sheet)

    def _revoke(self, sheet: Sheet, entry: Entry) -> None:
        if entry.attendance == "came" or self.now >= sheet.terms.ends:
            raise No("Closed")
        more = {"by": "staff", "reason": "asked", "late": False, "was": "confirmed"}
        self._end(entry, "cancelled", "cancelled", **more, **_NOTHING_ELSE)
        entry.attendance = "revoked"

    def stand_by(self, booking: UUID) -> None:
        """Somebody at the door, whom the waiting list left without, gets a free seat."""
        state = self.entries[booking].state
        if state == "confirmed":
            return
        with self._step(self.entries[booking].session) as [sheet]:
            early = self.now < sheet.terms.starts
            if state != "closed":
                raise No("TooEarly" if early else "NotWaiting")
            self._look(sheet)
            entry = self.entries[booking]
            if sheet.status == "cancelled" or self.now >= sheet.terms.ends:
                raise No("Closed")
            if early:
                raise No("TooEarly")
            if entry.seats > self.free(sheet):
                raise No("SoldOut")
            entry.state, entry.attendance = "confirmed", "came"
            self._say(entry, "confirmed", "confirmed", how="door")
