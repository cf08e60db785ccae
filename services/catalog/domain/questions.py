"""What a booking is asked for beyond who comes and how to reach them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

Asked: TypeAlias = Literal["choice", "choices", "number", "name"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Option:
    """One of the answers that a question allows; labels by language."""

    id: str
    labels: Mapping[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """One question. Nothing is answered in free text: what is not asked for need not be guarded.

    ``choice`` and ``choices`` take the ids of options, ``number`` an integer, ``name`` one short line: what a school or
    a class is called.
    """

    id: str
    type: Asked
    labels: Mapping[str, str]
    hints: Mapping[str, str] = field(default_factory=dict)
    required: bool = True
    options: tuple[Option, ...] = ()
    most: int | None = None
    """The largest number."""
    counted: bool = True
    """Whether answers are counted for the figures; a ``name`` never is."""
