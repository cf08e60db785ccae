"""The dates that a rule of RFC 5545 gives, by the calendar and the clock on the wall."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from services.catalog.domain import FURTHEST_AHEAD, MOST_DATES, Invalid

_DAY = "(MO|TU|WE|TH|FR|SA|SU)"
_PARTS = {
    "FREQ": r"DAILY|WEEKLY|MONTHLY|YEARLY",
    "INTERVAL": r"[1-9][0-9]?",
    "COUNT": r"[1-9][0-9]{0,8}",
    "UNTIL": r"[0-9TZ-]{8,16}",
    "BYDAY": rf"([+-]?[1-5])?{_DAY}(,([+-]?[1-5])?{_DAY})*",
    "BYMONTHDAY": r"-?[1-9][0-9]?(,-?[1-9][0-9]?)*",
    "BYMONTH": r"[1-9][0-9]?(,[1-9][0-9]?)*",
    "BYSETPOS": r"-?[1-9][0-9]{0,2}(,-?[1-9][0-9]{0,2})*",
    "WKST": _DAY,
}
"""What may stand in a rule. The time of day is said apart from it, and nothing happens twice in a day."""

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

_CYCLES = 19 * 400
"""Years. The calendar repeats itself every 400 years to the day of the week, so the same dates are found as well at
the end of the years that ``dateutil`` knows. It looks for them until then: for a rule without any, like that of 31
February, this is a moment and not half a minute."""


def dates(rule: str, first: date, at: time, zone: ZoneInfo) -> tuple[date, ...]:
    """The local dates of a rule from the first day on.

    Args:
        rule: Its parts, like ``FREQ=WEEKLY;BYDAY=TU;UNTIL=2027-06-01``; an end that has no time is a local date.
        first: The first day that may be one.
        at: When it begins on each of them, which an end with a time of day is compared to.
        zone: Where the clock is that shows it.

    Raises:
        Invalid: it is no rule, has no end, or gives no dates or too many.
    """
    parts = _parts(rule)
    until = _until(parts["UNTIL"], zone) if "UNTIL" in parts else None
    if until and until.date() > first + FURTHEST_AHEAD:
        raise Invalid("it ends more than two years after its first day", "rule")
    text = ";".join(f"{name}={value}" for name, value in parts.items() if name != "UNTIL")
    try:
        found = rrulestr(text, dtstart=_late(datetime.combine(first, at))).replace(until=until and _late(until))
        days = tuple(_early(moment.date()) for moment in islice(found, MOST_DATES + 1))
    except (ValueError, IndexError) as error:
        raise Invalid("that is no rule for repeating (RRULE of RFC 5545)", "rule") from error
    if not days:
        raise Invalid("the rule gives no date from its first day on", "rule")
    if len(days) > MOST_DATES:
        raise Invalid(f"the rule gives more than {MOST_DATES} dates; let it end sooner", "rule")
    return days


def again(rule: str, began: date, shift: int, first: date, last: date) -> tuple[str, date]:
    """A rule as it goes on in a later time, and the day from which to look for its dates.

    Args:
        rule: What it was; a kept one may have no end.
        began: Its first date, which says what the rule leaves open: the weekday, or the day of the month.
        shift: By how many days it is held after its dates; a weekly one moves there for good.
        first: The first day of the later time.
        last: The last one.
    """
    parts = dict(part.split("=", 1) for part in rule.upper().split(";"))
    kept = {name: value for name, value in parts.items() if name not in {"COUNT", "UNTIL"}}
    if kept["FREQ"] == "WEEKLY":
        found = kept.get("BYDAY") or _WEEKDAYS[began.weekday()]
        weekdays = sorted((_WEEKDAYS.index(day) + shift) % 7 for day in found.split(","))
        kept["BYDAY"] = ",".join(_WEEKDAYS[day] for day in weekdays)
        # Every second week is counted from its first date on, not from the first day of a term.
        first = next(day for day in (first + timedelta(days=n) for n in range(7)) if day.weekday() in weekdays)
    elif kept["FREQ"] in {"MONTHLY", "YEARLY"} and not {"BYDAY", "BYMONTHDAY"} & kept.keys():
        kept["BYMONTHDAY"] = str(began.day)
        if kept["FREQ"] == "YEARLY":
            kept.setdefault("BYMONTH", str(began.month))
    kept["UNTIL"] = last.isoformat()
    return ";".join(f"{name}={value}" for name, value in kept.items()), first


def _parts(rule: str) -> Mapping[str, str]:
    parts: dict[str, str] = {}
    for part in rule.upper().split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS or name in parts:
            raise Invalid(f"parts like {', '.join(_PARTS)} fit, each once", "rule")
        if not re.fullmatch(_PARTS[name], value):
            raise Invalid(f"{name} cannot be that", "rule")
        parts[name] = value
    if "FREQ" not in parts:
        raise Invalid("FREQ is missing: how often", "rule")
    if ("COUNT" in parts) == ("UNTIL" in parts):
        raise Invalid("either UNTIL or COUNT says when it ends", "rule")
    if int(parts.get("COUNT", "1")) > MOST_DATES:
        raise Invalid(f"at most {MOST_DATES} dates fit in a series", "rule")
    if parts["FREQ"] in {"DAILY", "WEEKLY"} and re.search("[1-5]", parts.get("BYDAY", "")):
        raise Invalid("BYDAY counts weekdays only in a month or a year", "rule")
    return parts


def _until(text: str, zone: ZoneInfo) -> datetime:
    """The last moment, by the clock on the wall."""
    try:
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}Z", text):
            utc = datetime.strptime(text, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
            return utc.astimezone(zone).replace(tzinfo=None)
        if re.fullmatch(r"[0-9]{8}T[0-9]{6}", text):
            return datetime.strptime(text, "%Y%m%dT%H%M%S").replace(tzinfo=zone).replace(tzinfo=None)
        return datetime.combine(date.fromisoformat(text), time.max)
    except (ValueError, OverflowError) as error:
        raise Invalid("UNTIL is a date, like 2027-06-01", "rule") from error


def _late(moment: datetime) -> datetime:
    return moment.replace(year=moment.year + _CYCLES)


def _early(day: date) -> date:
    return day.replace(year=day.year - _CYCLES)
