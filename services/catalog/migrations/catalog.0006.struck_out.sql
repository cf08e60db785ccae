-- The public list may show what was called off, until its time is over: what was on offer when it was, never a draft.
-- Of those called off before this, the ones booking has heard of were on offer.

ALTER TABLE session
    ADD COLUMN struck_out boolean NOT NULL DEFAULT false,
    ADD CONSTRAINT session_struck_out_when_cancelled CHECK (NOT struck_out OR status = 'cancelled');

UPDATE session SET struck_out = true
WHERE status = 'cancelled' AND EXISTS (SELECT FROM availability WHERE session_id = session.id);

-- One index for both, in place of those of what is on offer only; the version before reads by these as well.
CREATE INDEX session_shown ON session (starts_at, id) WHERE status = 'published' OR struck_out;
CREATE INDEX session_shown_at_branch ON session (branch_id, starts_at, id) WHERE status = 'published' OR struck_out;
DROP INDEX session_public;
DROP INDEX session_public_at_branch;
