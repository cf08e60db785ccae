"""The fields that several models have, and what fits them."""

import unicodedata
from datetime import date
from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field

from services.catalog.domain import LONGEST_SMS_NAME, MOST_HELPERS, SMS_CHARACTERS
from services.catalog.kinds import KINDS
from services.catalog.search import is_language
from shared.models import Strict


def _known_kind(kind: str) -> str:
    if kind not in KINDS:
        raise ValueError(f"there is no such kind; there are {', '.join(KINDS)}")
    return kind


def _known_language(tag: str) -> str:
    if not is_language(tag):
        raise ValueError("no language that has a name in CLDR has that tag; Kurdish is `ku`, Dari `prs`")
    return tag


def with_swedish(texts: dict[str, str]) -> dict[str, str]:
    """Texts in some languages, Swedish among them."""
    if "sv" not in texts:
        raise ValueError("a Swedish text (sv) is needed")
    return texts


def _with_swedish_if_any(texts: dict[str, str]) -> dict[str, str]:
    return with_swedish(texts) if texts else texts


def listed(given: object) -> object:
    """One value of a parameter that may be given several times."""
    return [given] if isinstance(given, str) else given


def _from_number(capacity: object) -> object:
    return {"seats": capacity} if isinstance(capacity, int) else capacity


def _as_swedish(texts: object) -> object:
    return {"sv": texts} if isinstance(texts, str) else texts


_UNSEEN = frozenset({"Cc", "Cf", "Co", "Zl", "Zp"})
_JOINERS = frozenset("\u200c\u200d")
"""Persian and Indic words are spelled with them."""


def _visible(text: str) -> str:
    if any(unicodedata.category(sign) in _UNSEEN and sign not in _JOINERS for sign in text):
        raise ValueError("control and format characters do not fit")
    return text


def _visible_lines(text: str) -> str:
    return "\n".join(_visible(line) for line in text.split("\n"))


def _in_plain_sms(text: str) -> str:
    if not SMS_CHARACTERS.issuperset(text):
        raise ValueError("only the letters and signs of plain SMS (GSM-7) fit")
    return text


Line = Annotated[str, AfterValidator(_visible)]
"""Text on one line, with nothing in it that cannot be seen or turns the line around."""
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=60)]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{1,8})*$", max_length=35)]
Spoken = Annotated[LanguageTag, AfterValidator(_known_language)]
"""A language that something is held in."""
KindId = Annotated[str, AfterValidator(_known_kind)]
Title = Annotated[Line, Field(min_length=1, max_length=80)]
SmsName = Annotated[str, Field(min_length=1, max_length=LONGEST_SMS_NAME), AfterValidator(_in_plain_sms)]
SmsTitle = Annotated[str, Field(min_length=1, max_length=14), AfterValidator(_in_plain_sms)]
Summary = Annotated[str, Field(min_length=1, max_length=500), AfterValidator(_visible_lines)]
Texts = dict[LanguageTag, Annotated[Line, Field(min_length=1, max_length=200)]]
"""A sentence or two in some languages; none at all is fine."""
Reasons = Annotated[
    Texts, BeforeValidator(_as_swedish, json_schema_input_type=Line | Texts), AfterValidator(with_swedish)
]
"""Why something is so: words in Swedish, or in several languages."""
TextsWithSwedish = Annotated[Texts, AfterValidator(_with_swedish_if_any)]
Host = Annotated[Line, Field(max_length=40)]
"""Who of the staff holds something: a first name or what colleagues call them."""
Count = Annotated[int, Field(strict=True, ge=0, le=10_000)]
Helpers = Annotated[int, Field(strict=True, ge=0, le=MOST_HELPERS)]
Minutes = Annotated[int, Field(strict=True, ge=1, le=1440)]
SlotMinutes = Annotated[int, Field(strict=True, ge=5, le=1440)]
LocalDate = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2199, 12, 31))]


class CapacityBody(Strict):
    """Seats as staff set them: ``seats`` includes the ``walk_in`` reserve; ``queue`` is the waiting list's length."""

    seats: Count | None = None
    walk_in: Count | None = None
    queue: Count | None = None


CapacityField = Annotated[CapacityBody, BeforeValidator(_from_number, json_schema_input_type=Count | CapacityBody)]
"""A number of seats, or all three."""
