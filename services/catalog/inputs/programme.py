from typing import Annotated

from pydantic import Field

from services.catalog.inputs.fields import LocalDate
from shared.models import Strict


class ImportQuery(Strict):
    """Whether a table is only looked at."""

    preview: bool = False


class ExportQuery(Strict):
    """Which days of a programme, ``to`` exclusive; left out: from today, for two years."""

    from_: Annotated[LocalDate | None, Field(alias="from")] = None
    to: LocalDate | None = None
