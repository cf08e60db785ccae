from services.notify.messages import Subject
from shared.db import Connection


async def learn(conn: Connection, about: Subject, *, ended: bool) -> int | None:
    """Take the turn of what is told about, and keep what it is unless a newer revision is known.

    Returns:
        The revision that ended it, if one has been heard of.
    """
    ended_revision: int | None = await conn.fetchval(
        """
        INSERT INTO booking AS b (
            id, ended_revision, revision, standing, session_id, contact_ref, language, series_booking_id, owner,
            asked, agreed
        ) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $4 = 'proposed', $4 = 'accepted')
        ON CONFLICT (id) DO UPDATE SET
            ended_revision = greatest(b.ended_revision, excluded.ended_revision),
            standing = CASE WHEN b.revision < $3 THEN $4 ELSE b.standing END,
            session_id = CASE WHEN b.revision < $3 THEN $5 ELSE b.session_id END,
            contact_ref = CASE WHEN b.revision < $3 THEN $6 ELSE b.contact_ref END,
            language = CASE WHEN b.revision < $3 THEN $7 ELSE b.language END,
            series_booking_id = coalesce(b.series_booking_id, $8),
            asked = b.asked OR excluded.asked,
            agreed = b.agreed OR excluded.agreed,
            revision = greatest(b.revision, $3)
        RETURNING ended_revision
        """,
        about.id,
        about.revision if ended else None,
        about.revision,
        about.standing,
        about.session_id,
        about.contact_ref,
        about.language,
        about.series_booking_id,
        about.owner,
    )
    return ended_revision
