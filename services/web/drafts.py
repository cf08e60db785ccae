"""What a visitor has typed on the way to a booking: kept in their own browser only, so that nothing is typed twice.

With it which seats booking keeps for this browser meanwhile: one hold, whichever session it is of.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from services.web.cookies import SealedCookie
from services.web.forms import BookingForm
from services.web.upstream import Hold
from shared.models import Model

if TYPE_CHECKING:
    from aiohttp import web

_SESSIONS = 3
_MOST_BYTES = 2800
"""Sealed, this is what browsers keep of a cookie: 4096 bytes with its name. The answers about one session always fit,
by what forms.py keeps of each."""


class Draft(Model):
    """The answers so far about one session."""

    session_id: UUID
    form: BookingForm


class _Drafts(Model):
    """The answers about the last sessions, the newest first."""

    kept: tuple[Draft, ...]
    hold: Hold | None = None


class Drafts:
    """Answers in visitors' browsers."""

    def __init__(self, key: str) -> None:
        """Read and write with the service's ``key`` (hex)."""
        self._cookie = SealedCookie("plats_draft", _Drafts, key)

    def of(self, request: web.Request, session_id: UUID) -> BookingForm | None:
        """The answers about a session."""
        return next((draft.form for draft in self._read(request) if draft.session_id == session_id), None)

    def newest(self, request: web.Request) -> BookingForm | None:
        """The answers given last, about whichever session."""
        return next((draft.form for draft in self._read(request)), None)

    def hold(self, request: web.Request) -> Hold | None:
        """What booking keeps for this browser, as far as it was told; it may have run out."""
        found = self._cookie.read(request)
        return found.hold if found else None

    def keep(self, request: web.Request, response: web.StreamResponse, draft: Draft, hold: Hold | None) -> None:
        """Have the browser keep the answers about a session for an hour, and those about two before it if they fit."""
        others = (other for other in self._read(request) if other.session_id != draft.session_id)
        kept = (draft, *others)[:_SESSIONS]
        while len(kept) > 1 and len(_Drafts(kept=kept, hold=hold).model_dump_json().encode()) > _MOST_BYTES:
            kept = kept[:-1]
        self._cookie.keep(request, response, _Drafts(kept=kept, hold=hold))

    def forget(self, response: web.StreamResponse) -> None:
        """Forget all answers, about whichever session: the next person at this computer sees nothing."""
        self._cookie.forget(response)

    def _read(self, request: web.Request) -> tuple[Draft, ...]:
        found = self._cookie.read(request)
        return found.kept if found else ()
