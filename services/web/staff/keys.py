"""What staff pages find in their application."""

from aiohttp import web

from services.web.staff.provider import Provider

PROVIDER = web.AppKey("provider", Provider)
