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


class UnknownVolunteer(Refusal):
    """There is no such volunteer, or no longer anybody of whom more is known than hours."""


class UnknownCoordinator(Refusal):
    """There is no such coordinator."""


class NotPossibleNow(Refusal):
    """It is not the time for that."""


class WrongCode(Refusal):
    """No such code was sent there, or it is used up or over."""


class Unwritable(Refusal):
    """A name on a certificate is in a script that there is no font for here."""


class UnknownShift(Refusal):
    """There is no such shift."""


class UnknownAssignment(Refusal):
    """There is no such assignment."""


class TooLate(Refusal):
    """It could have been done before."""


class InvalidMinutes(Refusal):
    """So many minutes cannot have been."""


class NoHours(Refusal):
    """Nothing was counted that a certificate could tell of."""
