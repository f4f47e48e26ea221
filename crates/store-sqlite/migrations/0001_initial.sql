-- Instants are microseconds since 1970-01-01T00:00:00Z (datetime(starts_at / 1000000, 'unixepoch') shows one);
-- lengths of time are ISO 8601; truth values are 0 and 1. Texts compare by their bytes.

CREATE TABLE meta (
    only_row INTEGER NOT NULL PRIMARY KEY CHECK (only_row = 1),
    purpose  TEXT    NOT NULL, -- 'serve' or 'dev': which command may open the file
    revision INTEGER NOT NULL  -- the newest revision that any row of any tenant was given
) STRICT;

CREATE TABLE tenants (
    tenant        TEXT    NOT NULL PRIMARY KEY,
    registered_at INTEGER NOT NULL,
    revision      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE grants (
    tenant    TEXT    NOT NULL,
    principal TEXT    NOT NULL,
    role      TEXT    NOT NULL,
    ordinal   INTEGER NOT NULL, -- the place among the grants of this principal in this role, from 0
    kind      TEXT    NOT NULL, -- 'eligible' or 'active'
    starts_at INTEGER NOT NULL, -- the first instant at which it holds
    ends_at   INTEGER,          -- the first instant at which it holds no more; NULL for ever
    origin    TEXT    NOT NULL, -- 'administrator', 'activation' or 'sign-up'
    revision  INTEGER NOT NULL, -- the same on all grants of this principal in this role
    PRIMARY KEY (tenant, principal, role, ordinal)
) STRICT, WITHOUT ROWID;

-- Holds every column, so that the list of a role never touches the table.
CREATE INDEX grants_by_role
    ON grants (tenant, role, principal, ordinal, kind, starts_at, ends_at, origin, revision);

-- The roles of which the grants and settings change one transaction after the other, with the revision of the latest.
CREATE TABLE administered_roles (
    tenant   TEXT    NOT NULL,
    role     TEXT    NOT NULL,
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE settings (
    tenant           TEXT    NOT NULL,
    role             TEXT    NOT NULL,
    minimum_duration TEXT    NOT NULL,
    maximum_duration TEXT    NOT NULL,
    default_duration TEXT    NOT NULL,
    notification     INTEGER NOT NULL CHECK (notification IN (0, 1)),
    ticket           INTEGER NOT NULL CHECK (ticket IN (0, 1)),
    mfa              INTEGER NOT NULL CHECK (mfa IN (0, 1)),
    approval         INTEGER NOT NULL CHECK (approval IN (0, 1)),
    approvers        TEXT    NOT NULL, -- principals with blanks between them, which no principal's id contains
    revision         INTEGER NOT NULL,
    PRIMARY KEY (tenant, role)
) STRICT, WITHOUT ROWID;

CREATE TABLE events (
    tenant             TEXT    NOT NULL,
    sequence           INTEGER NOT NULL, -- from 1, without gaps, in the order of the commits
    at                 INTEGER NOT NULL,
    kind               TEXT    NOT NULL, -- 'assign', 'activate', 'unassign', 'deactivate', 'change settings', 'sign up'
    actor              TEXT,             -- a principal; NULL where Pimento itself acted because a time had come
    principal          TEXT,
    role               TEXT,
    reason             TEXT,
    ticket_number      TEXT,
    ticket_system      TEXT,
    note               TEXT,             -- 'made permanent', 'made eligible', 'expired'
    until              INTEGER,          -- the end of the activation that this event began
    self_grant         INTEGER NOT NULL CHECK (self_grant IN (0, 1)),
    without_approval   INTEGER NOT NULL CHECK (without_approval IN (0, 1)),
    operation          TEXT    NOT NULL,
    request            TEXT    NOT NULL,
    client_request     TEXT,
    after              TEXT    NOT NULL, -- 'gone', 'permanent', 'eligible', 'eligible and active', 'active', 'settings', 'registered'
    after_until        INTEGER,          -- with 'eligible and active' and 'active': when the activation ends
    minimum_duration   TEXT,             -- this and the rest: with 'settings', as in the table of that name
    maximum_duration   TEXT,
    default_duration   TEXT,
    notification       INTEGER CHECK (notification IN (0, 1)),
    ticket             INTEGER CHECK (ticket IN (0, 1)),
    mfa                INTEGER CHECK (mfa IN (0, 1)),
    approval           INTEGER CHECK (approval IN (0, 1)),
    approvers          TEXT,
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;
