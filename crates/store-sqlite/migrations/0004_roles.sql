-- The roles of a tenant's own; the built-in ones are in the program. A removed one stays, for what once was of it to be named.
CREATE TABLE roles (
    tenant   TEXT    NOT NULL,
    id       TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    folded   TEXT    NOT NULL, -- the name without its letter case, by which it is looked for
    removed  INTEGER NOT NULL CHECK (removed IN (0, 1)),
    revision INTEGER NOT NULL,
    PRIMARY KEY (tenant, id)
) STRICT, WITHOUT ROWID;

CREATE INDEX roles_that_are_there ON roles (tenant, id) WHERE removed = 0;
CREATE INDEX roles_by_name ON roles (tenant, folded, id) WHERE removed = 0;

-- The requests that may keep a role from being removed.
CREATE INDEX requests_open_by_role ON requests (tenant, role, due_at) WHERE recorded = 0;
