from collections import Counter
from collections.abc import Mapping

import asyncpg

from deploy.doctor.answer import Answer
from deploy.doctor.report import Finding, Note
from deploy.doctor.visit import Visit
from shared.events import Standing

_FOLLOWING: Mapping[Standing, frozenset[Standing]] = {
    "queued": frozenset({"queued", "offered", "expired", "closed"}),
    "offered": frozenset({"offered", "expired"}),
}
"""What may have become of a booking by time and other people alone, since its client was told of it; nothing else."""

_TODO = "A promise to a visitor was not kept or not written down: report it with these, and call the people concerned."


async def answers(visit: Visit) -> list[Finding | Note]:
    """What clients were told is what is stored, and nothing else is."""
    told = {answer.code.replace("-", ""): answer for answer in visit.answers}
    rows = await visit.after("booking").fetch(
        """
        SELECT c.code, b.id, b.session_id, b.seats, b.state
        FROM booking b LEFT JOIN contact c ON c.ref = b.contact_ref
        WHERE c.code = ANY($1) OR b.session_id = ANY($2)
        """,
        list(told),
        [answer.session_id for answer in visit.answers],
    )
    stored = {row["code"]: row for row in rows if row["code"] in told}
    lost = [answer.key for code, answer in told.items() if code not in stored]
    differing = [answer.key for code, answer in told.items() if code in stored and _differs(answer, stored[code])]
    unanswered = [row["id"] for row in rows if row["code"] not in told]
    return [
        *Finding.about("answer-lost", "Bookings that clients were told of are not stored, by their keys", lost, _TODO),
        *Finding.about("answer-differs", "Bookings are stored otherwise than told, by their keys", differing, _TODO),
        *Finding.about("answer-shared", "Keys were answered with one and the same booking", _shared(visit), _TODO),
        *Finding.about("booking-unanswered", "Bookings are stored that nobody was told of", unanswered, _TODO),
    ]


def _differs(answer: Answer, stored: asyncpg.Record) -> bool:
    """Whether what is stored is not what was told, nor what it may have become since."""
    possible = _FOLLOWING.get(answer.state, {answer.state})
    same = (answer.session_id, answer.seats) == (stored["session_id"], stored["seats"])
    return not same or stored["state"] not in possible


def _shared(visit: Visit) -> list[str]:
    """Keys that share a booking, and keys that got several."""
    pairs = {(answer.key, answer.code) for answer in visit.answers}
    keys, codes = Counter(key for key, _ in pairs), Counter(code for _, code in pairs)
    return [key for key, code in pairs if keys[key] > 1 or codes[code] > 1]
