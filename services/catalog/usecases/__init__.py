"""What staff do to the programme, administrators to what it stands on, and booking tells of it.

Each runs inside one transaction of its caller.
"""

from services.catalog.usecases.activities import change_activity, create_activity
from services.catalog.usecases.changing import cancel_session, change_session
from services.catalog.usecases.closures import check_closure, create_closure, delete_closure, delete_closure_of_all
from services.catalog.usecases.copying import TermCopy, copy_term, plan_term
from services.catalog.usecases.hearing import note_availability, note_closing
from services.catalog.usecases.importing import Additions, import_programme, preview_programme
from services.catalog.usecases.installation import decide, differences, present
from services.catalog.usecases.kinds import change_kind
from services.catalog.usecases.libraries import change_library, create_library
from services.catalog.usecases.planning import create_session, create_sessions, create_sitting
from services.catalog.usecases.series import create_series, plan_series, put_series

__all__ = [
    "Additions",
    "TermCopy",
    "cancel_session",
    "change_activity",
    "change_kind",
    "change_library",
    "change_session",
    "check_closure",
    "copy_term",
    "create_activity",
    "create_closure",
    "create_library",
    "create_series",
    "create_session",
    "create_sessions",
    "create_sitting",
    "decide",
    "delete_closure",
    "delete_closure_of_all",
    "differences",
    "import_programme",
    "note_availability",
    "note_closing",
    "plan_series",
    "plan_term",
    "present",
    "preview_programme",
    "put_series",
]
