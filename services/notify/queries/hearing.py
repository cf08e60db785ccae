"""What a number was told and what it answered."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from asyncpg import Record

from services.notify.contacts import Person
from services.notify.domain import WHICH, Answer, Says, Told
from services.notify.messages import CHANGING, ENDING
from shared.db import Connection
from shared.events import SessionState


@dataclass(frozen=True, kw_only=True, slots=True)
class Correspondence:
    """Something that a number was told of, with what one needs to answer about it."""

    told: Told
    contact_ref: UUID
    language: str
    facts: SessionState
    question: str | None
    """The template of the newest message about it that asked something."""

    @property
    def person(self) -> Person:
        """Who was told, as their owner is asked."""
        return Person(self.contact_ref, self.told.about)

    @classmethod
    def from_row(cls, row: Record) -> "Correspondence":
        """Read what :func:`correspondence` selected."""
        facts = SessionState.model_validate(row["facts"])
        told = Told(
            about=row["about"],
            owner=row["owner"],
            standing=row["standing"],
            session_status="published" if row["of_series"] else row["session_status"],
            starts_at=facts.starts_at,
            told_at=row["told_at"],
            greeted=row["greeted"],
            of_series=row["of_series"],
            by_code_only=row["of_series"] or row["untold"],
            changes_by_yes=row["question"] in CHANGING,
        )
        return cls(
            told=told,
            contact_ref=row["contact_ref"],
            language=row["language"],
            facts=facts,
            question=row["question"],
        )


async def correspondence(conn: Connection, address: bytes) -> list[Correspondence]:
    """What a number got an SMS about that can be answered, or may have, what it was told of last first.

    Also the dates that it was told of together and by no SMS of their own: their codes stand on the pages.
    """
    rows = await conn.fetch(
        """
        WITH told AS (
            SELECT m.about, m.contact_ref, m.session_id, m.template, a.started_at AS at
            FROM attempt a JOIN message m ON m.id = a.message_id
            WHERE a.address = $1 AND a.parts IS NOT NULL
        ), last AS (
            SELECT DISTINCT ON (about) about, contact_ref, session_id, at FROM told ORDER BY about, at DESC
        ), dates AS (
            SELECT date.id AS about, date.contact_ref, date.session_id, last.at
            FROM last JOIN booking date ON date.series_booking_id = last.about AND date.contact_ref IS NOT NULL
            WHERE NOT EXISTS (SELECT FROM last told WHERE told.about = date.id)
        ), known AS (
            SELECT *, false AS untold FROM last UNION ALL SELECT *, true FROM dates
        ), asked AS (
            SELECT DISTINCT ON (about) about, template, at FROM told WHERE template <> ALL($2) ORDER BY about, at DESC
        )
        SELECT b.id AS about, b.owner, known.at AS told_at, known.untold, known.contact_ref,
            coalesce(b.language, '') AS language, s.facts, s.status AS session_status, asked.template AS question,
            coalesce(b.series_booking_id = b.id, false) AS of_series,
            -- A version that knew no waiting list keeps of a booking's end no more than that it ended.
            CASE WHEN b.ended_revision > b.revision THEN 'cancelled' ELSE coalesce(b.standing, 'confirmed') END
                AS standing,
            EXISTS (
                SELECT FROM reply r
                WHERE r.address = $1 AND r.about = b.id AND r.answer = 'see_you' AND r.received_at > asked.at
            ) AS greeted
        FROM known
        JOIN booking b ON b.id = known.about
        JOIN session s ON s.id = coalesce(b.session_id, known.session_id) AND s.facts IS NOT NULL
        LEFT JOIN asked ON asked.about = b.id
        WHERE b.standing IS DISTINCT FROM 'news'
        ORDER BY known.at DESC, known.untold
        """,
        address,
        list(ENDING),
    )
    return [Correspondence.from_row(row) for row in rows]


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """An answer that was taken before, and what it got back."""

    about: UUID
    answer: Answer | None


async def taken(conn: Connection, provider_id: str) -> Taken | None:
    """An answer that the provider delivers again; None when it is new."""
    row = await conn.fetchrow("SELECT about, answer FROM reply WHERE provider_id = $1", provider_id)
    return Taken(**dict(row)) if row else None


async def answers_given(conn: Connection, address: bytes, since: datetime) -> Mapping[Answer, int]:
    """How often a number got which answer since then; exact while the number is locked."""
    rows = await conn.fetch(
        """
        SELECT answer, count(*) FROM reply
        WHERE address = $1 AND received_at > $2 AND answer IS NOT NULL
        GROUP BY answer
        """,
        address,
        since,
    )
    return {row["answer"]: row["count"] for row in rows}


async def asked_which(conn: Connection, address: bytes, since: datetime) -> Says | None:
    """What a number said when it was asked for a code, if that was what it got back last and since then."""
    row = await conn.fetchrow(
        """
        SELECT understood, answer FROM reply WHERE address = $1 AND received_at > $2
        ORDER BY received_at DESC LIMIT 1
        """,
        address,
        since,
    )
    return row["understood"] if row and row["answer"] in WHICH else None
