"""What the pages of those who help find in their application."""

from aiohttp import web

from services.web.helping.service import VolunteersService
from services.web.helping.signed_in import SignedInHelpers

VOLUNTEERS = web.AppKey("volunteers", VolunteersService)
HELPERS = web.AppKey("helpers", SignedInHelpers)
