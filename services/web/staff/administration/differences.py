"""What is different: by a change that one is about to make, or since one began to type."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple

from pydantic import ConfigDict, Field

from services.web.rendering import msgid
from services.web.staff.administration.kinds import CHOICE_LABELS, KIND_LABELS
from services.web.staff.administration.libraries import STOPS, Span, hour_fields, typed_hours
from services.web.staff.administration.partners import PARTNER_LABELS
from shared.models import Model


class Change(Model):
    """One field as it was and as it is; null is no value."""

    model_config = ConfigDict(validate_by_name=True)

    field: str
    was: Any
    is_: Any = Field(alias="is")


class Changes(Model):
    """What a refusal says is different since."""

    revision: int
    changes: tuple[Change, ...]

    @property
    def was(self) -> dict[str, Any]:
        """The fields that are different, as they were."""
        return {change.field: change.was for change in self.changes}


class Row(NamedTuple):
    """One difference in words. What it was and is are msgids where they are words of ours."""

    field: str
    """The form's field."""
    label: str
    weekday: int | None
    """Of hours: 0 is Monday."""
    was: str
    is_: str


LIBRARY_LABELS: Mapping[str, str] = {
    "name": msgid("Namn"),
    "sms_name": msgid("Namn i sms"),
    "phone": msgid("Telefon"),
    "address": msgid("Adress"),
    "district": msgid("Stadsdel"),
    "stop_kind": msgid("Vad som stannar där"),
    "stop_name": msgid("Hållplats"),
    "latitude": msgid("Läge, nord"),
    "longitude": msgid("Läge, öst"),
    "staffed": msgid("Öppet med personal"),
    "unstaffed": msgid("Meröppet"),
}

_YES, _NO = msgid("Ja"), msgid("Nej")


def of_library(changes: Iterable[Change]) -> list[Row]:
    """The differences of a library, each day's hours by themselves."""
    found = []
    for change in changes:
        if change.field == "hours":
            found += _hours(change)
        else:
            field = "place" if change.field in {"latitude", "longitude"} else change.field
            put: Callable[[Any], str] = STOPS.__getitem__ if field == "stop_kind" else str
            found.append(Row(field, LIBRARY_LABELS[change.field], None, put(change.was), put(change.is_)))
    return found


def _hours(change: Change) -> list[Row]:
    was, is_ = (typed_hours(map(Span.model_validate, spans)) for spans in (change.was, change.is_))
    return [
        Row(name, LIBRARY_LABELS[who], int(weekday), was[name], is_[name])
        for name in hour_fields()
        for who, _, weekday in (name.partition("-"),)
        if was[name] != is_[name]
    ]


def of_kind(changes: Iterable[Change]) -> list[Row]:
    """The differences of what a kind starts from."""
    found = []
    for change in changes:
        name = change.field.removeprefix("capacity.")
        found.append(Row(name, KIND_LABELS[name], None, _told(name, change.was), _told(name, change.is_)))
    return found


def of_partner(changes: Iterable[Change]) -> list[Row]:
    """The differences of a partner."""
    return [
        Row(one.field, PARTNER_LABELS[one.field], None, _told(one.field, one.was), _told(one.field, one.is_))
        for one in changes
    ]


def _told(name: str, value: object) -> str:
    if isinstance(value, bool):
        return _YES if value else _NO
    return CHOICE_LABELS[name][str(value)] if name in CHOICE_LABELS else str(value)
