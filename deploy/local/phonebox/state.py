import sqlite3
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web
from pydantic import SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict

from deploy.local.phonebox.callbacks import Callbacks
from deploy.local.phonebox.faults import Faults


class Settings(BaseSettings):
    """What the phonebox is told by its environment, under the prefix ``PHONEBOX_``."""

    model_config = SettingsConfigDict(env_prefix="PHONEBOX_", frozen=True, extra="ignore")

    host: str = "127.0.0.1"
    port: int
    smtp_port: int
    sms_username: str
    sms_password: SecretStr
    data: Path
    incoming: SecretStr = SecretStr("")
    """Where SMS from phones are posted, with credentials in the URL; empty when nobody listens."""


@dataclass(frozen=True)
class Phonebox:
    """What the routes and the mail server share."""

    settings: Settings
    db: sqlite3.Connection
    faults: Faults
    callbacks: Callbacks


SETTINGS = web.AppKey("settings", Settings)
PHONEBOX = web.AppKey("phonebox", Phonebox)
