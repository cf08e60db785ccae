"""What the rules do not allow, by the name of the problem type."""


class Refusal(Exception):  # noqa: N818 - an answer, not a fault: its class name becomes the problem type
    """What the rules do not allow; ``field`` names what is at fault in what was asked."""

    def __init__(self, detail: str, field: str | None = None) -> None:
        super().__init__(detail)
        self.field = field


class Forbidden(Refusal):
    """The person's role does not reach this."""


class UnknownPartner(Refusal):
    """There is no such partner."""


class NameTaken(Refusal):
    """Another partner is called so already."""


class IdempotencyKeyReused(Refusal):
    """Another partner was made under that key."""
