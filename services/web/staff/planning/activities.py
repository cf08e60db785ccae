"""The form of an activity: its texts in each language side by side, and how it is booked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from services.web.faults import NUMBER, Fault
from services.web.rendering import msgid
from services.web.staff.planning.faults import faults_of
from services.web.staff.planning.typing_in import count, lines, text
from shared.models import Model

if TYPE_CHECKING:
    from multidict import MultiDictProxy

    from services.web.staff.planning.answers import Activity, PlannedKind, Terms
    from shared.problems import Problem

TEXTS = ("titles", "sms_titles", "summaries", "audiences", "bring", "led_by")
_OWN = ("minutes", "party_max", "late_cancel_hours", "reminder_hours", "helpers_needed")
_CAPACITY = ("seats", "walk_in", "queue")
NUMBERS = (*_OWN, *_CAPACITY)
SPOKEN = (
    *("sv", "en", "ar", "so", "ti", "fa", "prs", "ku", "ckb", "tr", "pl", "ru", "uk", "es", "fr"),
    *("fi", "bs", "sq", "ro", "am", "ur", "th", "zh", "vi"),
)
"""Languages that something may be held in, or told of in, the likeliest first."""

_TITLE = msgid("Skriv vad aktiviteten heter på svenska.")


class ActivityForm(Model):
    """An activity as it was typed. Texts by ``titles-sv``; numbers as they were written."""

    kind: str
    texts: dict[str, str]
    tags: tuple[str, ...]
    """The languages that the form has room for."""
    languages: tuple[str, ...]
    level: str
    mode: str
    numbers: dict[str, str]
    reconfirm: bool
    children: bool
    by_staff: bool
    register_note: bool = False
    revision: int = 1
    key: str = ""

    @classmethod
    def new(cls, kind: PlannedKind, tags: Sequence[str]) -> ActivityForm:
        """An empty form, with what activities of a kind start from."""
        return cls(
            kind=kind.id,
            texts={},
            tags=tuple(tags),
            languages=("sv",),
            level="",
            **_terms(kind.terms),
            key=str(uuid4()),
        )

    @classmethod
    def of(cls, activity: Activity, tags: Sequence[str]) -> ActivityForm:
        """The form of an activity as it is."""
        told: Mapping[str, Mapping[str, str]] = {name: getattr(activity, name) for name in TEXTS}
        kept = {f"{name}-{tag}": text for name, texts in told.items() for tag, text in texts.items()}
        more = {tag for texts in told.values() for tag in texts} - set(tags)
        return cls(
            kind=activity.kind,
            texts=kept,
            tags=(*tags, *sorted(more)),
            languages=activity.languages,
            level=activity.level or "",
            **_terms(activity),
            revision=activity.revision,
        )

    @classmethod
    def sent(cls, form: MultiDictProxy[str], tags: Sequence[str]) -> ActivityForm:
        """What was typed."""
        asked = dict.fromkeys((*tags, *form.getall("tags", []), form.get("more", "")))
        known = tuple(tag for tag in asked if tag in {*tags, *SPOKEN})
        typed = {f"{name}-{tag}": lines(form, f"{name}-{tag}") for name in TEXTS for tag in known}
        return cls(
            kind=text(form, "kind"),
            texts={name: value for name, value in typed.items() if value},
            tags=known,
            languages=tuple(form.getall("languages", [])),
            level=text(form, "level"),
            mode=text(form, "mode"),
            numbers={name: text(form, name) for name in NUMBERS},
            reconfirm="reconfirm" in form,
            children="children" in form,
            by_staff="by_staff" in form,
            register_note="register_note" in form,
            revision=count(text(form, "revision")) or 1,
            key=text(form, "key") or str(uuid4()),
        )

    def faults(self) -> list[Fault]:
        """What has to be put right before catalog can be asked."""
        missing = [] if self.texts.get("titles-sv") else [Fault(field="titles-sv", text=_TITLE)]
        wrong = [name for name, value in self.numbers.items() if value and count(value) is None]
        return missing + [Fault(field=name, text=NUMBER) for name in wrong]

    def body(self, *, whole: bool) -> dict[str, Any]:
        """What catalog is asked for: all of a change, where empty texts are taken away; of a new one what is said."""
        told = {name: self._in_languages(name) for name in TEXTS}
        if not told["sms_titles"]:
            del told["sms_titles"]
        numbers = {name: count(value) for name, value in self.numbers.items() if value}
        of_no_use = {"booking": {"walk_in"}, "drop_in": {"walk_in", "queue"}}.get(self.mode, set())
        seats = {name: numbers.pop(name) for name in _CAPACITY if name in numbers}
        capacity = {name: value for name, value in seats.items() if name not in of_no_use}
        return {
            **(told if whole else {name: texts for name, texts in told.items() if texts}),
            **numbers,
            "capacity": capacity,
            "languages": list(self.languages),
            **({"level": self.level or None} if whole or self.level else {}),
            "mode": self.mode,
            "reconfirm": self.reconfirm,
            "children": self.children,
            "booked_by": "staff" if self.by_staff else "anyone",
            "register_note": self.register_note,
        }

    def merged(self, activity: Activity, changes: Sequence[Mapping[str, Any]]) -> ActivityForm:
        """What was typed, on top of what somebody else changed meanwhile: where only they did, theirs stands."""
        now, before = ActivityForm.of(activity, self.tags), ActivityForm.of(_before(activity, changes), self.tags)

        def both(name: str) -> dict[str, str]:
            mine, was, is_ = (getattr(form, name) for form in (self, before, now))
            told = {key: (is_ if mine.get(key) == was.get(key) else mine).get(key) for key in {**is_, **mine}}
            return {key: value for key, value in told.items() if value is not None}

        single = ("languages", "level", "mode", "reconfirm", "children", "by_staff", "register_note")
        theirs = {name: getattr(now, name) for name in single if getattr(self, name) == getattr(before, name)}
        update = {"texts": both("texts"), "numbers": both("numbers"), "tags": now.tags, "revision": now.revision}
        return self.model_copy(update=update | theirs)

    def _in_languages(self, name: str) -> dict[str, str]:
        return {tag: self.texts[f"{name}-{tag}"] for tag in self.tags if f"{name}-{tag}" in self.texts}


def refused(problem: Problem) -> list[Fault]:
    """What catalog wants put right.

    Raises:
        Problem: it is about nothing that somebody typed.
    """
    return faults_of(problem, {name: f"{name}-sv" for name in TEXTS})


def _before(activity: Activity, changes: Sequence[Mapping[str, Any]]) -> Activity:
    """The activity as it was before some changes."""
    was: dict[str, Any] = activity.model_dump()
    for change in changes:
        first, _, rest = str(change["field"]).partition(".")
        (was[first] if rest else was)[rest or first] = change["was"]
    return type(activity).model_validate(was)


def _terms(terms: Terms) -> dict[str, Any]:
    own = {name: getattr(terms, name) for name in _OWN}
    seats = {name: getattr(terms.capacity, name) for name in _CAPACITY}
    return {
        "mode": terms.mode,
        "numbers": {name: str(value) for name, value in (own | seats).items()},
        "reconfirm": terms.reconfirm,
        "children": terms.children,
        "by_staff": terms.booked_by == "staff",
        "register_note": terms.register_note,
    }
