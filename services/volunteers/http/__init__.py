"""The HTTP API: each module adds its routes."""

from services.volunteers.http import (
    after,
    calendar,
    certificates,
    contacts,
    coordinators,
    hours,
    interest,
    me,
    partners,
    people,
    signing_in,
)
from services.volunteers.http.api import IDENTITY, VISITORS, api
from shared import auditing, dead_letters

__all__ = [
    "IDENTITY",
    "VISITORS",
    "after",
    "api",
    "calendar",
    "certificates",
    "contacts",
    "coordinators",
    "hours",
    "interest",
    "me",
    "partners",
    "people",
    "signing_in",
]

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
