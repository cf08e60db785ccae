"""Our services' APIs as somebody who is signed in may use them: their token goes along, so the services decide."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, TypeVar, overload

from aiohttp import hdrs
from pydantic import BaseModel, ValidationError

from services.web.upstream import Service, unavailable
from shared.logs import get_logger

if TYPE_CHECKING:
    import aiohttp

log = get_logger()

M = TypeVar("M", bound=BaseModel)

Params = Mapping[str, str] | list[tuple[str, str]]


class StaffService:
    """One service's API, for one person."""

    def __init__(self, service: Service, token: str) -> None:
        self._service = service
        self._headers = {hdrs.AUTHORIZATION: f"Bearer {token}"}

    async def get(self, model: type[M], path: str, *, params: Params | None = None) -> M:
        """What the service answers.

        Raises:
            Problem: what it said instead; 503 ``unavailable`` while it is away.
        """
        return _read(model, await self._service.call("GET", path, params=params, headers=self._headers))

    @overload
    async def send(
        self, model: type[M], method: str, path: str, *, json: object = None, idempotency_key: str | None = None
    ) -> M: ...

    @overload
    async def send(
        self, model: None, method: str, path: str, *, json: object = None, idempotency_key: str | None = None
    ) -> None: ...

    async def send(
        self,
        model: type[M] | None,
        method: str,
        path: str,
        *,
        json: object = None,
        idempotency_key: str | None = None,
    ) -> M | None:
        """Have something done; the same ``idempotency_key`` and body again is the same thing done once.

        Raises:
            Problem: why it was not done; 503 ``unavailable`` where nobody knows.
        """
        headers = self._headers | ({"Idempotency-Key": idempotency_key} if idempotency_key else {})
        options: dict[str, Any] = {} if json is None else {"json": json}
        body = await self._service.call(method, path, headers=headers, **options)
        return _read(model, body) if model else None

    async def raw(
        self,
        method: str,
        path: str,
        *,
        headers: Mapping[str, str] | None = None,
        **options: Any,  # noqa: ANN401 - aiohttp's own options
    ) -> tuple[int, bytes, Mapping[str, str]]:
        """Status, body and headers of a success, for what is no JSON.

        Raises:
            Problem: as :meth:`get` does.
        """
        return await self._service.ask(method, path, headers=self._headers | dict(headers or {}), **options)


@dataclass(frozen=True, kw_only=True, slots=True)
class Services:
    """Our services, for one person."""

    catalog: StaffService
    booking: StaffService
    notify: StaffService
    volunteers: StaffService

    def all(self) -> Mapping[str, StaffService]:
        """Each of them by its name: what all have, like an audit, is asked of all."""
        return {one.name: getattr(self, one.name) for one in fields(self)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Reached:
    """Where our services are."""

    http: aiohttp.ClientSession
    catalog: str
    booking: str
    notify: str
    volunteers: str

    def by(self, token: str) -> Services:
        """The services for whoever has this token."""
        return Services(
            catalog=StaffService(Service(self.http, self.catalog), token),
            booking=StaffService(Service(self.http, self.booking), token),
            notify=StaffService(Service(self.http, self.notify), token),
            volunteers=StaffService(Service(self.http, self.volunteers), token),
        )


def _read(model: type[M], body: bytes) -> M:
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        log.warning("service_not_understood", model=model.__name__)
        raise unavailable() from error
