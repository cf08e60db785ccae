"""What the rules answer when they do not allow something; services answer with these names."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault: its class name becomes the problem type
    """What the rules do not allow; ``field`` names what is at fault in what was asked."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Invalid(Refusal):
    """A value that no session may have."""


class UnknownSession(Refusal):
    """There is no such session, or it is not public yet."""


class UnknownSeries(Refusal):
    """There is no such series, or nothing of it is public yet."""


class UnknownClosure(Refusal):
    """There is no such closure of that branch."""


class UnknownBranch(Refusal):
    """There is no such branch."""


class Closed(Refusal):
    """The session is over or cancelled; it cannot change any more."""


class Forbidden(Refusal):
    """The person's role does not reach this branch."""
