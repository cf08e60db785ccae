"""Who is on duty where, who lacks somebody, and who might come: as staff see it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from pydantic import AwareDatetime

from services.web.helping.staff.assigned import AssignedSession
from services.web.rendering import msgid
from shared.models import Model

_LIVE = frozenset({"asked", "offered", "on_duty", "done"})


class OnDuty(Model):
    """Somebody's shift in a session."""

    shift_id: UUID
    volunteer_id: UUID
    name: str | None
    """None once they were erased."""
    state: str
    looking_for_stand_in: bool


class Need(Model):
    """A visitor who is to be helped. Who it is, booking knows."""

    booking_id: UUID
    state: str
    language: str
    topic: str | None
    asked: int
    """How many were asked so far."""
    wakes_at: AwareDatetime | None
    """When time alone takes it further."""
    assignment_id: UUID | None
    volunteer_id: UUID | None
    """Who is asked, or does it."""
    name: str | None

    @property
    def urgent(self) -> bool:
        """Whether nobody is left to ask."""
        return self.state in {"alarmed", "given_up"}

    @property
    def covered(self) -> bool:
        """Whether somebody said yes."""
        return self.state == "covered"


class Staffed(Model):
    """A session that needs helpers, and who is there."""

    session: AssignedSession
    needed: int
    helpers: int
    gap: int
    register_note: bool
    people: tuple[OnDuty, ...]
    needs: tuple[Need, ...]

    @property
    def lacking(self) -> int:
        """For how many visitors nobody has said yes."""
        return sum(1 for one in self.needs if not one.covered)

    @property
    def wants(self) -> bool:
        """Whether there is something for staff to do: somebody is missing, offers themselves, or looks for another."""
        asks = any(one.state == "offered" or one.looking_for_stand_in for one in self.people)
        return self.gap > 0 or self.lacking > 0 or asks


def by_sitting(found: Iterable[Staffed]) -> list[Staffed]:
    """The same with slots of a sitting as one: as few helpers as in the barest, till the last one ends."""
    together: dict[UUID, list[Staffed]] = {}
    for one in found:
        together.setdefault(one.session.sitting_id or one.session.id, []).append(one)
    return [_as_one(slots) for slots in together.values()]


def _as_one(slots: list[Staffed]) -> Staffed:
    barest = max(slots, key=lambda one: one.gap)
    session = barest.session.model_copy(
        update={"starts_at": slots[0].session.starts_at, "ends_at": max(one.session.ends_at for one in slots)}
    )
    return barest.model_copy(update={"session": session, "needs": tuple(need for one in slots for need in one.needs)})


class AtLibrary(NamedTuple):
    """How one library is staffed."""

    id: str
    name: str
    missing: int
    gaps: int
    lacking: int
    first: datetime | None
    """When somebody is missing next."""


def by_library(found: Iterable[Staffed]) -> list[AtLibrary]:
    """How each library is staffed, those first where most are missing."""
    libraries: dict[str, list[Staffed]] = {}
    for one in found:
        libraries.setdefault(one.session.branch.id, []).append(one)
    told = [
        AtLibrary(
            id=id_,
            name=those[0].session.branch.name,
            missing=sum(one.gap for one in those),
            gaps=sum(1 for one in those if one.gap),
            lacking=sum(one.lacking for one in those),
            first=next((one.session.starts_at for one in those if one.gap), None),
        )
        for id_, those in libraries.items()
    ]
    return sorted(told, key=lambda one: (-one.lacking, -one.missing, one.name))


class Staffing(Model):
    """All of them, in the order of time."""

    items: tuple[Staffed, ...]


class Candidate(Model):
    """Somebody who does such things there, and whether they can be asked."""

    volunteer_id: UUID
    name: str | None
    languages: Mapping[str, str]
    share: int
    """Minutes given, as the fair queue counts them."""
    budget_left: int | None
    """Minutes left of their year."""
    available: bool | None
    """By what they said of their week; None where they said nothing."""
    state: str | None
    """Of their shift in this session, also one that is over."""
    why_not: str | None
    """Of :data:`WHY_NOT`."""

    @property
    def there(self) -> bool:
        """Whether they are asked, or have said yes or offered themselves."""
        return self.state in _LIVE


class Candidates(Model):
    """All of them, the first to be asked first."""

    items: tuple[Candidate, ...]


class Asked(Model):
    """Somebody who was asked to help a visitor, and why just they."""

    id: UUID
    volunteer_id: UUID
    name: str | None
    state: str
    ended: str | None
    """Why it is not theirs any more."""
    why: Mapping[str, Any]
    """Words and numbers; ``by_hand`` where staff put them there."""
    proposed_at: AwareDatetime


class AtRisk(Model):
    """A visitor who lacks somebody."""

    session: AssignedSession
    need: Need


class AtRiskList(Model):
    """All of them, the nearest first."""

    items: tuple[AtRisk, ...]


class History(AtRisk):
    """One visitor, with everybody who was asked, in order."""

    asked: tuple[Asked, ...]


class NotHandedOver(Model):
    """What stayed as it was."""

    id: UUID
    """Of the shift, or of an assignment where there is none."""
    type: str
    """Of :data:`REFUSALS`."""


class HandedOver(Model):
    """How many sessions' work went to others."""

    moved: int
    refused: tuple[NotHandedOver, ...]


NEED_STATES: Mapping[str, str] = {
    "sought": msgid("Söker"),
    "proposed": msgid("En är tillfrågad"),
    "covered": msgid("Har en hjälpare"),
    "alarmed": msgid("Ingen kvar att fråga"),
    "given_up": msgid("Besökaren har fått besked"),
    "over": msgid("Över"),
}

SHIFT_STATES: Mapping[str, str] = {
    "asked": msgid("tillfrågad"),
    "offered": msgid("erbjuder sig"),
    "on_duty": msgid("kommer"),
    "done": msgid("var där"),
    "missed": msgid("kom inte"),
}

ENDINGS: Mapping[str, str] = {
    "declined": msgid("tackade nej"),
    "expired": msgid("svarade inte i tid"),
    "ill": msgid("blev sjuk"),
    "handed_over": msgid("lämnade över"),
    "taken_over": msgid("någon annan tog över"),
    "visitor_cancelled": msgid("besökaren avbokade"),
    "session_cancelled": msgid("tillfället ställdes in"),
    "session_moved": msgid("tillfället flyttades"),
    "staff": msgid("personalen tog tillbaka"),
    "left": msgid("har slutat"),
    "proposed": msgid("är tillfrågad"),
    "accepted": msgid("sa ja"),
    "released": msgid("behövdes inte"),
    "done": msgid("hjälpte till"),
}
"""What came of asking somebody; it follows on their name."""

WHY_NOT: Mapping[str, str] = {
    "not-active": msgid("hjälper inte till just nu"),
    "over-budget": msgid("timmarna för året räcker inte"),
    "register-note-missing": msgid("registerutdraget är inte sett, eller har gått ut"),
    "already-busy": msgid("är upptagen då"),
}
"""Why somebody cannot; it follows on their name."""

REFUSALS: Mapping[str, str] = {
    "full": msgid("Det är redan så många som behövs."),
    "already-busy": msgid("Personen är någon annanstans då."),
    "register-note-missing": msgid("Här är det barn, och personens registerutdrag är inte sett eller har gått ut."),
    "over-budget": msgid("Personens timmar för året räcker inte."),
    "not-active": msgid("Personen hjälper inte till just nu."),
    "already-answered": msgid("Det har redan ordnat sig på annat sätt. Här står läget som det är nu."),
    "too-late": msgid("Det är för sent."),
    "not-possible-now": msgid("Det går inte som läget är nu."),
    "unknown-volunteer": msgid("Personen finns inte här längre."),
    "unknown-shift": msgid("Det passet finns inte längre."),
    "unknown-assignment": msgid("Det uppdraget finns inte längre."),
    "unknown-need": msgid("Besökaren söker ingen längre."),
}
"""Why it was not done, by what volunteers calls it."""
