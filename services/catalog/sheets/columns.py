"""The columns of the table. A heading is understood in Swedish and in English, and written in Swedish."""

from collections.abc import Mapping
from dataclasses import dataclass

from services.catalog.domain import Mode, Place, Status


@dataclass(frozen=True, kw_only=True, slots=True)
class Column:
    """One column; ``id`` is its English heading."""

    id: str
    heading: str
    required: bool = False


COLUMNS = (
    Column(id="activity", heading="aktivitet", required=True),
    Column(id="date", heading="datum", required=True),
    Column(id="starts", heading="börjar", required=True),
    Column(id="ends", heading="slutar"),
    Column(id="seats", heading="platser"),
    Column(id="walk_in", heading="drop in"),
    Column(id="queue", heading="kö"),
    Column(id="mode", heading="bokning"),
    Column(id="place", heading="var"),
    Column(id="room", heading="rum"),
    Column(id="theme", heading="tema"),
    Column(id="status", heading="status"),
)
"""In the order in which they are written. ``activity`` is its Swedish title, or its id where two have one title."""

BY_HEADING: Mapping[str, Column] = {
    heading: column for column in COLUMNS for heading in (column.id, column.id.replace("_", " "), column.heading)
}

MODES: Mapping[str, Mode] = {"bokning": "booking", "drop in": "drop_in", "blandat": "mixed"}
PLACES: Mapping[str, Place] = {"bibliotek": "branch", "online": "online", "utanför": "outreach"}
STATUSES: Mapping[str, Status] = {
    "utkast": "draft",
    "publicerad": "published",
    "tillbakadragen": "withdrawn",
    "inställd": "cancelled",
}
"""The words of the table by those of the API, which are understood as well."""
