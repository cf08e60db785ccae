"""How a visitor can be reached: what they typed, made into an address that works, or a clear no."""

from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from shared.codes import ascii_digits

By: TypeAlias = Literal["sms", "email", "call", "proxy", "none"]
Behalf: TypeAlias = Literal["relative", "teacher", "colleague"]

HOME = "SE"
COUNTRIES = frozenset({"SE"})
"""Countries whose numbers we write to: each SMS costs, and rings abroad are where fraud is."""

_MOBILE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


class InvalidPhone(Exception):  # noqa: N818 - a refusal
    """Not a number we can use this way."""

    field = "reach.phone"


class InvalidEmail(Exception):  # noqa: N818 - a refusal
    """Not an e-mail address."""

    field = "reach.email"


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
        if self.phone:
            national = phonenumbers.format_number(phonenumbers.parse(self.phone), PhoneNumberFormat.NATIONAL)
            return f"{national.partition('-')[0]}-… {self.phone[-2:]}"
        if self.email:
            local, _, host = self.email.rpartition("@")
            return f"{local[:1]}…@{host}"
        return None


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
            return Reach(by=by, email=_address(email))
        case "sms" | "proxy":
            return Reach(by=by, phone=_number(phone, mobile=True), email=_address(email) if email else None)
        case "call":
            return Reach(by=by, phone=_number(phone, mobile=False), email=_address(email) if email else None)
        case "email":
            return Reach(by=by, email=_address(email), phone=_number(phone, mobile=False) if phone else None)
        case "none":
            return Reach(by=by)


def _number(text: str | None, *, mobile: bool) -> str:
    if not text or not text.strip():
        raise InvalidPhone("write your phone number")
    typed = ascii_digits(text)
    if any(letter.isalpha() for letter in typed):
        raise InvalidPhone("a phone number has digits only")
    try:
        number = phonenumbers.parse(typed, HOME)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone("this is not a phone number") from error
    if not phonenumbers.is_valid_number(number):
        raise InvalidPhone("this is not a phone number")
    if phonenumbers.region_code_for_number(number) not in COUNTRIES:
        raise InvalidPhone("we can only use Swedish numbers")
    if mobile and phonenumbers.number_type(number) not in _MOBILE:
        raise InvalidPhone("an SMS needs a mobile number, such as 070-174 06 05")
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _address(text: str | None) -> str:
    if not text or not text.strip():
        raise InvalidEmail("write your e-mail address")
    if not text.rpartition("@")[0].isascii():
        raise InvalidEmail("before the @ only ASCII letters work: not every mail server takes others")
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidEmail("this is not an e-mail address") from error
    return checked.ascii_email or checked.normalized  # a domain with å, ä or ö goes by its other name
