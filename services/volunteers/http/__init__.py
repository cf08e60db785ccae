"""The HTTP API: each module adds its routes."""

from services.volunteers.http import contacts, coordinators, interest, me, partners, people, signing_in
from services.volunteers.http.api import IDENTITY, VISITORS, api
from shared import auditing, dead_letters

__all__ = [
    "IDENTITY",
    "VISITORS",
    "api",
    "contacts",
    "coordinators",
    "interest",
    "me",
    "partners",
    "people",
    "signing_in",
]

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
