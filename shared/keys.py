"""What handlers find on the application."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import aiohttp
from aiohttp import web

from shared.db import Database

DATABASE = web.AppKey("database", Database)
CLIENT = web.AppKey("client", aiohttp.ClientSession)
ZONE = web.AppKey("zone", ZoneInfo)
"""The one time zone of the installation."""
SECRET = web.AppKey("secret", str)
"""The service's own key, in hex."""

Refusals = Mapping[type[Exception], tuple[int, str]]
"""A domain's refusals with the status and the title each gets."""

REFUSALS: web.AppKey[Refusals] = web.AppKey("refusals", Mapping)
