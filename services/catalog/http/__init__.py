"""Routes, a module for each thing they are about."""

from services.catalog.http import (
    activities,
    branches,
    calendars,
    closures,
    copying,
    finding,
    history,
    installation,
    kinds,
    libraries,
    overview,
    planned,
    planning,
    programme,
    series,
)
from services.catalog.http.api import IDENTITY, SETTINGS, api, signed_in
from shared import auditing, dead_letters, erasing

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
erasing.serve(api, IDENTITY, erasing.nobody)

__all__ = [
    "IDENTITY",
    "SETTINGS",
    "activities",
    "api",
    "branches",
    "calendars",
    "closures",
    "copying",
    "finding",
    "history",
    "installation",
    "kinds",
    "libraries",
    "overview",
    "planned",
    "planning",
    "programme",
    "series",
    "signed_in",
]
