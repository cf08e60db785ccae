"""What a text to somebody who helps is made from, and the words in it that stand for facts."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from services.notify.contacts import Contact
from services.notify.messages import ENDING, Parameters
from services.notify.render.deadline import Deadline
from services.notify.render.occasion import CATALOGS, Occasion, line
from services.notify.render.series import Length
from shared.events import SessionState
from shared.i18n import Catalogs, Language, choose

_CHANGES = {"assignment_rescheduled"}
_MAY_STAND_IN = {"assignment_proposed", "shift_proposed"}
_NOT_NEEDED = {"assignment_released", "shift_cancelled"}
_EXPLAINED = {"visitor_cancelled", "session_cancelled", "session_moved", "handed_over", "taken_over"}
_FOR_VISITOR = {"assignment_proposed", "assignment_accepted", "assignment_reminder"}
"""What says what a visitor wants: nothing else is known of them."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HelperTelling:
    """Everything a message to somebody who helps is made from. Of the visitor it is about it knows no name."""

    template: str
    parameters: Parameters
    session: SessionState | None
    given: SessionState | None
    """Of a swap: the one they give away."""
    contact: Contact
    zone: ZoneInfo
    public_url: str
    """Where they reach web; empty when that is not known."""
    now: datetime
    """The moment of sending."""
    catalogs: Catalogs = CATALOGS
    """The words it is told in."""

    @property
    def language(self) -> Language:
        """The recipient's language, or Swedish when there are no texts in it."""
        return self.catalogs[self.contact.language]

    @property
    def occasion(self) -> Occasion | None:
        """The session in their language, if it is about one."""
        if self.session is None:
            return None
        return Occasion(session=self.session, language=self.language, zone=self.zone)

    @property
    def wording(self) -> str:
        """Which of the catalog's texts says it."""
        if self.parameters.why == "ill":
            return "ill"
        if self.not_needed:
            return "not_needed"
        if self.template in _CHANGES:
            changed = self.parameters.changed
            return f"rescheduled.{changed[0] if len(changed) == 1 else 'time_and_place'}"
        if self.given:
            return f"{self.template}.swap"
        if self.template in _MAY_STAND_IN and self.parameters.stand_in:
            return f"{self.template}.stand_in"
        return self.template

    @property
    def not_needed(self) -> bool:
        """Whether they are let off something."""
        return self.template in _NOT_NEEDED and self.parameters.why != "ill"

    @property
    def asks(self) -> bool:
        """Whether they are to say yes or no."""
        return self.template in _MAY_STAND_IN

    @property
    def with_pledge(self) -> bool:
        """Whether their yes says that they follow the rules of helping a visitor."""
        return self.template == "assignment_proposed"

    @property
    def binds(self) -> bool:
        """Whether they do what this tells of, as things are."""
        return self.template.startswith(("assignment_", "shift_")) and self.template not in ENDING and not self.asks

    @property
    def why(self) -> str | None:
        """Which text says why it is not theirs any more, where there is more to say than that it is so."""
        return f"why.{self.parameters.why}" if self.parameters.why in _EXPLAINED else None

    @property
    def topic(self) -> str:
        """What the visitor wants help with; empty where that is not said."""
        return self._answer("topic", self.parameters.topic)

    @property
    def help_language(self) -> str:
        """In which language they want it; empty where that is not said."""
        return self._answer("help_language", self.parameters.help_language)

    def _answer(self, question_id: str, option_id: str | None) -> str:
        """One of the answers that a session allows, in words."""
        if self.session is None or option_id is None or self.template not in _FOR_VISITOR:
            return ""
        questions = (question for question in self.session.policies.ask if question.id == question_id)
        options = (option for question in questions for option in question.options if option.id == option_id)
        return next((line(choose(dict(option.labels), self.language.tag)) for option in options), option_id)

    @property
    def until(self) -> Deadline:
        """Until when they may answer."""
        return Deadline(exact=self.contact.answer_by, now=self.now, language=self.language, zone=self.zone)

    def giving(self, length: Length) -> str:
        """When that is which they give away in a swap."""
        if self.given is None:
            return ""
        then = Occasion(session=self.given, language=self.language, zone=self.zone)
        return self.language.gettext("next.here" if length == "long" else "soon.here").format(**then.facts())

    def fill(self, text: str, **shown: object) -> str:
        """A text of the catalog with its facts in it; ``shown`` are those that a mail and an SMS write differently."""
        occasion = self.occasion
        facts = {**occasion.facts(), "when": occasion.day_from(self.now)} if occasion else {}
        if self.parameters.ends_at:
            facts["ends"] = self.language.time(self.parameters.ends_at, self.zone)
        day = self.parameters.day
        filled = text.format(
            **facts,
            **shown,
            name=self.contact.name,
            code=self.contact.code,
            count=self.parameters.count,
            last_day=self.language.day(day, self.zone) if day else "",
            address=f"{self.public_url}/{self.language.tag}/volunteer",
        )
        return line(filled)

    def words(self, key: str) -> str:
        """A text of the catalog, in the form that goes with what it counts where it has several."""
        if key in _COUNTED:
            return self.language.ngettext(f"{key}.one", f"{key}.many", self.parameters.count)
        return self.language.gettext(key)


_COUNTED = frozenset({"sms.helper_handed_over", "mail.helper_handed_over.lead"})
"""Texts that are another one when only one assignment is told of."""
