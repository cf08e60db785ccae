"""What other programs read of a page: the addresses it is known by, and schema.org's Event."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

from services.web.keys import SETTINGS, SITE
from services.web.offers import Offer
from services.web.rendering import LANGUAGE
from shared.i18n import choose

if TYPE_CHECKING:
    from datetime import tzinfo

    from aiohttp import web

    from services.web.upstream import Session

Json = dict[str, object]

_SCHEMA = "https://schema.org"
_AVAILABILITY = {Offer.BOOK: "InStock"} | {full: "SoldOut" for full in Offer if full.is_full}


class Addresses(NamedTuple):
    """Where others find a page."""

    own: str
    """The one address of the page in its language; empty where the public address is not known."""
    languages: Mapping[str, str]
    """The same page in each language."""


def addresses(request: web.Request) -> Addresses:
    """Those of a page that is the same for everybody, without what is asked of it behind ``?``."""
    base, tag = request.app[SETTINGS].public_url, request[LANGUAGE].tag
    below_home = request.rel_url.raw_path.removeprefix(f"/{tag}")
    tags = request.app[SITE].catalogs.tags if base else []
    languages = {one: f"{base}/{one}{below_home}" for one in tags}
    return Addresses(languages.get(tag, ""), languages)


class Reader(NamedTuple):
    """Whom a session is told to."""

    language: str
    zone: tzinfo
    pages: str
    """The public address of the pages in this language; empty where it is not known."""

    @classmethod
    def of(cls, request: web.Request) -> Reader:
        """Whoever reads the page that is asked for."""
        base, tag = request.app[SETTINGS].public_url, request[LANGUAGE].tag
        return cls(tag, request.app[SITE].zone, f"{base}/{tag}" if base else "")

    def url(self, path: str) -> Json:
        """The address of one of our pages, where it is known."""
        return {"url": self.pages + path} if self.pages else {}


def event(session: Session, offered: Offer, reader: Reader) -> Json:
    """A session as https://schema.org/Event. How one gets into an online one is never told."""
    status = "EventCancelled" if offered is Offer.CANCELLED else "EventScheduled"
    mode = "OnlineEventAttendanceMode" if session.place == "online" else "OfflineEventAttendanceMode"
    branch = session.branch
    return {
        "@context": _SCHEMA,
        "@type": "Event",
        "name": choose(session.titles, reader.language),
        "startDate": session.starts_at.astimezone(reader.zone).isoformat(),
        "endDate": session.ends_at.astimezone(reader.zone).isoformat(),
        "eventStatus": f"{_SCHEMA}/{status}",
        "eventAttendanceMode": f"{_SCHEMA}/{mode}",
        "location": _location(session, reader),
        "organizer": {
            "@type": "Library",
            "name": branch.name,
            "telephone": branch.phone,
            **reader.url(f"/branches/{branch.id}"),
        },
        "isAccessibleForFree": True,
        **reader.url(f"/sessions/{session.id}"),
        **_words(session, reader),
        **_places(session, offered, reader),
    }


def _words(session: Session, reader: Reader) -> Json:
    """What is said of a session only where there is something to say."""
    words: Json = {}
    about = [choose(texts, reader.language) for texts in (session.summaries, session.theme) if texts]
    if about:
        words["description"] = " ".join(about)
    if session.audiences:
        words["audience"] = {"@type": "Audience", "audienceType": choose(session.audiences, reader.language)}
    if session.languages:
        words["inLanguage"] = list(session.languages)
    return words


def _location(session: Session, reader: Reader) -> Json:
    if session.place == "online":
        return {"@type": "VirtualLocation", **reader.url(f"/sessions/{session.id}")}
    if session.place == "outreach":
        return {"@type": "Place", "name": session.room or session.branch.name}
    street = {"streetAddress": session.branch.address} if session.branch.address else {}
    address = {"@type": "PostalAddress", "addressCountry": "SE", **street}
    return {"@type": "Place", "name": session.branch.name, "address": address}


def _places(session: Session, offered: Offer, reader: Reader) -> Json:
    """How one gets a place, and how many there are: where one books, and where each booked place is one person."""
    if offered not in _AVAILABILITY:
        return {}
    offer = {
        "@type": "Offer",
        "price": 0,
        "priceCurrency": "SEK",
        "availability": f"{_SCHEMA}/{_AVAILABILITY[offered]}",
        **reader.url(f"/sessions/{session.id}/book"),
    }
    seats = session.seats
    counted = {"maximumAttendeeCapacity": seats.capacity, "remainingAttendeeCapacity": seats.left}
    return {"offers": offer, **(counted if session.counts == "persons" else {})}
