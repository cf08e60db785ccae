"""Routes, a module for each side that asks."""

from services.notify import retention
from services.notify.http import libraries, log, previews, providers, spending, texts, words
from services.notify.http.api import IDENTITY, LISTENER, SETTINGS, VOICE, api
from shared import auditing, dead_letters, erasing

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
erasing.serve(api, IDENTITY, retention.count_old)

__all__ = [
    "IDENTITY",
    "LISTENER",
    "SETTINGS",
    "VOICE",
    "api",
    "libraries",
    "log",
    "previews",
    "providers",
    "spending",
    "texts",
    "words",
]
