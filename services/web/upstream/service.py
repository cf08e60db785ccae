"""The HTTP API of one of our services, as pages call it."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp import hdrs
from pydantic import ValidationError

from shared import tracing
from shared.logs import get_logger
from shared.problems import Problem, ProblemDocument

log = get_logger()

_USUAL_WAIT = 60


def unavailable() -> Problem:
    """A service that the page needs does not answer; trying again is right."""
    return Problem("unavailable", 503, "Please try again in a moment")


class Service:
    """The HTTP API of one of our services."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = url

    async def call(self, method: str, path: str, **options: Any) -> bytes:  # noqa: ANN401 - aiohttp's own options
        """The body of a success; raises as :meth:`ask` does."""
        _, body, _ = await self.ask(method, path, **options)
        return body

    async def ask(
        self,
        method: str,
        path: str,
        **options: Any,  # noqa: ANN401 - aiohttp's own options
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of what is no failure.

        Raises:
            Problem: what the service answered, or 503 ``unavailable`` when it gave no answer that makes sense.
        """
        headers = options.pop("headers", {}) | tracing.headers()
        try:
            async with self._http.request(method, f"{self._url}{path}", headers=headers, **options) as answer:
                body = await answer.read()
        except (aiohttp.ClientError, TimeoutError) as error:
            log.warning("service_away", reason=type(error).__name__)
            raise unavailable() from error
        if answer.status >= HTTPStatus.BAD_REQUEST:
            raise _problem(answer.status, body, answer.headers.get(hdrs.RETRY_AFTER, ""))
        return answer.status, body, answer.headers


def _problem(status: int, body: bytes, retry_after: str) -> Problem:
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.warning("service_failed", status=status)
        return unavailable()
    try:
        told = ProblemDocument.model_validate_json(body)
    except ValidationError:
        log.warning("service_not_understood", status=status)
        return unavailable()
    in_seconds = retry_after.isascii() and retry_after.isdecimal()
    return Problem(
        told.type,
        status,
        told.title,
        detail=told.detail,
        field=told.field,
        errors=told.errors,
        headers={hdrs.RETRY_AFTER: retry_after} if in_seconds else None,
        members=told.model_extra,
    )


def seconds_to_wait(problem: Problem) -> int:
    """How long until what was too much is not any more."""
    return max(1, int(problem.headers.get(hdrs.RETRY_AFTER, _USUAL_WAIT)))
