"""What all routes stand on."""

from aiohttp import web

from shared.auth import IdentityProvider
from shared.http import Api
from shared.visitors import Visitors

api = Api()

IDENTITY = web.AppKey("identity", IdentityProvider)
VISITORS = web.AppKey("visitors", Visitors)
