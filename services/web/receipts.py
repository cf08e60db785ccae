"""What finds a booking again from the browser that made it."""

from __future__ import annotations

from uuid import UUID

from services.web.cookies import SealedCookie
from services.web.upstream import Booking, SeriesBooking
from shared.models import Model


class Receipt(Model):
    """Code and proof of a booking."""

    code: str
    proof: str
    session_id: UUID | None = None
    """What was booked, where it was booked from this browser: sending the last form again then shows the receipt."""
    of_series: bool = False
    """Whether it is the code of several dates booked together."""
    queued: bool = False
    """Whether it was no seat yet, when this browser was told."""

    @classmethod
    def of(cls, booking: Booking, session_id: UUID | None = None) -> Receipt:
        """The receipt of a booking as it is now."""
        return cls(
            code=booking.code, proof=booking.proof, session_id=session_id, queued=booking.state in {"queued", "offered"}
        )

    @classmethod
    def of_dates(cls, booked: SeriesBooking, session_id: UUID | None = None) -> Receipt:
        """The receipt of several dates."""
        return cls(code=booked.code, proof=booked.proof, session_id=session_id, of_series=True)


class Receipts(SealedCookie[Receipt]):
    """Receipts in visitors' browsers: one each, the newest."""

    def __init__(self, key: str) -> None:
        """Read and write with the service's ``key`` (hex)."""
        super().__init__("plats_receipt", Receipt, key)
