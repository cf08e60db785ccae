"""Errors as people and clients get them: RFC 9457 problem documents with stable types that name the field."""

from collections.abc import Mapping
from typing import Any

from pydantic import ConfigDict, JsonValue, ValidationError

from shared.models import Model

CONTENT_TYPE = "application/problem+json"


class FieldError(Model):
    """One thing wrong with what was sent, and where: ``reach.phone``."""

    field: str
    detail: str


class ProblemDocument(Model):
    """The body of every answer that is not a success; a type may have members of its own beside these."""

    model_config = ConfigDict(extra="allow")

    type: str
    """Stable; clients decide by it."""
    title: str
    status: int
    detail: str | None = None
    field: str | None = None
    """The first field at fault."""
    errors: tuple[FieldError, ...] = ()


class Problem(Exception):  # noqa: N818 - the name RFC 9457 gives it
    """A request that cannot be fulfilled, with the answer it gets."""

    def __init__(  # noqa: PLR0913 - each is a member of the document
        self,
        type_: str,
        status: int,
        title: str,
        *,
        detail: str | None = None,
        field: str | None = None,
        errors: tuple[FieldError, ...] = (),
        headers: Mapping[str, str] | None = None,
        members: Mapping[str, JsonValue] | None = None,
    ) -> None:
        super().__init__(type_)
        self.headers = dict(headers or {})
        self.document = ProblemDocument(
            type=type_,
            status=status,
            title=title,
            detail=detail,
            field=field or (errors[0].field if errors else None),
            errors=errors,
            **(members or {}),
        )


def invalid(error: ValidationError) -> Problem:
    """The problem document for a body or query that does not fit its model."""
    errors = tuple(
        FieldError(field=_path(item["loc"]), detail=item["msg"].removeprefix("Value error, "))
        for item in error.errors(include_input=False, include_url=False, include_context=False)
    )
    return Problem("invalid", 422, "Something in the request is not right", errors=errors, detail=errors[0].detail)


def _path(location: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in location) or "body"
