"""Routes, a module for each side that asks."""

from services.notify.http import libraries, log, previews, providers, spending, words
from services.notify.http.api import IDENTITY, LISTENER, SETTINGS, api
from shared import auditing, dead_letters

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)

__all__ = ["IDENTITY", "LISTENER", "SETTINGS", "api", "libraries", "log", "previews", "providers", "spending", "words"]
