"""What a text to a visitor is made from, and the words in it that stand for facts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notify.contacts import Contact
from services.notify.messages import ENDING, Date, Parameters
from services.notify.render.deadline import Deadline
from services.notify.render.occasion import CATALOGS, Occasion, line, same_place
from services.notify.render.series import Dates, Length
from shared.events import Meeting, SessionState
from shared.i18n import Catalogs, Language


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """Everything a message to a visitor is made from."""

    template: str
    parameters: Parameters
    standing: str
    """What the booking is by now."""
    session: SessionState
    contact: Contact
    zone: ZoneInfo
    public_url: str
    """Where visitors reach web; empty when that is not known."""
    now: datetime
    """The moment of sending."""
    next_session: SessionState | None = None
    """Of a cancelled session: where they could come instead."""
    dates: Sequence[Date] = ()
    """Of what was booked together: those this tells of."""
    refused: Sequence[SessionState] = ()
    """... and those that were not booked with the others, as far as they are known."""
    catalogs: Catalogs = CATALOGS
    """The words it is told in."""

    @property
    def language(self) -> Language:
        """The recipient's language, or Swedish when there are no texts in it."""
        return self.catalogs[self.contact.language]

    @property
    def occasion(self) -> Occasion:
        """The session, in their language."""
        return Occasion(session=self.session, language=self.language, zone=self.zone)

    @property
    def wording(self) -> str:
        """Which of the catalog's texts says it: some templates have one for each case."""
        match self.template:
            case "cancelled":
                waited = "" if self.parameters.was == "confirmed" else "waiting."
                return f"cancelled.{waited}{self.parameters.by}"
            case "rescheduled":
                changed = self.parameters.changed
                return f"rescheduled.{changed[0] if len(changed) == 1 else 'time_and_place'}"
            case "series_rescheduled":
                changed = self.parameters.changed
                return f"series_rescheduled.{changed[0] if len(changed) == 1 else 'time_and_place'}"
            case "series_cancelled":
                return f"series_cancelled.{self.parameters.by}"
            case "shrunk" if not self.seated:
                return f"shrunk.{self.standing}"
            case _:
                return self.template

    @property
    def of_series(self) -> bool:
        """Whether this tells of several dates that were booked together."""
        return self.template.startswith("series_")

    @property
    def series(self) -> Dates:
        """The dates it tells of, in their language."""
        return self._dates([date.session for date in self.dates])

    @property
    def not_booked(self) -> Dates:
        """Those dates that were not booked with the others, in their language."""
        return self._dates(self.refused)

    @property
    def can_name_refused(self) -> bool:
        """Whether each date that was not booked with the others is known."""
        return len(self.refused) == len(self.parameters.refused)

    def _dates(self, sessions: Sequence[SessionState]) -> Dates:
        return Dates(sessions=tuple(sessions), language=self.language, zone=self.zone)

    def following(self, name: str, length: Length = "long") -> str:
        """When they could come instead; and where, under this name of its library, if that is somewhere else."""
        if self.next_session is None:
            return ""
        then = Occasion(session=self.next_session, language=self.language, zone=self.zone)
        key = "next" if length == "long" else "soon"
        here = same_place(self.next_session, self.session)
        words = self.language.gettext(f"{key}.here" if here else f"{key}.elsewhere")
        return words.format(**then.facts(), place=then.place(name))

    @property
    def over(self) -> bool:
        """Whether this tells of the booking's end."""
        return self.template in ENDING

    @property
    def seated(self) -> bool:
        """Whether they have a seat."""
        return self.standing == "confirmed" and not self.over

    @property
    def had_seat(self) -> bool:
        """Whether this takes a seat away that they had."""
        return self.over and self.parameters.was == "confirmed"

    @property
    def meeting(self) -> Meeting | None:
        """How one gets into the session if it is online, as long as one has a seat."""
        meeting = self.session.meeting
        if meeting is None or self.session.place != "online" or not self.seated:
            return None
        return Meeting(link=line(meeting.link), number=line(meeting.number))

    @property
    def host(self) -> str:
        """The library that holds the session."""
        return line(self.session.branch.name)

    @property
    def answer_by(self) -> datetime | None:
        """The time until which an offer is good, rounded so that nobody comes too late who keeps to it."""
        return self._until.by

    @property
    def deadline(self) -> str:
        """That time in few words."""
        return self._until.short

    @property
    def full_deadline(self) -> str:
        """That time with its date."""
        return self._until.full

    @property
    def _until(self) -> Deadline:
        return Deadline(exact=self.contact.answer_by, now=self.now, language=self.language, zone=self.zone)

    def fill(self, text: str, **shown: object) -> str:
        """A text of the catalog with its facts in it; ``shown`` are those that a mail and an SMS write differently."""
        filled = text.format(
            **self.occasion.facts(),
            **shown,
            name=self.contact.name,
            times=len(self.dates),
            missed=len(self.parameters.refused),
            when=self.occasion.day_from(self.now),
            code=self.contact.code,
            number=self.parameters.persons,
            position=self.parameters.position,
            meeting=self.meeting.number if self.meeting else "",
            my_booking=f"{self.public_url}/{self.language.tag}/my-booking",
        )
        return line(filled)

    def words(self, key: str) -> str:
        """A text of the catalog, in the form that goes with what it counts where it has several."""
        for counted, number in (
            (_COUNTED, self.parameters.persons),
            (_COUNTED_BY_DATES, len(self.dates)),
            (_COUNTED_BY_REFUSED, len(self.parameters.refused)),
        ):
            if key in counted:
                return self.language.ngettext(f"{key}.one", f"{key}.many", number)
        return self.language.gettext(key)


_COUNTED = frozenset(
    {
        "sms.shrunk",
        "sms.shrunk.queued",
        "sms.shrunk.offered",
        "mail.shrunk.lead",
        "mail.shrunk.queued.lead",
        "mail.shrunk.offered.lead",
        "mail.who.value",
        "aloud.shrunk",
        "aloud.shrunk.queued",
        "aloud.shrunk.offered",
    }
)
"""Texts that are another one when only one person comes."""

_COUNTED_BY_DATES = frozenset(
    {
        "sms.series_booked",
        "sms.series_rescheduled.time",
        "sms.series_rescheduled.place",
        "sms.series_rescheduled.time_and_place",
        "sms.series_cancelled.visitor",
        "sms.series_cancelled.staff",
        "mail.series_booked.subject",
        "mail.series_booked.lead",
    }
)
"""Texts that are another one when only one date is told of."""

_COUNTED_BY_REFUSED = frozenset(
    {"sms.refused.count", "sms.refused.count.short", "mail.refused.count", "aloud.refused.count"}
)
"""Texts that are another one when only one date was not booked."""
