"""What the rules answer when they do not allow something; services answer with these names."""

from collections.abc import Mapping, Sequence


class Refusal(Exception):  # noqa: N818 - an answer, not a fault: its class name becomes the problem type
    """What the rules do not allow; ``field`` names what is at fault in what was asked."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Invalid(Refusal):
    """A value that no session may have."""


class UnknownSession(Refusal):
    """There is no such session, or it is not public yet."""


class UnknownActivity(Refusal):
    """There is no such activity."""


class UnknownSeries(Refusal):
    """There is no such series, or nothing of it is public yet."""


class UnknownClosure(Refusal):
    """There is no such closure of that branch."""


class UnknownBranch(Refusal):
    """There is no such branch."""


class BranchExists(Refusal):
    """There is a branch of that id already."""


class NameTaken(Refusal):
    """Another branch is called so already, in full or in an SMS."""


class UnknownKind(Refusal):
    """There is no such kind of activity."""


class UnreadableFile(Refusal):
    """A file that is no table, or that nobody can be sure to read as it was meant."""

    def __init__(self, detail: str) -> None:
        super().__init__(detail, "body")


class TooManyLines(Refusal):
    """A table that is longer than what is taken at once."""


class WrongColumns(Refusal):
    """A table without a column that is needed, with one that is unknown, or with one twice."""

    def __init__(self, *, missing: list[str], unknown: list[str], twice: list[str]) -> None:
        self.members = {"missing": missing, "unknown": unknown, "twice": twice}
        said = "; ".join(f"{how}: {', '.join(names)}" for how, names in self.members.items() if names)
        super().__init__(f"the first line must name the columns. {said}", (missing + unknown + twice)[0])


class UnfitLines(Refusal):
    """A table with something wrong; ``members`` tell line by line what."""

    def __init__(self, lines: Sequence[Mapping[str, str | int]]) -> None:
        first = lines[0]
        super().__init__(f"line {first['line']}: {first['detail']}", str(first["column"]))
        self.members = {"lines": list(lines)}


class Closed(Refusal):
    """The session is over or cancelled; it cannot change any more."""


class Forbidden(Refusal):
    """The person's role does not reach this branch."""
