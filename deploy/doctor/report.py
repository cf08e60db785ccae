"""What an examination comes to, in words for a person. Ids only, never anything about people."""

from collections.abc import Iterable
from dataclasses import dataclass

_SHOWN = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """Something that is wrong."""

    name: str
    """A constant word for machines."""
    what: str
    """What is wrong, in a sentence without its full stop."""
    ids: tuple[str, ...] = ()
    todo: str

    @classmethod
    def about(cls, name: str, what: str, ids: Iterable[object], todo: str) -> "list[Finding]":
        """One finding about these, none when there are none."""
        told = tuple(sorted(str(id_) for id_ in ids))
        return [cls(name=name, what=what, ids=told, todo=todo)] if told else []

    @property
    def sentence(self) -> str:
        """What is wrong and with which, no more than can be read."""
        if not self.ids:
            return f"{self.what}."
        more = f" and {len(self.ids) - _SHOWN} more" if len(self.ids) > _SHOWN else ""
        return f"{self.what}: {', '.join(self.ids[:_SHOWN])}{more}."


@dataclass(frozen=True, kw_only=True, slots=True)
class Note:
    """Something that is worth knowing and not wrong."""

    text: str


class Unseen(Exception):  # noqa: N818 - an outcome of a check, not a fault of the code
    """A check could not look, because what it needs does not answer or was not named."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How one check went."""

    check: str
    title: str
    findings: tuple[Finding, ...] = ()
    notes: tuple[Note, ...] = ()
    unseen: str | None = None
    """Why it could not look; None when it could."""

    @property
    def verdict(self) -> str:
        """In a word."""
        if self.findings:
            return "wrong"
        return "not checked" if self.unseen else "ok"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """How all checks went."""

    outcomes: tuple[Outcome, ...]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All that is wrong; empty is healthy, as far as could be seen."""
        return tuple(finding for outcome in self.outcomes for finding in outcome.findings)

    @property
    def names(self) -> set[str]:
        """The words for what is wrong."""
        return {finding.name for finding in self.findings}

    def __str__(self) -> str:
        return "\n".join(_lines(self.outcomes))


def _lines(outcomes: Iterable[Outcome]) -> Iterable[str]:
    for outcome in outcomes:
        reason = f" ({outcome.unseen})" if outcome.unseen else ""
        yield f"  {outcome.verdict:<12} {outcome.title}{reason}"
        for finding in outcome.findings:
            yield f"      {finding.sentence}"
            yield f"      What to do: {finding.todo}"
        for note in outcome.notes:
            yield f"      For your information: {note.text}"
