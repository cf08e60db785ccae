"""What all routes stand on."""

from aiohttp import web

from shared.auth import IdentityProvider
from shared.http import Api

api = Api()

IDENTITY = web.AppKey("identity", IdentityProvider)
