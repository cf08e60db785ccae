"""What is asked of all our services at once, while one of them may be away."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Generic, TypeVar

from services.web.rendering import msgid
from services.web.staff.frame import services
from shared.problems import Problem

if TYPE_CHECKING:
    from aiohttp import web

    from services.web.staff.services import StaffService

T = TypeVar("T")

NAMES: Mapping[str, str] = {
    "catalog": msgid("programmet"),
    "booking": msgid("bokningarna"),
    "notify": msgid("utskicken"),
    "volunteers": msgid("volontärerna"),
}
"""What colleagues call our services."""

HEARING = ("catalog", "booking", "notify", "volunteers")
"""Those that hear events, which may get stuck."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Everywhere(Generic[T]):
    """What the services said, and which of them said nothing."""

    said: Mapping[str, T]
    away: tuple[str, ...]


async def everywhere(
    request: web.Request, ask: Callable[[str, StaffService], Awaitable[T]], names: Collection[str] = tuple(NAMES)
) -> Everywhere[T]:
    """Ask all services the same, or those with these names.

    Raises:
        Problem: all are away, or one of them refuses.
    """
    asked = {name: service for name, service in services(request).all().items() if name in names}
    answers = await asyncio.gather(*(ask(name, service) for name, service in asked.items()), return_exceptions=True)
    said: dict[str, T] = {}
    away: dict[str, Problem] = {}
    for name, answer in zip(asked, answers, strict=True):
        if isinstance(answer, Problem) and answer.document.status == HTTPStatus.SERVICE_UNAVAILABLE:
            away[name] = answer
        elif isinstance(answer, BaseException):
            raise answer
        else:
            said[name] = answer
    if not said:
        raise next(iter(away.values()))
    return Everywhere(said=said, away=tuple(away))
