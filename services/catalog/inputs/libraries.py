from typing import Annotated

from pydantic import Field

from services.catalog.domain import StopKind
from services.catalog.inputs.fields import Line, Slug, SmsName
from shared.models import Strict

Name = Annotated[Line, Field(min_length=1, max_length=80)]
Phone = Annotated[str, Field(pattern=r"^\+?[0-9][0-9 -]{3,18}[0-9]$")]
Address = Annotated[Line, Field(max_length=100)]
District = Annotated[Line, Field(max_length=60)]
StopName = Annotated[Line, Field(max_length=60)]
Latitude = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Longitude = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
OnTheWall = Annotated[str, Field(pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$")]


class StretchBody(Strict):
    """A stretch of a weekday when one may come in, by the clock on the wall."""

    weekday: Annotated[int, Field(strict=True, ge=0, le=6)]
    """0 is Monday."""
    opens: OnTheWall
    closes: OnTheWall
    staffed: bool = True
    """Not staffed: for those with an agreement and a card."""


Hours = Annotated[tuple[StretchBody, ...], Field(max_length=28)]
"""All of them, at most four a day."""


class NewBranchBody(Strict):
    """A new library."""

    id: Slug | None = None
    """What it is called in addresses and in what people sign in with; left out, it is made from the name."""
    name: Name
    sms_name: SmsName
    phone: Phone
    address: Address = ""
    district: District = ""
    stop_kind: StopKind = ""
    stop_name: StopName = ""
    latitude: Latitude
    longitude: Longitude
    hours: Hours = ()


class BranchPatch(Strict):
    """What shall be different about a library; what is left out stays. ``hours`` are all of them."""

    name: Name | None = None
    sms_name: SmsName | None = None
    phone: Phone | None = None
    address: Address | None = None
    district: District | None = None
    stop_kind: StopKind | None = None
    stop_name: StopName | None = None
    latitude: Latitude | None = None
    longitude: Longitude | None = None
    hours: Hours | None = None
    revision: Annotated[int, Field(strict=True, ge=1)] | None = None
    """The one that the change was made from."""
