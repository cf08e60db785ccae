"""What finds a booking again from the browser that made it."""

from uuid import UUID

from services.web.cookies import SealedCookie
from shared.models import Model


class Receipt(Model):
    """Code and proof of a booking."""

    code: str
    proof: str
    session_id: UUID | None = None
    """What was booked, where it was booked from this browser: sending the last form again then shows the receipt."""


class Receipts(SealedCookie[Receipt]):
    """Receipts in visitors' browsers: one each, the newest."""

    def __init__(self, key: str) -> None:
        """Read and write with the service's ``key`` (hex)."""
        super().__init__("plats_receipt", Receipt, key)
