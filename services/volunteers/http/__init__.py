"""The HTTP API: each module adds its routes."""

from services.volunteers.http import contacts, partners, people
from services.volunteers.http.api import IDENTITY, api
from shared import auditing, dead_letters

__all__ = ["IDENTITY", "api", "contacts", "partners", "people"]

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
