import re
from datetime import time
from typing import Annotated, Literal, NamedTuple
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, NonNegativeFloat, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Hours(NamedTuple):
    """The part of each day, in local time, in which people may be written to; 00-24 is the whole day."""

    opens: time
    closes: time | None

    @classmethod
    def parse(cls, text: object) -> object:
        """Read ``09-19``. Whole hours; 24 is midnight at the day's end."""
        if not isinstance(text, str):
            return text
        found = re.fullmatch(r"(\d\d)-(\d\d)", text)
        if not found or not int(found[1]) < int(found[2]) <= 24:  # noqa: PLR2004 - hours of a day
            raise ValueError("write permitted hours like 09-19 or 00-24")
        closes = int(found[2])
        return cls(time(int(found[1])), None if closes == 24 else time(closes))  # noqa: PLR2004


def _without_slash(url: str) -> str:
    return url.rstrip("/")


Url = Annotated[str, AfterValidator(_without_slash)]
"""The address of a server, without a trailing slash."""


class Settings(BaseSettings):
    """What every service is told by its environment, under the prefix ``PLATS_``."""

    model_config = SettingsConfigDict(env_prefix="PLATS_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int = 8080
    log_format: Literal["json", "console"] = "json"
    timezone: ZoneInfo = ZoneInfo("Europe/Stockholm")
    drain: NonNegativeFloat = 3
    """Seconds from calling ourselves not ready to taking no more requests, for those who go by it to notice."""
    key: SecretStr
    """This service's own key, 32 bytes in hex: callers sign their tokens with it, keyed hashes derive from it."""


class StoreSettings(Settings):
    """A service that keeps data and hears and tells events."""

    database: SecretStr
    broker: SecretStr


class StaffSettings(Settings):
    """A service that staff sign in to: who vouches for them."""

    identity_issuer: Url
    identity_audience: str = "plats"


class MessagingSettings(Settings):
    """A service that decides when people are written to."""

    permitted_hours: Annotated[Hours, NoDecode, BeforeValidator(Hours.parse)] = Hours(time(9), time(19))
