"""Write-side SQL, a module for each thing that is kept."""

from services.notify.store.attempts import (
    claim,
    claim_unknown,
    end_attempt,
    expire_leases,
    known_ids,
    lock_attempt,
    lock_lease,
    mark_sent,
    raise_revision,
    take_step,
)
from services.notify.store.messages import (
    Later,
    Message,
    add_message,
    load,
    lock_later,
    lock_unsent,
    set_parameters,
    supersede,
)
from services.notify.store.receipts import add_receipt, lock_by_provider_id, lock_provider_id, receipts_of
from services.notify.store.replies import Reply, add_reply, lock_address, start_reminders, stop_reminders
from services.notify.store.routing import hold, postpone, route, set_aside, unrouted
from services.notify.store.rules import decided, wake_held
from services.notify.store.series import (
    add_about_whole,
    booked_dates,
    ended_dates,
    fail_carried,
    last_session,
    lock_moved_dates,
    wait_for_others,
)
from services.notify.store.sessions import SessionStatus, end_session, facts_revision, learn_session
from services.notify.store.subjects import learn
from services.notify.store.till import close_till, count_in, lock_till
from services.notify.store.wording import OwnWords, lock_words, own_words, put_words

__all__ = [
    "Later",
    "Message",
    "OwnWords",
    "Reply",
    "SessionStatus",
    "add_about_whole",
    "add_message",
    "add_receipt",
    "add_reply",
    "booked_dates",
    "claim",
    "claim_unknown",
    "close_till",
    "count_in",
    "decided",
    "end_attempt",
    "end_session",
    "ended_dates",
    "expire_leases",
    "facts_revision",
    "fail_carried",
    "hold",
    "known_ids",
    "last_session",
    "learn",
    "learn_session",
    "load",
    "lock_address",
    "lock_attempt",
    "lock_by_provider_id",
    "lock_later",
    "lock_lease",
    "lock_moved_dates",
    "lock_provider_id",
    "lock_till",
    "lock_unsent",
    "lock_words",
    "mark_sent",
    "own_words",
    "postpone",
    "put_words",
    "raise_revision",
    "receipts_of",
    "route",
    "set_aside",
    "set_parameters",
    "start_reminders",
    "stop_reminders",
    "supersede",
    "take_step",
    "unrouted",
    "wait_for_others",
    "wake_held",
]
