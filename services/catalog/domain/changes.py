from dataclasses import Field, fields, replace
from typing import Any, ClassVar, Protocol, TypeVar


class Record(Protocol):
    """Any dataclass."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


R = TypeVar("R", bound=Record)


def changed_by(record: R, change: Record) -> R:
    """The record with every field that the change names; None in it is as it was."""
    wanted: dict[str, Any] = {field.name: getattr(change, field.name) for field in fields(change)}
    return replace(record, **{name: value for name, value in wanted.items() if value is not None})
