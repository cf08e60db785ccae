"""How people can be reached: what they typed, made into a number or an address that works, or a clear no."""

import phonenumbers
from email_validator import EmailNotValidError, validate_email
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from shared.codes import ascii_digits

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


def hint(phone: str | None, email: str | None) -> str | None:
    """Enough for the person to recognise it, too little for anybody else: ``070-… 05``."""
    if phone:
        national = phonenumbers.format_number(phonenumbers.parse(phone), PhoneNumberFormat.NATIONAL)
        return f"{national.partition('-')[0]}-… {phone[-2:]}"
    if email:
        local, _, host = email.rpartition("@")
        return f"{local[:1]}…@{host}"
    return None


def number(text: str | None, *, mobile: bool) -> str:
    """A phone number in E.164, one that takes SMS where it must be ``mobile``.

    Raises:
        InvalidPhone: missing, not a number, of a country we do not write to, or no mobile where that is asked for.
    """
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


def address(text: str | None) -> str:
    """An e-mail address as mail servers know it.

    Raises:
        InvalidEmail: missing or not an address.
    """
    if not text or not text.strip():
        raise InvalidEmail("write your e-mail address")
    if not text.rpartition("@")[0].isascii():
        raise InvalidEmail("before the @ only ASCII letters work: not every mail server takes others")
    try:
        checked = validate_email(text.strip(), check_deliverability=False, allow_smtputf8=False)
    except EmailNotValidError as error:
        raise InvalidEmail("this is not an e-mail address") from error
    return checked.ascii_email or checked.normalized  # a domain with å, ä or ö goes by its other name
