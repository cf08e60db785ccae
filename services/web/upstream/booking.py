"""Who has a seat or waits for one: booking's answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

import aiohttp
from aiohttp import hdrs, web

from services.web.upstream.bookings import (
    Booking,
    Certificate,
    Hold,
    Party,
    SeriesBooking,
    SeriesBookings,
    Tickets,
)
from services.web.upstream.service import Service
from shared.auth import SERVICE_HEADER, service_token
from shared.models import Model
from shared.visitors import ADDRESS_HEADER, Networks, visitor_address


class _Name(Model):
    booking_id: UUID
    name: str


class _Names(Model):
    items: tuple[_Name, ...]


class BookingService(Service):
    """Who has a seat or waits. Every call is made for one visitor, whose address is passed on for the limits."""

    def __init__(self, http: aiohttp.ClientSession, url: str, key: str, trusted_proxies: Networks) -> None:
        super().__init__(http, url)
        self._key = key
        self._trusted_proxies = trusted_proxies

    def _for(self, visitor: web.Request) -> dict[str, str]:
        return {
            SERVICE_HEADER: f"Bearer {service_token(self._key, 'booking')}",
            ADDRESS_HEADER: str(visitor_address(visitor, self._trusted_proxies) or ""),
        }

    async def hold(self, visitor: web.Request, session_id: UUID, party: Party, before: UUID | None) -> Hold:
        """Have seats kept for a quarter of an hour, ``before`` renewed where it is for the same, else in its place.

        Raises:
            Problem: 404 ``unknown-session``, 409 ``not-open``, ``closed`` or ``sold-out``, 422 ``party-too-large``,
                ``party-empty`` or ``adult-missing``, 429 ``too-many-requests``. What was kept before stays so then.
        """
        asked = {"session_id": str(session_id), "party": party.model_dump()}
        body = asked | ({"hold": str(before)} if before else {})
        return Hold.model_validate_json(await self.call("POST", "/v1/holds", json=body, headers=self._for(visitor)))

    async def release(self, visitor: web.Request, hold: UUID) -> None:
        """Give kept seats to others; what is kept no longer is no mistake."""
        await self.call("DELETE", f"/v1/holds/{hold}", headers=self._for(visitor))

    async def book(self, visitor: web.Request, body: dict[str, Any], idempotency_key: str) -> Booking:
        """Take seats, or a place in the queue; the same key and body again is the same booking."""
        headers = self._for(visitor) | {"Idempotency-Key": idempotency_key}
        return Booking.model_validate_json(await self.call("POST", "/v1/bookings", json=body, headers=headers))

    async def book_series(self, visitor: web.Request, body: dict[str, Any], idempotency_key: str) -> SeriesBooking:
        """Book several dates of a series; full ones are refused by name, the others had.

        Raises:
            Problem: none can be had: 409 with the one reason they have in common, or ``dates-refused``.
        """
        headers = self._for(visitor) | {"Idempotency-Key": idempotency_key}
        answer = await self.call("POST", "/v1/series-bookings", json=body, headers=headers)
        return SeriesBooking.model_validate_json(answer)

    async def series_booking(self, visitor: web.Request, code: str, proof: str) -> SeriesBookings:
        """All dates that have this code together.

        Raises:
            Problem: 403 ``wrong-proof``, also for a code that does not exist.
        """
        headers = self._for(visitor) | {"Plats-Proof": proof}
        path = f"/v1/series-bookings/{quote(code, safe='')}"
        return SeriesBookings.model_validate_json(await self.call("GET", path, headers=headers))

    async def cancel_series(self, visitor: web.Request, code: str, proof: str, session_id: UUID | None) -> None:
        """Give back one date, or all that have not begun.

        Raises:
            Problem: 403 ``wrong-proof``, 404 ``unknown-session``, 409 ``closed`` when it has begun.
        """
        asked = {"proof": proof} | ({"session_id": str(session_id)} if session_id else {})
        path = f"/v1/series-bookings/{quote(code, safe='')}/cancel"
        await self.call("POST", path, json=asked, headers=self._for(visitor))

    async def certificate(self, visitor: web.Request, code: str, proof: str) -> Certificate:
        """That the visitor of this booking was there.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``no-certificate``.
        """
        headers = self._for(visitor) | {"Plats-Proof": proof}
        path = f"/v1/bookings/{quote(code, safe='')}/certificate"
        return Certificate.model_validate_json(await self.call("GET", path, headers=headers))

    async def tickets(self, branch_id: str) -> Tickets:
        """Whose turn it is in a library's line, today.

        Raises:
            Problem: 404 ``unknown-branch``.
        """
        return Tickets.model_validate_json(await self.call("GET", f"/v1/branches/{quote(branch_id, safe='')}/tickets"))

    async def booking(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """The booking with this code.

        Raises:
            Problem: 403 ``wrong-proof``, also for a code that does not exist.
        """
        headers = self._for(visitor) | {"Plats-Proof": proof}
        path = f"/v1/bookings/{quote(code, safe='')}"
        return Booking.model_validate_json(await self.call("GET", path, headers=headers))

    async def cancel(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """Give the seats back, or the place in the queue.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``closed`` when the session has begun.
        """
        return await self._change(visitor, code, "cancel", {"proof": proof})

    async def accept(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """Take the seat that is offered.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``offer-gone`` when none is.
        """
        return await self._change(visitor, code, "accept", {"proof": proof})

    async def decline(self, visitor: web.Request, code: str, proof: str) -> Booking:
        """Leave the seat that is offered to the next.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``offer-gone`` when none is.
        """
        return await self._change(visitor, code, "decline", {"proof": proof})

    async def move(self, visitor: web.Request, code: str, proof: str, session_id: UUID) -> Booking:
        """Change to another time; what one has is given back only when the other seat is had.

        Raises:
            Problem: 403 ``wrong-proof``, 404 ``unknown-session``, 409 ``not-open``, ``closed``, ``sold-out``,
                ``already-booked`` or ``other-activity``, 422 for a party that does not fit there.
        """
        return await self._change(visitor, code, "move", {"proof": proof, "session_id": str(session_id)})

    async def shrink(self, visitor: web.Request, code: str, proof: str, party: Party) -> Booking:
        """Come with fewer people.

        Raises:
            Problem: 403 ``wrong-proof``, 409 ``closed``, 422 ``party-grows``, ``party-empty`` or
                ``adult-missing``.
        """
        return await self._change(visitor, code, "party", {"proof": proof, "party": party.model_dump()})

    async def send_codes(self, visitor: web.Request, reach: Mapping[str, str]) -> None:
        """Have the codes of an address's coming bookings sent to it; nobody learns here whether there are any.

        Raises:
            Problem: 422 ``invalid-phone`` or ``invalid-email``, 429 ``too-many-requests``.
        """
        await self.call("POST", "/v1/bookings/codes", json={"reach": dict(reach)}, headers=self._for(visitor))

    async def first_name(self, booking_id: UUID) -> str:
        """What the visitor with a booking is called, the first word of it only; empty for who was erased.

        For the volunteer who helps them and nobody else: whoever asks makes sure of that.
        """
        headers = {hdrs.AUTHORIZATION: f"Bearer {service_token(self._key, 'booking')}"}
        body = {"booking_ids": [str(booking_id)]}
        names = _Names.model_validate_json(await self.call("POST", "/internal/names", json=body, headers=headers))
        return next((one.name for one in names.items if one.booking_id == booking_id), "")

    async def _change(self, visitor: web.Request, code: str, what: str, asked: Mapping[str, object]) -> Booking:
        path = f"/v1/bookings/{quote(code, safe='')}/{what}"
        return Booking.model_validate_json(await self.call("POST", path, json=asked, headers=self._for(visitor)))
