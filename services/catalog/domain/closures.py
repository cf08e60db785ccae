"""Days on which a branch is shut."""

from datetime import date, timedelta

from services.catalog.domain.refusals import Invalid

LONGEST_CLOSURE = timedelta(days=366)


def check_closure(first: date, last: date, today: date) -> None:
    """Refuse days that are no closure to come.

    Raises:
        Invalid: they end before they begin, are over, or last longer than a year.
    """
    if last < first:
        raise Invalid("the last day is before the first", "last")
    if last < today:
        raise Invalid("these days have passed", "last")
    if last - first >= LONGEST_CLOSURE:
        raise Invalid("a closure lasts a year at most", "last")
