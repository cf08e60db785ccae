"""What all routes stand on."""

from aiohttp import web

from shared.auth import IdentityProvider
from shared.hours import PermittedHours
from shared.http import Api
from shared.visitors import Visitors

api = Api()

IDENTITY = web.AppKey("identity", IdentityProvider)
VISITORS = web.AppKey("visitors", Visitors)
HOURS = web.AppKey("hours", PermittedHours)
"""When people are written to, until administrators decide otherwise, and the zone of the clock on the wall."""
