from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from asyncpg import Record

from services.notify.contacts import Contact, Person
from services.notify.domain import Channel, Circumstances, InHand, Owner, State
from services.notify.messages import Date, Draft, Parameters, Subject, Template
from services.notify.render import HelperTelling, Telling
from services.notify.store import series
from shared import tracing
from shared.db import Connection
from shared.events import MessageState, SessionState
from shared.i18n import Catalogs
from shared.ids import new_id


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """A message as it is worked on, with the newest facts of its session."""

    id: UUID
    revision: int
    about: UUID
    owner: Owner
    booking_revision: int
    contact_ref: UUID
    template: str
    parameters: Parameters
    facts: SessionState | None
    """Of the session it is about, if it is about one."""
    session_status: str
    standing: str
    """What its booking or assignment is by now."""
    ended: bool
    """Whether that has come to an end since."""
    unaware: bool
    """Whether a volunteer was asked for it, and has neither heard that nor said yes."""
    left: bool
    """Whether its booking is for another session by now."""
    state: State
    channel: Channel | None
    fallback: Channel | None
    attempts: int
    repeated: bool
    address: bytes | None
    """A keyed hash of where it goes, once it is routed."""
    due_at: datetime
    traceparent: str | None
    tried_at: datetime | None
    """When the newest attempt began."""
    now: datetime
    """The database's clock when this was read."""
    next_session: SessionState | None = None
    """Where they could come instead, if it is still to be held."""
    dates: tuple[Date, ...] = ()
    """Of what was booked together: those it tells of."""
    refused: tuple[SessionState, ...] = ()
    """... and those that were not booked with the others."""

    @classmethod
    def from_row(cls, row: Record) -> "Message":
        """Read what :func:`load` selected."""
        values = dict(row)
        values["parameters"] = Parameters.model_validate(values["parameters"])
        values["facts"] = values["facts"] and SessionState.model_validate(values["facts"])
        following = values["next_session"]
        values["next_session"] = following and SessionState.model_validate(following)
        return cls(**values)

    @property
    def person(self) -> Person:
        """Whom it is for, as their owner is asked."""
        return Person(self.contact_ref, self.about)

    @property
    def starts_at(self) -> datetime | None:
        """When its session begins, if it is about one."""
        return self.facts.starts_at if self.facts else None

    @property
    def session(self) -> SessionState:
        """The session it is about, as each about a booking is.

        Raises:
            ValueError: it is about none.
        """
        if self.facts is None:
            raise ValueError("a message is about no session")
        return self.facts

    def circumstances(self) -> Circumstances:
        """What has become of its booking and session, at the moment when it was read."""
        return Circumstances(
            standing=self.standing,
            ended=self.ended,
            left=self.left,
            session_status=self.session_status,
            begun=self.starts_at is not None and self.starts_at <= self.now,
            unaware=self.unaware,
            out_of_date=self.parameters.until is not None and self.parameters.until <= self.now,
        )

    def in_hand(self) -> InHand:
        """What the rules need to know of it, once it has a channel."""
        if self.channel is None:
            raise ValueError("a message without a channel was tried")
        return InHand(
            template=self.template,
            starts_at=self.starts_at,
            channel=self.channel,
            fallback=self.fallback,
            attempts=self.attempts,
            repeated=self.repeated,
            due_at=self.due_at,
        )

    def telling(
        self, contact: Contact, zone: ZoneInfo, catalogs: Catalogs, public_url: str = ""
    ) -> Telling | HelperTelling:
        """What there is to tell of it to somebody, as things are now, in these words."""
        if self.owner == "booking":
            return self.to_visitor(contact, zone, catalogs, public_url)
        return HelperTelling(
            template=self.template,
            parameters=self.parameters,
            session=self.facts,
            given=self.next_session,
            contact=contact,
            zone=zone,
            public_url=public_url,
            now=self.now,
            catalogs=catalogs,
        )

    def to_visitor(self, contact: Contact, zone: ZoneInfo, catalogs: Catalogs, public_url: str = "") -> Telling:
        """What there is to tell of it, which is about a booking."""
        return Telling(
            template=self.template,
            parameters=self.parameters,
            standing=self.standing,
            session=self.dates[-1].session if self.dates else self.session,
            contact=contact,
            zone=zone,
            public_url=public_url,
            now=self.now,
            next_session=self.next_session,
            dates=self.dates,
            refused=self.refused,
            catalogs=catalogs,
        )

    def told(self, channel: Channel) -> MessageState:
        """What others may know of it."""
        return MessageState(
            message_id=self.id,
            revision=self.revision,
            contact_ref=self.contact_ref,
            about=self.about,
            template=self.template,
            channel=channel,
        )


class Later(NamedTuple):
    """A message with newer news than those just heard."""

    id: UUID
    state: State
    draft: Draft


async def lock_later(conn: Connection, about: Subject) -> list[Later]:
    """Hold fast what is told of the same that is newer."""
    rows = await conn.fetch(
        """
        SELECT id, state, template, parameters FROM message
        WHERE about = $1 AND booking_revision > $2 AND state <> 'dropped'
        ORDER BY id FOR UPDATE
        """,
        about.id,
        about.revision,
    )
    return [
        Later(
            row["id"],
            row["state"],
            Draft(template=row["template"], parameters=Parameters.model_validate(row["parameters"])),
        )
        for row in rows
    ]


async def set_parameters(conn: Connection, message_id: UUID, parameters: Parameters) -> None:
    """Have a locked message that is still unsent say something else."""
    await conn.execute(
        "UPDATE message SET parameters = $2 WHERE id = $1",
        message_id,
        parameters.model_dump(mode="json"),
    )


async def supersede(conn: Connection, about: Subject, templates: Collection[Template]) -> list[Parameters]:
    """Drop what is still unsent of these templates and older; gives the parameters of what was dropped."""
    rows = await conn.fetch(
        """
        UPDATE message SET state = 'dropped', reason = 'superseded'
        WHERE about = $1 AND template = ANY($2) AND booking_revision < $3 AND state = 'pending'
        RETURNING parameters
        """,
        about.id,
        list(templates),
        about.revision,
    )
    return [Parameters.model_validate(row["parameters"]) for row in rows]


async def lock_unsent(conn: Connection, about: Subject, templates: Collection[Template]) -> bool:
    """Hold fast what is still unsent of these templates and older; tells whether there is anything."""
    rows = await conn.fetch(
        """
        SELECT id FROM message
        WHERE about = $1 AND template = ANY($2) AND booking_revision < $3 AND state = 'pending'
        ORDER BY id FOR UPDATE
        """,
        about.id,
        list(templates),
        about.revision,
    )
    return bool(rows)


async def add_message(conn: Connection, about: Subject, draft: Draft) -> UUID | None:
    """Keep that somebody is to be told; gives None, and changes nothing, for the same news again."""
    added: UUID | None = await conn.fetchval(
        """
        INSERT INTO message (
            id, about, booking_revision, session_id, template, parameters, contact_ref, traceparent
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
        ON CONFLICT ON CONSTRAINT message_told_once DO NOTHING
        RETURNING id
        """,
        new_id(),
        about.id,
        about.revision,
        about.session_id,
        draft.template,
        draft.parameters.model_dump(mode="json"),
        about.contact_ref,
        tracing.traceparent(),
    )
    return added


async def load(conn: Connection, ids: list[UUID]) -> list[Message]:
    """The messages with these ids, oldest first, each with the newest facts: also how many come by now."""
    rows = await conn.fetch(
        """
        SELECT m.id, m.revision, m.about, b.owner, m.booking_revision, m.contact_ref, m.template,
            m.parameters || jsonb_build_object('persons', newest.persons) AS parameters,
            m.state, m.channel, m.fallback, m.attempts, m.repeated, m.address, m.due_at, m.traceparent,
            s.facts, coalesce(s.status, 'published') AS session_status, coalesce(b.standing, 'confirmed') AS standing,
            coalesce(b.ended_revision > m.booking_revision, false) AS ended,
            b.asked AND NOT (b.agreed OR EXISTS (
                SELECT FROM message other LEFT JOIN attempt tried ON tried.message_id = other.id
                WHERE other.about = m.about AND other.id <> m.id
                    AND (other.state IN ('sending', 'unknown') OR tried.parts IS NOT NULL)
            )) AS unaware,
            coalesce(b.session_id <> m.session_id, false) AS left,
            a.started_at AS tried_at, clock_timestamp() AS now, following.facts AS next_session
        FROM message m
        LEFT JOIN session s ON s.id = m.session_id
        JOIN booking b ON b.id = m.about
        JOIN LATERAL (
            SELECT parameters -> 'persons' AS persons FROM message
            WHERE about = m.about ORDER BY booking_revision DESC LIMIT 1
        ) newest ON true
        LEFT JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        LEFT JOIN session following ON following.id = (m.parameters ->> 'next_session_id')::uuid
            AND following.status = 'published' AND (following.facts ->> 'starts_at')::timestamptz > now()
        WHERE m.id = ANY($1) ORDER BY m.id
        """,
        ids,
    )
    return await _with_dates(conn, [Message.from_row(row) for row in rows])


async def _with_dates(conn: Connection, messages: list[Message]) -> list[Message]:
    """The messages, with all dates that those about a series tell of."""
    ids = [message.id for message in messages if message.template.startswith("series_")]
    if not ids:
        return messages
    dates, refused = await series.dates(conn, ids), await series.refused(conn, ids)
    return [
        replace(message, dates=dates.get(message.id, ()), refused=refused.get(message.id, ())) for message in messages
    ]
