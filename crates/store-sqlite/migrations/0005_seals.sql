-- Seals of the log; `pimento-server audit verify` checks them. Digests, seals, keys and signatures are bytes.

-- 16 random bytes with which the event's digest begins. Whoever erases the event removes them with it.
ALTER TABLE events ADD COLUMN salt BLOB;
UPDATE events SET salt = randomblob(16);

-- One for each event, made within a second or so. It stays when the event is erased.
CREATE TABLE seals (
    tenant   TEXT    NOT NULL,
    sequence INTEGER NOT NULL, -- the event's
    digest   BLOB    NOT NULL, -- of the salt and all that the event says
    seal     BLOB    NOT NULL, -- of the seal before, the sequence and the digest
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;

-- Some of the seals, signed. The key that signs is not in the database.
CREATE TABLE heads (
    tenant    TEXT    NOT NULL,
    sequence  INTEGER NOT NULL,
    seal      BLOB    NOT NULL, -- the same as in `seals`
    signed_at INTEGER NOT NULL,
    signature BLOB    NOT NULL,
    key       BLOB    NOT NULL, -- the public key
    PRIMARY KEY (tenant, sequence)
) STRICT, WITHOUT ROWID;

-- The tenants that have events without a seal.
CREATE TABLE unsealed (
    tenant TEXT NOT NULL PRIMARY KEY
) STRICT, WITHOUT ROWID;

INSERT INTO unsealed (tenant) SELECT DISTINCT tenant FROM events;

-- Which event says of another that it was erased.
CREATE INDEX erasures ON events (tenant, erased, sequence) WHERE erased IS NOT NULL;
