from collections.abc import Callable

from services.notify.gsm7 import fits, spelled


def cut(write: Callable[[str, str], str], title: str, place: str) -> str:
    """A text of a title and a place, spelled in the small alphabet, and with as much of both as one part holds."""
    title, place = spelled(title), spelled(place)
    while not fits(text := spelled(write(title, place))) and (title or place):
        title, place = (title[:-1].rstrip(), place) if title else (title, place[:-1].rstrip())
    return text
