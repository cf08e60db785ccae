"""Phone numbers as people write and read them."""

from __future__ import annotations

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

HOME = "SE"


def national(phone: str) -> str:
    """``070-174 06 05``, of a number as services keep it; what is no number stays as it is."""
    try:
        number = phonenumbers.parse(phone, HOME)
    except NumberParseException:
        return phone
    own = phonenumbers.region_code_for_country_code(number.country_code or 0) == HOME
    return phonenumbers.format_number(number, PhoneNumberFormat.NATIONAL if own else PhoneNumberFormat.INTERNATIONAL)
