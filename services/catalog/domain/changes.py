from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

R = TypeVar("R", bound="DataclassInstance")


def changed_by(record: R, change: "DataclassInstance") -> R:
    """The record with every field that the change names; None in it is as it was."""
    wanted: dict[str, Any] = {field.name: getattr(change, field.name) for field in fields(change)}
    return replace(record, **{name: value for name, value in wanted.items() if value is not None})
