"""How who helps is reached, from what was typed."""

from typing import NamedTuple

from services.volunteers.domain.people import By
from shared.reach import InvalidEmail, InvalidPhone, address, number


class Reached(NamedTuple):
    """A way to somebody, with a number or an address that works."""

    by: By
    phone: str | None
    email: str | None


def reached(by: By, phone: str | None, email: str | None) -> Reached:
    """Check and normalise a number and an address, and that the way that was chosen leads somewhere.

    Raises:
        InvalidPhone: missing, not a number, of a country we do not write to, or no mobile where SMS is asked for.
        InvalidEmail: missing or not an address.
    """
    try:
        return Reached(
            by,
            number(phone, mobile=by == "sms") if phone or by != "email" else None,
            address(email) if email or by == "email" else None,
        )
    except (InvalidPhone, InvalidEmail) as error:
        error.field = error.field.removeprefix("reach.")  # here they stand by themselves
        raise


def typed(text: str) -> Reached:
    """A mobile number or an address, whichever it is that somebody types to sign in.

    Raises:
        InvalidPhone, InvalidEmail: it is neither.
    """
    try:
        if "@" in text:
            return Reached("email", None, address(text))
        return Reached("sms", number(text, mobile=True), None)
    except (InvalidPhone, InvalidEmail) as error:
        error.field = "reach"
        raise
