"""The form of a single session."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal
from uuid import uuid4

from services.web.faults import Fault
from services.web.rendering import msgid
from services.web.staff.planning.faults import faults_of
from services.web.staff.planning.seats import SeatsForm
from services.web.staff.planning.typing_in import ENDS_BEFORE, clock, day, length, text

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from multidict import MultiDictProxy

    from services.web.staff.planning.answers import Activity
    from shared.problems import Problem

_DAY = msgid("Välj dagen.")
_STARTS = msgid("Skriv när det börjar, till exempel 17.00.")
_ENDS = msgid("Skriv när det slutar, till exempel 18.30.")

_SHOWN = {
    "starts_at": "starts",
    "ends_at": "ends",
    "branch_id": "activity",
    "activity_id": "activity",
    "meeting": "link",
}


class SessionForm(SeatsForm):
    """A session as it was typed."""

    day: str = ""
    starts: str = ""
    ends: str = ""
    theme: str = ""
    status: Literal["draft", "published"] = "published"
    key: str = ""
    known: bool = False
    """Whether whoever typed it has seen what is in its way."""

    @classmethod
    def new(cls, activity: Activity) -> SessionForm:
        """An empty form for an activity."""
        return cls(activity=str(activity.id), key=str(uuid4()))

    @classmethod
    def sent(cls, form: MultiDictProxy[str]) -> SessionForm:
        """What was typed."""
        return cls(
            **cls.seats_sent(form),
            day=text(form, "day"),
            starts=text(form, "starts"),
            ends=text(form, "ends"),
            theme=text(form, "theme"),
            status="draft" if form.get("status") == "draft" else "published",
            key=text(form, "key") or str(uuid4()),
            known="known" in form,
        )

    def faults(self) -> list[Fault]:
        """What has to be put right before catalog can be asked."""
        starts, ends = clock(self.starts), clock(self.ends)
        found = [
            (day(self.day) is not None, "day", _DAY),
            (starts is not None, "starts", _STARTS),
            (ends is not None, "ends", _ENDS),
            (starts is None or ends is None or length(starts, ends) is not None, "ends", ENDS_BEFORE),
        ]
        return [Fault(field=field, text=said) for right, field, said in found if not right] + self.seats_faults()

    def times(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """From when until when; what ends before it starts, ends the next day. Only of a form without faults."""
        on, starts, ends = day(self.day), clock(self.starts), clock(self.ends)
        if on is None or starts is None or ends is None:
            raise ValueError(self.day)
        until = on if ends > starts else on + timedelta(days=1)
        return tuple(  # type: ignore[return-value] # two of them
            datetime.combine(one, at, zone).astimezone(UTC) for one, at in ((on, starts), (until, ends))
        )

    def body(self, branch: str, zone: ZoneInfo) -> dict[str, Any]:
        """What catalog is asked for; only of a form without faults."""
        starts_at, ends_at = self.times(zone)
        return {
            **self.seats_body(),
            "activity_id": self.activity,
            "branch_id": branch,
            "starts_at": starts_at.isoformat(),
            "ends_at": ends_at.isoformat(),
            "status": self.status,
            **({"theme": {"sv": self.theme}} if self.theme else {}),
        }


def refused(problem: Problem) -> list[Fault]:
    """What catalog wants put right.

    Raises:
        Problem: it is about nothing that somebody typed.
    """
    return faults_of(problem, _SHOWN)
