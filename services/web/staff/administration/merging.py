"""Two who type into the same form: what each of them typed stays."""

from collections.abc import Mapping


def merged(typed: Mapping[str, str], was: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """A form in which what somebody typed stays, and what they left alone is as others have changed it since."""
    return {name: now[name] if text == was[name] else text for name, text in typed.items() if name in now}
