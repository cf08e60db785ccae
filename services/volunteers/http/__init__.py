"""The HTTP API: each module adds its routes."""

<<<<<<< HEAD
from services.volunteers.http import (
    after,
    assignments,
    calendar,
    certificates,
    contacts,
    coordinators,
    hours,
    interest,
    me,
    needs,
    partners,
    people,
    shifts,
    signing_in,
    staffing,
)
from services.volunteers.http.api import HOURS, IDENTITY, VISITORS, api
from shared import auditing, dead_letters
=======
from services.volunteers.http import contacts, coordinators, interest, me, partners, people, signing_in
from services.volunteers.http.api import IDENTITY, VISITORS, api
from services.volunteers.usecases import privacy
from shared import auditing, dead_letters, erasing
>>>>>>> e3f25aa (Who helped is forgotten when they ask, and two years after they left; the operator's commands know them too)

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
    "hours",
    "interest",
    "me",
    "needs",
    "partners",
    "people",
    "shifts",
    "signing_in",
    "staffing",
]

auditing.serve(api, IDENTITY)
dead_letters.serve(api, IDENTITY)
erasing.serve(api, IDENTITY, privacy.count_old)
