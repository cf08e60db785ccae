"""How many came to what was offered: for the library, its head, and the municipality's follow-up."""

from services.booking.http.figures import reading

__all__ = ["reading"]
