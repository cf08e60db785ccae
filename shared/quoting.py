"""Text that a spreadsheet would run as a formula, made text (OWASP, CSV injection)."""

_RUN = ("=", "+", "-", "@")


def quoted(text: str) -> str:
    """The text with an apostrophe before it where a program would run it."""
    return f"'{text}" if text.lstrip().startswith(_RUN) or text.startswith(("\t", "\r", "\n")) else text


def unquoted(text: str) -> str:
    """A text as it was before it was quoted."""
    inner = text.removeprefix("'")
    return inner if quoted(inner) == text else text
