"""What all staff pages have in common: signing in, rights, forms, the page around, and what keeps it true."""

from services.web.staff.forms import SentForm
from services.web.staff.frame import (
    Notice,
    Undo,
    admins_only,
    branch_of,
    fragment,
    home,
    libraries,
    notice,
    page,
    person,
    posted,
    services,
    to,
)
from services.web.staff.people import Person
from services.web.staff.provider import Going, NotSignedIn, Provider, Vouched
from services.web.staff.services import Reached, Services, StaffService
from services.web.staff.signed_in import SignedIn

__all__ = [
    "Going",
    "NotSignedIn",
    "Notice",
    "Person",
    "Provider",
    "Reached",
    "SentForm",
    "Services",
    "SignedIn",
    "StaffService",
    "Undo",
    "Vouched",
    "admins_only",
    "branch_of",
    "fragment",
    "home",
    "libraries",
    "notice",
    "page",
    "person",
    "posted",
    "services",
    "to",
]
