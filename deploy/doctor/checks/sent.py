from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

import asyncpg

from deploy.doctor.provider import Sms
from deploy.doctor.report import Finding, Note, Unseen
from deploy.doctor.visit import Visit

_SKEW = timedelta(minutes=1)
"""How far the provider's clock may be from ours."""

_DAY = timedelta(days=1)
"""How late a provider may accept what it was given."""

_LOST = "Somebody was not told. Ring the person whose booking it is about, and report it with the message's id."
_TWICE = "Somebody was told twice. Report it with the message's id; the provider may have accepted it very late."
_ALIEN = "Find out who else may send in the library's name, and change the passwords."


async def sent(visit: Visit) -> list[Finding | Note]:
    """What counts as sent arrived outside, once, and nothing else did."""
    log = visit.told
    if not log.asked:
        raise Unseen("no SMS provider and no mailboxes are named")
    if log.trouble:
        todo = "See whether the SMS provider or the phonebox answers, and try again."
        return [Finding(name="provider-away", what=f"What left cannot be asked for ({log.trouble})", todo=todo)]
    found: list[Finding | Note] = []
    if log.sms is not None:
        found += await _lost_sms(visit, log.sms)
        found += await _strange_sms(visit, log.sms)
    if log.mails is not None:
        found += await _mails(visit)
    return found


async def _lost_sms(visit: Visit, history: Sequence[Sms]) -> list[Finding]:
    """Counts as sent, and the provider knows nothing of it. Read before the provider was asked."""
    rows = await visit.before("notify").fetch(
        """
        SELECT m.id, a.provider_id
        FROM message m JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        WHERE m.state IN ('sent', 'delivered') AND a.channel = 'sms' AND a.started_at > $1
        """,
        visit.told.since + _SKEW,
    )
    known = {sms.id for sms in history}
    lost = [row["id"] for row in rows if row["provider_id"] not in known]
    return Finding.about("sms-lost", "Messages count as sent, but the provider never got them", lost, _LOST)


async def _strange_sms(visit: Visit, history: Sequence[Sms]) -> list[Finding]:
    """The provider sent it, and we know nothing of it, or know it twice. Read after the provider was asked."""
    attempts = await _attempts(visit)
    known = {row["provider_id"]: row["message_id"] for row in attempts if row["provider_id"]}
    accepted = defaultdict[UUID, set[str]](set)
    for sms in history:
        if sms.id in known:
            accepted[known[sms.id]].add(sms.id)
    open_since = min((row["started_at"] for row in attempts if row["state"] in {"sending", "unknown"}), default=None)
    strays = [
        sms
        for sms in history
        if sms.id not in known and (visit.at_rest or open_since is None or sms.at < open_since - _SKEW)
    ]
    phones = await _phones(visit, attempts) if strays else {}
    origins = {sms.id: _origin(sms, attempts, phones) for sms in strays}
    recognised = {id_ for id_ in origins.values() if id_}
    return [
        *Finding.about(
            "sms-double",
            "Messages went out as an SMS more than once",
            {id_ for id_, ids in accepted.items() if len(ids) > 1} | (recognised & accepted.keys()),
            _TWICE,
        ),
        *Finding.about(
            "sms-unrecorded",
            "Messages went out as an SMS and do not count as sent",
            recognised - accepted.keys(),
            "These people were told, whatever their booking shows. Report it with the message's id.",
        ),
        *Finding.about(
            "sms-ghost",
            "The provider sent SMS that are no message of ours, by its own ids",
            [id_ for id_, origin in origins.items() if origin is None],
            _ALIEN,
        ),
    ]


async def _attempts(visit: Visit) -> list[asyncpg.Record]:
    """Every attempt at an SMS of this time, the newest first."""
    return await visit.after("notify").fetch(
        """
        SELECT a.message_id, a.provider_id, a.started_at, m.contact_ref,
            CASE a.number WHEN m.attempts THEN m.state END AS state
        FROM attempt a JOIN message m ON m.id = a.message_id
        WHERE a.channel = 'sms' AND a.started_at > $1 ORDER BY a.started_at DESC
        """,
        visit.told.since - _SKEW,
    )


async def _phones(visit: Visit, attempts: Sequence[asyncpg.Record]) -> dict[UUID, str]:
    """The numbers of those concerned: compared with the provider's, and never shown."""
    rows = await visit.after("booking").fetch(
        "SELECT ref, phone FROM contact WHERE ref = ANY($1) AND phone IS NOT NULL",
        {row["contact_ref"] for row in attempts},
    )
    return {row["ref"]: row["phone"] for row in rows}


def _origin(sms: Sms, attempts: Sequence[asyncpg.Record], phones: dict[UUID, str]) -> UUID | None:
    """The message that this may have been: of the attempts to this number one without an id, or the newest."""
    fitting = [
        row
        for row in attempts
        if phones.get(row["contact_ref"]) == sms.to and row["started_at"] - _SKEW <= sms.at <= row["started_at"] + _DAY
    ]
    fitting.sort(key=lambda row: row["provider_id"] is not None)
    return fitting[0]["message_id"] if fitting else None


async def _mails(visit: Visit) -> list[Finding | Note]:
    """A mail may come again under its Message-ID, once for each attempt that may have succeeded, and no more."""
    mails = visit.told.mails or Counter[UUID]()
    before = await visit.before("notify").fetch(
        """
        SELECT m.id FROM message m JOIN attempt a ON a.message_id = m.id AND a.number = m.attempts
        WHERE m.state IN ('sent', 'delivered') AND a.channel = 'email' AND a.started_at > $1
        """,
        visit.told.since,
    )
    after = await visit.after("notify").fetch(
        """
        SELECT came.id, count(a.number) AS attempts, count(a.parts) AS perhaps
        FROM unnest($1::uuid[]) AS came (id)
        LEFT JOIN attempt a ON a.message_id = came.id AND a.channel = 'email'
        GROUP BY came.id
        """,
        list(mails),
    )
    strange = visit.told.strange_mails
    alien = f"{strange} mails arrived whose Message-ID is none of ours"
    repeated = sum(1 for row in after if 1 < mails[row["id"]] <= row["perhaps"])
    found: list[Finding | Note] = [
        *Finding.about(
            "mail-lost",
            "Messages count as sent, but the mail server never got them",
            [row["id"] for row in before if row["id"] not in mails],
            _LOST,
        ),
        *Finding.about(
            "mail-double",
            "Messages went out as a mail more often than attempts at them broke off",
            [row["id"] for row in after if row["attempts"] and mails[row["id"]] > row["perhaps"]],
            _TWICE,
        ),
        *Finding.about(
            "mail-ghost",
            "Mails arrived that are no message of ours",
            [row["id"] for row in after if not row["attempts"]],
            _ALIEN,
        ),
    ]
    found += [Finding(name="mail-ghost", what=alien, todo=_ALIEN)] if strange else []
    found += [Note(text=f"{repeated} mails came again under the same Message-ID, as they may")] if repeated else []
    return found
