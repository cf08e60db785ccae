"""What forms of series and of single sessions have in common: where, who holds it, and for how many."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from services.web.faults import NUMBER, Fault
from services.web.staff.planning.typing_in import count, text
from shared.models import Model

if TYPE_CHECKING:
    from multidict import MultiDictProxy

_CAPACITY = ("seats", "walk_in", "queue")
_NUMBERS = (*_CAPACITY, "helpers_needed")


class SeatsForm(Model):
    """Where, who and for how many, as it was typed. What is empty is as the activity says."""

    activity: str = ""
    place: Literal["branch", "online", "outreach"] = "branch"
    room: str = ""
    host: str = ""
    seats: str = ""
    walk_in: str = ""
    queue: str = ""
    helpers_needed: str = ""
    link: str = ""
    number: str = ""

    @staticmethod
    def seats_sent(form: MultiDictProxy[str]) -> dict[str, Any]:
        """What was typed of it."""
        place = form.get("place", "branch")
        names = ("activity", "room", "host", *_NUMBERS, "link", "number")
        return {
            **{name: text(form, name) for name in names},
            "place": place if place in {"online", "outreach"} else "branch",
        }

    def seats_faults(self) -> list[Fault]:
        """What is no number."""
        typed = {name: getattr(self, name) for name in _NUMBERS}
        return [Fault(field=name, text=NUMBER) for name, value in typed.items() if value and count(value) is None]

    def seats_body(self) -> dict[str, Any]:
        """What catalog is told of it."""
        typed = {name: count(getattr(self, name)) for name in _CAPACITY}
        meeting = {"link": self.link, "number": self.number}
        return {
            "place": self.place,
            "room": self.room,
            "host": self.host,
            "capacity": {name: value for name, value in typed.items() if value is not None},
            **({"helpers_needed": count(self.helpers_needed)} if self.helpers_needed else {}),
            **({"meeting": meeting} if self.link and self.place == "online" else {}),
        }
