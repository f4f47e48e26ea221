CREATE TABLE requests (
    tenant          TEXT    NOT NULL,
    id              TEXT    NOT NULL,
    kind            TEXT    NOT NULL, -- 'assignment' or 'activation'
    principal       TEXT    NOT NULL, -- who is to be granted something
    role            TEXT    NOT NULL,
    grants          TEXT    NOT NULL, -- 'eligible' or 'active'
    requestor       TEXT    NOT NULL,
    requested_at    INTEGER NOT NULL,
    starts_at       INTEGER NOT NULL,
    ends_at         INTEGER,          -- NULL for never
    length          TEXT,             -- NULL where an end was asked for, or none
    reason          TEXT,
    ticket_number   TEXT,
    ticket_system   TEXT,
    lapses_at       INTEGER,          -- NULL where no approval is needed
    decided_by      TEXT,             -- this and the next three: NULL until an approver has decided
    decided_at      INTEGER,
    verdict         TEXT,             -- 'approved' or 'denied'
    decision_reason TEXT,
    closed_at       INTEGER,          -- this and the next: NULL unless it was closed
    closing         TEXT,             -- 'cancelled' or 'revoked'
    recorded        INTEGER NOT NULL CHECK (recorded IN (0, 1)), -- whether the log tells what became of it
    due_at          INTEGER,          -- when something becomes of it by itself; NULL once it is recorded
    revision        INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

-- Each ends with the id, by which lists are ordered, but for the one by revision.
CREATE INDEX requests_of_holding ON requests (tenant, principal, role, id) WHERE recorded = 0;
CREATE INDEX requests_by_revision ON requests (tenant, principal, role, revision);
CREATE INDEX requests_by_principal ON requests (tenant, principal, id);
CREATE INDEX requests_by_requestor ON requests (tenant, requestor, id);
CREATE INDEX requests_by_role ON requests (tenant, role, id);
CREATE INDEX approvals ON requests (tenant, id) WHERE lapses_at IS NOT NULL;
CREATE INDEX approvals_by_principal ON requests (tenant, principal, id) WHERE lapses_at IS NOT NULL;
CREATE INDEX approvals_by_requestor ON requests (tenant, requestor, id) WHERE lapses_at IS NOT NULL;
CREATE INDEX approvals_by_role ON requests (tenant, role, id) WHERE lapses_at IS NOT NULL;

-- What is due, of all tenants together, longest ago first.
CREATE INDEX requests_due ON requests (due_at, tenant, principal, role) WHERE due_at IS NOT NULL;
CREATE INDEX grants_due ON grants (ends_at, tenant, principal, role) WHERE ends_at IS NOT NULL;

-- The events that the wire has words for, so that lists of them skip nothing.
CREATE INDEX operations ON events (tenant, sequence) WHERE kind IN ('assign', 'activate', 'unassign', 'deactivate');

-- The request that asked for a grant, where its origin is 'request'; and the one that an event is about.
ALTER TABLE grants ADD COLUMN request TEXT;
ALTER TABLE events ADD COLUMN request_id TEXT;
DROP INDEX grants_by_role;
CREATE INDEX grants_by_role
    ON grants (tenant, role, principal, ordinal, kind, starts_at, ends_at, origin, request, revision);
