-- Who is signed in of those who work here. Nothing in it opens a door to who reads it: browsers hold what is kept here
-- as a hash only, and tokens and forms are encrypted with a key that is not here.

-- Somebody on the way to the identity provider and back.
CREATE TABLE sign_in (
    state_hash bytea PRIMARY KEY,
    -- Of what this browser holds, so that nobody ends another's sign-in.
    browser_hash bytea NOT NULL,
    nonce text NOT NULL,
    verifier bytea NOT NULL,
    -- Where to go then, below our own address.
    back text NOT NULL,
    began_at timestamptz NOT NULL
);

CREATE INDEX sign_in_began_at ON sign_in (began_at);

CREATE TABLE staff_session (
    id_hash bytea PRIMARY KEY,
    subject text NOT NULL,
    name text NOT NULL,
    -- NULL: signed in, without a role here.
    role text,
    branches text[] NOT NULL,
    tokens bytea NOT NULL,
    access_until timestamptz NOT NULL,
    -- While one process asks for new tokens the others wait.
    renewing_until timestamptz,
    -- The library they work with now; NULL is all.
    branch text,
    began_at timestamptz NOT NULL,
    used_at timestamptz NOT NULL
);

CREATE INDEX staff_session_began_at ON staff_session (began_at);

-- What somebody sent when they were signed in no longer: kept until they are again, for them only.
CREATE TABLE kept_form (
    id uuid PRIMARY KEY,
    subject text NOT NULL,
    form bytea NOT NULL,
    kept_at timestamptz NOT NULL
);

CREATE INDEX kept_form_kept_at ON kept_form (kept_at);
