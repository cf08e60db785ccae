"""How a visitor can be reached: what they typed, made into an address that works, or a clear no."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

from shared.reach import InvalidEmail, InvalidPhone, address, hint, number

__all__ = [
    "Behalf",
    "By",
    "InvalidEmail",
    "InvalidPhone",
    "NotByProxy",
    "Reach",
    "on_behalf",
    "reach",
]

By: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]
Behalf: TypeAlias = Literal["relative", "teacher", "colleague"]


class NotByProxy(Exception):  # noqa: N818
    """Somebody helps with a booking, and yet it is the person themselves who would be written to."""

    field = "reach.by"


@dataclass(frozen=True, kw_only=True, slots=True)
class Reach:
    """A way to a person: E.164 number, address, or neither. ``proxy`` is a helper's, who alone is written to."""

    by: By
    phone: str | None = None
    email: str | None = None
    behalf_of: Behalf | None = None
    """What the helper is to the person, where that was said."""

    @property
    def hint(self) -> str | None:
        """Enough for the person to recognise it, too little for anybody else: ``070-... 05``."""
        return hint(self.phone, self.email)


def on_behalf(reach: Reach, helper: Behalf | None) -> Reach:
    """The same way, with who it leads to.

    Raises:
        NotByProxy: it does not lead to a helper.
    """
    if helper and reach.by != "proxy":
        raise NotByProxy("who helps with a booking is written to: choose proxy, and give their number or address")
    return replace(reach, behalf_of=helper)


def reach(by: By, phone: str | None, email: str | None) -> Reach:
    """Check and normalise what a visitor gave.

    Raises:
        InvalidPhone: missing, not a number, of a country we do not write to, or no mobile where SMS is asked for.
        InvalidEmail: missing or not an address.
    """
    match by:
        case "proxy" if email and not phone:
            return Reach(by=by, email=address(email))
        case "sms" | "proxy":
            return Reach(by=by, phone=number(phone, mobile=True), email=address(email) if email else None)
        case "call":
            return Reach(by=by, phone=number(phone, mobile=False), email=address(email) if email else None)
        case "email":
            return Reach(by=by, email=address(email), phone=number(phone, mobile=False) if phone else None)
        case "none":
            return Reach(by=by)
