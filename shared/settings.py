from datetime import time
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, NonNegativeFloat, NonNegativeInt, SecretStr
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from shared.auth import Trust
from shared.claims import ClaimRules
from shared.hours import PermittedHours, Window
from shared.installation import Rules


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


def _claim_rules(value: object) -> object:
    """Read JSON; what is empty is the usual."""
    return ClaimRules.model_validate_json(value or "{}") if isinstance(value, str) else value


class StaffSettings(Settings):
    """A service that staff sign in to: who vouches for them."""

    identity_issuer: Url
    identity_audience: str = "plats"
    identity_claims: Annotated[ClaimRules, NoDecode, BeforeValidator(_claim_rules)] = ClaimRules()
    """How what the provider says of somebody becomes a role and libraries."""

    @property
    def trust(self) -> Trust:
        """Whose word counts about who works here."""
        return Trust(issuer=self.identity_issuer, audience=self.identity_audience, claims=self.identity_claims)


def _window(value: object) -> object:
    return Window.parse(value) if isinstance(value, str) else value


class MessagingSettings(Settings):
    """A service that decides when people are written to, or how long they have to answer.

    What it is told here counts until administrators decide something else (:mod:`shared.installation`).
    """

    permitted_hours: Annotated[Window, NoDecode, BeforeValidator(_window)] = Window(time(9), time(19))
    sms_parts_a_day: NonNegativeInt = 3000
    """The money stop: SMS parts that may leave on one local day."""

    @property
    def hours(self) -> PermittedHours:
        """When people may be written to."""
        return PermittedHours(window=self.permitted_hours, zone=self.timezone)

    @property
    def rules(self) -> Rules:
        """What counts until administrators decide."""
        return Rules(permitted_hours=self.permitted_hours, sms_parts_a_day=self.sms_parts_a_day)
