"""The HTTP edge every service shares: endpoints from typed functions, problem documents, health, metrics, OpenAPI.

A handler is ``async def name(request, body: SomeModel, query: OtherModel) -> ReplyModel``; what it asks for by
name is parsed before it runs, and what it may answer is part of the generated OpenAPI document.
"""

from __future__ import annotations

import asyncio
import json
import re
import time
import typing
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

import asyncpg
import structlog
from aiohttp import hdrs, web
from opentelemetry.trace import SpanKind
from prometheus_client import CONTENT_TYPE_LATEST, Histogram, generate_latest
from pydantic import BaseModel, ValidationError

from shared import tracing
from shared.db import AWAY, RERUN
from shared.keys import REFUSALS, Refusals
from shared.logs import get_logger
from shared.openapi import document
from shared.problems import CONTENT_TYPE, Problem, invalid

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from aiohttp.typedefs import Handler

log = get_logger()

MAX_BODY = 64 * 1024
"""Bytes. A booking is a few hundred."""

BODY_WITHIN = 20
"""Seconds a client may take to send one."""

REQUESTS = Histogram("plats_http_seconds", "Time to answer", ["method", "route", "status"])

M = TypeVar("M", bound=BaseModel)
EndpointFunction = typing.Callable[..., "Awaitable[BaseModel | web.StreamResponse]"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Endpoint:
    """One method on one path: the function behind it, and what the OpenAPI document tells of it."""

    method: str
    path: str
    function: EndpointFunction
    status: int
    problems: tuple[str, ...]
    body: type[BaseModel] | None
    query: type[BaseModel] | None
    reply: type[BaseModel] | None
    media: str | None
    """What a success is, where it is no model."""

    async def __call__(self, request: web.Request) -> web.StreamResponse:
        """Parse, call, reply."""
        arguments: dict[str, BaseModel] = {}
        if self.body:
            arguments["body"] = await read(request, self.body)
        if self.query:
            arguments["query"] = parse_query(request, self.query)
        answer = await self.function(request, **arguments)
        return answer if isinstance(answer, web.StreamResponse) else reply(answer, self.status)


@dataclass(frozen=True, slots=True)
class Api:
    """The endpoints of a service, collected by decorators in its ``http.py``."""

    endpoints: list[Endpoint] = field(default_factory=list)

    def get(
        self, path: str, *, media: str | None = None, problems: tuple[str, ...] = ()
    ) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare what ``GET path`` answers; ``media`` describes a success that the function writes itself."""
        return self._declare(hdrs.METH_GET, path, HTTPStatus.OK, problems, media=media)

    def post(
        self,
        path: str,
        *,
        status: int = HTTPStatus.OK,
        reply: type[BaseModel] | None = None,
        problems: tuple[str, ...] = (),
    ) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare what ``POST path`` does; ``reply`` describes a success that the function writes itself."""
        return self._declare(hdrs.METH_POST, path, status, problems, reply)

    def patch(self, path: str, *, problems: tuple[str, ...] = ()) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare what ``PATCH path`` does."""
        return self._declare(hdrs.METH_PATCH, path, HTTPStatus.OK, problems)

    def put(self, path: str, *, problems: tuple[str, ...] = ()) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare what ``PUT path`` does."""
        return self._declare(hdrs.METH_PUT, path, HTTPStatus.OK, problems)

    def delete(self, path: str, *, problems: tuple[str, ...] = ()) -> Callable[[EndpointFunction], EndpointFunction]:
        """Declare what ``DELETE path`` does; a success has no content."""
        return self._declare(hdrs.METH_DELETE, path, HTTPStatus.NO_CONTENT, problems)

    def _declare(
        self,
        method: str,
        path: str,
        status: int,
        problems: tuple[str, ...],
        reply: type[BaseModel] | None = None,
        *,
        media: str | None = None,
    ) -> Callable[[EndpointFunction], EndpointFunction]:
        def declare(function: EndpointFunction) -> EndpointFunction:
            hints = typing.get_type_hints(function)
            answer = reply or hints.get("return")
            self.endpoints.append(
                Endpoint(
                    method=method,
                    path=path,
                    function=function,
                    status=int(status),
                    problems=problems,
                    body=hints.get("body"),
                    query=hints.get("query"),
                    reply=answer if isinstance(answer, type) and issubclass(answer, BaseModel) else None,
                    media=media,
                )
            )
            return function

        return declare


async def read(request: web.Request, model: type[M]) -> M:
    """Parse a JSON body.

    Raises:
        Problem: 415 for another content type, 408 for one that never ends, 400 for broken JSON, 422 with the
            fields at fault.
    """
    if request.content_type != "application/json":
        raise Problem("unsupported-media-type", 415, "Send JSON", detail="Content-Type must be application/json")
    try:
        async with asyncio.timeout(BODY_WITHIN):
            raw = await request.read()
    except TimeoutError as error:
        raise Problem("timeout", 408, "The body took too long", headers={hdrs.CONNECTION: "close"}) from error
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if any(item["type"] == "json_invalid" for item in error.errors()):
            raise Problem("malformed-json", 400, "The body is not JSON") from error
        raise invalid(error) from error


def parse_query(request: web.Request, model: type[M]) -> M:
    """Parse the query string; what is given several times is a list, so it fits only where one is asked for.

    Raises:
        Problem: 422 with the fields at fault.
    """
    given = {name: request.query.getall(name) for name in request.query}
    try:
        return model.model_validate({name: found if len(found) > 1 else found[0] for name, found in given.items()})
    except ValidationError as error:
        raise invalid(error) from error


def path_id(request: web.Request, name: str, missing: Problem) -> UUID:
    """An id from the path; one that is no id cannot exist, which is ``missing``."""
    try:
        return UUID(request.match_info[name])
    except ValueError as error:
        raise missing from error


def reply(model: BaseModel, status: int = HTTPStatus.OK) -> web.Response:
    """A model as JSON."""
    return web.Response(
        body=model.model_dump_json().encode(),
        status=status,
        content_type="application/json",
        headers={hdrs.CACHE_CONTROL: "no-store"},
    )


def problem_reply(problem: Problem) -> web.Response:
    """A problem as its document."""
    return web.Response(
        body=problem.document.model_dump_json(exclude_none=True, exclude_defaults=True).encode(),
        status=problem.document.status,
        headers={hdrs.CONTENT_TYPE: CONTENT_TYPE, hdrs.CACHE_CONTROL: "no-store"} | problem.headers,
    )


def slug(refusal: type[Exception]) -> str:
    """The stable problem type of a refusal: ``SoldOut`` is ``sold-out``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", refusal.__name__).lower()


def refused(error: Exception, refusals: Refusals) -> Problem:
    """The problem that one of this service's refusals becomes."""
    status, title = refusals[type(error)]
    return Problem(
        slug(type(error)),
        status,
        title,
        detail=str(error) or None,
        field=getattr(error, "field", None),
        members=getattr(error, "members", None),
    )


def as_problem(error: Exception, refusals: Refusals) -> Problem | None:
    """What an exception means to the caller; None is a fault of ours."""
    if isinstance(error, Problem):
        return error
    if isinstance(error, web.HTTPException):
        return Problem(_HTTP_TYPES.get(error.status, "error"), error.status, error.reason, headers=_kept(error.headers))
    if isinstance(error, (*AWAY, *RERUN, asyncpg.QueryCanceledError)):
        return Problem("unavailable", 503, "Please try again in a moment", headers={hdrs.RETRY_AFTER: "2"})
    if isinstance(error, _UNWRITABLE):
        return Problem("invalid", 422, "Something in the request is not right", detail="a character in it is none")
    return refused(error, refusals) if type(error) in refusals else None


_UNWRITABLE = (asyncpg.CharacterNotInRepertoireError, asyncpg.UntranslatableCharacterError)
"""A NUL, which JSON and addresses can hold and PostgreSQL cannot: nobody types one."""


_HTTP_TYPES = {404: "not-found", 405: "method-not-allowed", 413: "too-large"}


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name in {hdrs.ALLOW, hdrs.RETRY_AFTER}}


@web.middleware
async def middleware(request: web.Request, handler: Handler) -> web.StreamResponse:
    """One boundary for all requests: trace, log context, measurement, and errors as problem documents."""
    pattern = route(request)
    began = time.perf_counter()
    parent = request.headers.get(tracing.HEADER)
    with (
        structlog.contextvars.bound_contextvars(method=request.method, route=pattern),
        tracing.span(f"{request.method} {pattern}", parent=parent, kind=SpanKind.SERVER) as trace_id,
        structlog.contextvars.bound_contextvars(trace_id=trace_id),
    ):
        try:
            response = await handler(request)
        except Exception as error:  # the boundary: whatever happens, the caller gets an answer
            problem = as_problem(error, request.app.get(REFUSALS, {}))
            if problem is None:
                log.exception("request_failed")
                problem = Problem("internal-error", 500, "Something went wrong on our side")
            response = problem_reply(problem)
    REQUESTS.labels(request.method, pattern, response.status).observe(time.perf_counter() - began)
    return response


def route(request: web.Request) -> str:
    """The route's pattern: a path could hold a booking code, which no log or metric may."""
    resource = request.match_info.route.resource
    return resource.canonical if resource else "unknown"


ReadyCheck = typing.Callable[[], "Awaitable[Mapping[str, bool]]"]


def add_routes(app: web.Application, api: Api, *, title: str, ready: ReadyCheck) -> None:
    """Give an application its endpoints, and what all services have: health, metrics, OpenAPI."""
    for endpoint in api.endpoints:
        app.router.add_route(endpoint.method, endpoint.path, endpoint.__call__)

    @cache
    def described() -> str:
        return json.dumps(document(title, api.endpoints), ensure_ascii=False)

    async def live(_: web.Request) -> web.Response:
        return web.json_response({"status": "live"})

    async def readiness(_: web.Request) -> web.Response:
        checks = dict(await ready())
        return web.json_response(
            {"status": "ready" if all(checks.values()) else "not ready", "checks": checks},
            status=HTTPStatus.OK if all(checks.values()) else HTTPStatus.SERVICE_UNAVAILABLE,
        )

    async def metrics(_: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={hdrs.CONTENT_TYPE: CONTENT_TYPE_LATEST})

    async def openapi(_: web.Request) -> web.Response:
        # Half a second of work that few ask for, so that no service has to do it before it starts.
        return web.json_response(text=await asyncio.to_thread(described))

    app.router.add_get("/health/live", live)
    app.router.add_get("/health/ready", readiness)
    app.router.add_get("/metrics", metrics)
    app.router.add_get("/openapi.json", openapi)
