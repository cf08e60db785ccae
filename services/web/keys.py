"""What the pages find in their application, by typed keys."""

from aiohttp import web

from services.web.drafts import Drafts
from services.web.receipts import Receipts
from services.web.rendering import Site
from services.web.settings import WebSettings
from services.web.upstream import BookingService, CatalogService

SETTINGS = web.AppKey("settings", WebSettings)
SITE = web.AppKey("site", Site)
CATALOG = web.AppKey("catalog", CatalogService)
BOOKING = web.AppKey("booking", BookingService)
RECEIPTS = web.AppKey("receipts", Receipts)
DRAFTS = web.AppKey("drafts", Drafts)
