"""The HTTP API: each module adds its routes."""

from services.volunteers.http import (
    after,
    assignments,
    calendar,
    certificates,
    contacts,
    coordinators,
    history,
    hours,
    interest,
    me,
    needs,
    partners,
    people,
    rota,
    shifts,
    signing_in,
    staffing,
)
from services.volunteers.http.api import HOURS, IDENTITY, VISITORS, api
from services.volunteers.usecases import privacy
from shared import auditing, dead_letters, erasing

__all__ = [
    "HOURS",
    "IDENTITY",
    "VISITORS",
    "after",
    "api",
    "assignments",
    "calendar",
    "certificates",
    "contacts",
    "coordinators",
    "history",
    "hours",
    "interest",
    "me",
    "needs",
    "partners",
    "people",
    "rota",
    "shifts",
    "signing_in",
    "staffing",
]

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
erasing.serve(api, IDENTITY, privacy.count_old)
