from typing import TypeAlias

Texts: TypeAlias = dict[str, str]
"""A text by language tag. Swedish is always there, unless there is no text at all."""

Lines: TypeAlias = dict[str, tuple[str, ...]]
"""A list of texts by language tag."""
