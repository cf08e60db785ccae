"""What is offered: catalog's answers."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from uuid import UUID

from aiohttp import hdrs

from services.web.upstream.programme import (
    Alternatives,
    Availabilities,
    BranchDetail,
    Branches,
    Choices,
    Feed,
    Kind,
    Kinds,
    Nearest,
    Places,
    Programme,
    Session,
)
from services.web.upstream.service import Service, unavailable
from shared.problems import Problem

_AT_ONCE = "100"
"""The most sessions that catalog gives in one answer."""
_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def _branch(branch_id: str) -> str:
    """Where catalog tells of a library.

    Raises:
        Problem: 404 ``unknown-branch``; what is no id could lead elsewhere, out of the folder of libraries.
    """
    if not _SLUG.fullmatch(branch_id):
        raise Problem("unknown-branch", 404, "There is no such library")
    return f"/v1/branches/{branch_id}"


class CatalogService(Service):
    """What is offered."""

    async def choices(self) -> Choices:
        """What one can look for."""
        return Choices.model_validate_json(await self.call("GET", "/v1/choices"))

    async def kind(self, kind_id: str) -> Kind:
        """How a kind that sessions are of is explained."""
        known = Kinds.model_validate_json(await self.call("GET", "/v1/kinds"))
        for kind in known.items:
            if kind.id == kind_id:
                return kind
        raise unavailable()  # a catalog that is not yet as new as the one that told of the kind

    async def branches(self) -> Branches:
        """All libraries."""
        return Branches.model_validate_json(await self.call("GET", "/v1/branches"))

    async def branch(self, branch_id: str) -> BranchDetail:
        """One library.

        Raises:
            Problem: 404 ``unknown-branch``.
        """
        return BranchDetail.model_validate_json(await self.call("GET", _branch(branch_id)))

    async def places(self, typed: str) -> Places:
        """What somebody may have meant by a place that nobody knows."""
        return Places.model_validate_json(await self.call("GET", "/v1/places", params={"q": typed}))

    async def sessions(self, asked: Mapping[str, str]) -> Programme:
        """The sessions that fit what is asked, in catalog's own words, in order of time.

        Raises:
            Problem: 422 ``invalid``, naming the wish that cannot be understood.
        """
        return Programme.model_validate_json(await self.call("GET", "/v1/sessions", params=asked))

    async def nearest(self, asked: Mapping[str, str]) -> Nearest:
        """What exists nearest to a search that found nothing."""
        return Nearest.model_validate_json(await self.call("GET", "/v1/sessions/nearest", params=asked))

    async def alternatives(self, session_id: UUID) -> Alternatives:
        """Other times and libraries with a free place."""
        return Alternatives.model_validate_json(await self.call("GET", f"/v1/sessions/{session_id}/alternatives"))

    async def availability(self, session_ids: Sequence[UUID]) -> Availabilities:
        """How full these sessions are; those that do not exist are left out."""
        asked = [("session", str(session_id)) for session_id in session_ids]
        return Availabilities.model_validate_json(await self.call("GET", "/v1/availability", params=asked))

    async def every_session(self, asked: Mapping[str, str]) -> list[Session]:
        """All sessions that fit what is asked, however many they are."""
        part = await self.sessions({**asked, "limit": _AT_ONCE})
        found = list(part.items)
        while part.next:
            part = await self.sessions({**asked, "limit": _AT_ONCE, "cursor": part.next})
            found += part.items
        return found

    async def times(self, activity_id: UUID) -> Programme:
        """The coming times of an activity at which one gets in now, in order."""
        return await self.sessions({"activity": str(activity_id), "free": "true", "limit": _AT_ONCE})

    async def calendar(self, asked: Mapping[str, str], known: str | None) -> Feed:
        """What fits these wishes, as a calendar; ``known`` is the ETag of what the asker has.

        Raises:
            Problem: 422 ``invalid``.
        """
        return await self._calendar("/v1/calendar.ics", asked, known)

    async def branch_calendar(self, branch_id: str, asked: Mapping[str, str], known: str | None) -> Feed:
        """The same of one library.

        Raises:
            Problem: 404 ``unknown-branch``, 422 ``invalid``.
        """
        return await self._calendar(f"{_branch(branch_id)}/calendar.ics", asked, known)

    async def _calendar(self, path: str, asked: Mapping[str, str], known: str | None) -> Feed:
        headers = {hdrs.IF_NONE_MATCH: known} if known else {}
        status, body, answered = await self.ask("GET", path, params=asked, headers=headers)
        return Feed(None if status == HTTPStatus.NOT_MODIFIED else body, answered.get(hdrs.ETAG, ""))

    async def session(self, session_id: UUID) -> Session:
        """One session.

        Raises:
            Problem: 404 ``unknown-session``.
        """
        return Session.model_validate_json(await self.call("GET", f"/v1/sessions/{session_id}"))
