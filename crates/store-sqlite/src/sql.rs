//! All statements but pragmas and savepoints. Each is bounded by tenant, but for those on the one row of `meta` and those of
//! opening a file; lists run along a key.

/// Whether there is anything in a file.
pub(crate) const TABLES: &str = "SELECT count(*) FROM sqlite_schema";

pub(crate) const PURPOSE: &str = "SELECT purpose FROM meta";

pub(crate) const SET_PURPOSE: &str =
    "INSERT INTO meta (only_row, purpose, revision) VALUES (1, ?1, 0)";

/// Once, when a dev server starts. It reads the whole log of all tenants, as their events need not be in the order of their
/// times, and no index is kept of those for this alone; so a dev server with a long log takes longer to start.
pub(crate) const NEWEST_EVENT: &str = "SELECT max(at) FROM events";

/// Begins a read's snapshot.
pub(crate) const NEWEST_REVISION: &str = "SELECT revision FROM meta";

pub(crate) const REGISTRATION: &str =
    "SELECT registered_at, revision, setup FROM tenants WHERE tenant = ?1";

pub(crate) const HOLDING: &str = "
    SELECT kind, starts_at, ends_at, origin, request, revision FROM grants
    WHERE tenant = ?1 AND principal = ?2 AND role = ?3 ORDER BY ordinal";

pub(crate) const SETTINGS: &str = "
    SELECT minimum_duration, maximum_duration, default_duration, notification, ticket, mfa, approval, approvers, revision
    FROM settings WHERE tenant = ?1 AND role = ?2";

pub(crate) const APPROVERS: &str =
    "SELECT role, approvers FROM settings WHERE tenant = ?1 ORDER BY role";

pub(crate) const ADMINISTERED_ROLE: &str =
    "SELECT revision FROM administered_roles WHERE tenant = ?1 AND role = ?2";

/// Those with an active grant come first because the word sorts before `eligible`.
pub(crate) const ADMINISTRATORS: &str = "
    SELECT principal FROM grants
    WHERE tenant = ?1 AND role = ?2 AND ends_at IS NULL AND starts_at <= ?3
    GROUP BY principal ORDER BY min(kind), principal LIMIT ?4";

/// The same of grants that start later.
pub(crate) const LATER_ADMINISTRATORS: &str = "
    SELECT principal FROM grants
    WHERE tenant = ?1 AND role = ?2 AND ends_at IS NULL AND ?3 < starts_at
    GROUP BY principal ORDER BY min(kind), principal LIMIT ?4";

pub(crate) const GRANTS_OF_PRINCIPAL: &str = "
    SELECT principal, role, kind, starts_at, ends_at, origin, request FROM grants
    WHERE tenant = ?1 AND principal = ?2 ORDER BY role, ordinal";

/// Mirrors `Grant::is_live`: very many may have ended and not be recorded yet, and each that SQLite leaves out costs little.
pub(crate) const GRANTS: &str = "
    SELECT principal, role, kind, starts_at, ends_at, origin, request FROM grants
    WHERE tenant = ?1 AND (principal, role) > (?2, ?3) AND starts_at <= ?4 AND (ends_at IS NULL OR ?4 < ends_at)
    ORDER BY principal, role, ordinal";

pub(crate) const GRANTS_OF_ROLE: &str = "
    SELECT principal, role, kind, starts_at, ends_at, origin, request FROM grants
    WHERE tenant = ?1 AND role = ?5 AND (principal, role) > (?2, ?3) AND starts_at <= ?4 AND (ends_at IS NULL OR ?4 < ends_at)
    ORDER BY principal, ordinal";

/// How a query of assignments begins: the keys of those with a grant that holds now. Mirrors `Grant::is_live`.
pub(crate) const HOLDING_KEYS: &str = "
    SELECT principal, role FROM grants
    WHERE tenant = ?1 AND starts_at <= ?2 AND (ends_at IS NULL OR ?2 < ends_at)";

/// How a query of operations begins, along this index of theirs.
pub(crate) fn operations_along(index: &str) -> String {
    format!(
        "SELECT * FROM events INDEXED BY {index}
         WHERE tenant = ?1 AND kind IN ('assign', 'activate', 'unassign', 'deactivate')"
    )
}

/// How a query of the roles of a tenant's own begins, along this index of theirs.
pub(crate) fn roles_along(index: &str) -> String {
    format!(
        "SELECT id, name, removed, revision FROM roles INDEXED BY {index}
         WHERE tenant = ?1 AND removed = 0"
    )
}

/// How many rows a statement finds.
pub(crate) fn count_of(statement: &str) -> String {
    format!("SELECT count(*) FROM ({statement})")
}

/// Mirrors `Grant::is_live`.
pub(crate) const COUNT: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM grants WHERE tenant = ?1 AND starts_at <= ?2 AND (ends_at IS NULL OR ?2 < ends_at)
        GROUP BY principal, role)";

/// Mirrors `Grant::is_live`.
pub(crate) const COUNT_OF_ROLE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM grants WHERE tenant = ?1 AND starts_at <= ?2 AND (ends_at IS NULL OR ?2 < ends_at) AND role = ?3
        GROUP BY principal)";

/// Mirrors `State::is_active`.
pub(crate) const COUNT_OF_ACTIVE: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM grants
        WHERE tenant = ?1 AND starts_at <= ?2 AND (ends_at IS NULL OR ?2 < ends_at) AND role = ?3 AND kind = 'active'
        GROUP BY principal)";

pub(crate) const ROLE: &str =
    "SELECT id, name, removed, revision FROM roles WHERE tenant = ?1 AND id = ?2";

pub(crate) const ROLE_NAMED: &str = "
    SELECT id, name, removed, revision FROM roles INDEXED BY roles_by_name
    WHERE tenant = ?1 AND folded = ?2 AND removed = 0 ORDER BY id LIMIT 1";

/// Mirrors `Grant::has_ended`.
pub(crate) const COUNT_OF_STANDING: &str = "
    SELECT count(*) FROM (
        SELECT 1 FROM grants INDEXED BY grants_by_role
        WHERE tenant = ?1 AND role = ?2 AND (ends_at IS NULL OR ?3 < ends_at) GROUP BY principal)";

/// Mirrors `Request::status` and `Status::is_open`: while something may become of a request, `due_at` is when.
pub(crate) const COUNT_OF_OPEN_REQUESTS: &str = "
    SELECT count(*) FROM requests INDEXED BY requests_open_by_role
    WHERE tenant = ?1 AND role = ?2 AND ?3 < due_at AND recorded = 0 AND closed_at IS NULL
        AND (verdict IS NULL OR verdict = 'approved')";

pub(crate) const REQUEST: &str = "SELECT * FROM requests WHERE tenant = ?1 AND id = ?2";

/// Left to itself SQLite would run along the ids of the whole tenant, which need no sorting.
pub(crate) const UNRECORDED: &str = "
    SELECT * FROM requests INDEXED BY requests_of_holding
    WHERE tenant = ?1 AND principal = ?2 AND role = ?3 AND recorded = 0 ORDER BY id";

/// How a query of requests begins, along an index that is named: left to itself SQLite would step over all others.
pub(crate) fn requests_along(index: &str) -> String {
    format!("SELECT * FROM requests{index} WHERE tenant = ?1")
}

/// The two that look at all tenants: what has come due, longest ago first.
pub(crate) const DUE_GRANTS: &str = "
    SELECT ends_at, tenant, principal, role FROM grants WHERE ends_at <= ?1 ORDER BY ends_at, tenant, principal, role";

pub(crate) const DUE_REQUESTS: &str = "
    SELECT due_at, tenant, principal, role FROM requests WHERE due_at <= ?1 ORDER BY due_at, tenant, principal, role";

pub(crate) const EVENTS: &str =
    "SELECT * FROM events WHERE tenant = ?1 AND ?2 < sequence ORDER BY sequence LIMIT ?3";

/// Mirrors `EventKind::is_operation`, as the index does.
pub(crate) const OPERATIONS: &str = "
    SELECT * FROM events INDEXED BY operations
    WHERE tenant = ?1 AND ?2 < sequence AND kind IN ('assign', 'activate', 'unassign', 'deactivate')
    ORDER BY sequence";

pub(crate) const COUNT_OF_OPERATIONS: &str = "
    SELECT count(*) FROM events INDEXED BY operations
    WHERE tenant = ?1 AND kind IN ('assign', 'activate', 'unassign', 'deactivate')";

pub(crate) const REGISTRATION_REVISION: &str = "SELECT revision FROM tenants WHERE tenant = ?1";

pub(crate) const HOLDING_REVISION: &str =
    "SELECT revision FROM grants WHERE tenant = ?1 AND principal = ?2 AND role = ?3 LIMIT 1";

pub(crate) const REQUESTS_REVISION: &str =
    "SELECT max(revision) FROM requests WHERE tenant = ?1 AND principal = ?2 AND role = ?3";

pub(crate) const SETTINGS_REVISION: &str =
    "SELECT revision FROM settings WHERE tenant = ?1 AND role = ?2";

pub(crate) const ROLE_REVISION: &str = "SELECT revision FROM roles WHERE tenant = ?1 AND id = ?2";

pub(crate) const ROLE_NAME_REVISION: &str = "
    SELECT revision FROM roles INDEXED BY roles_by_name
    WHERE tenant = ?1 AND folded = ?2 AND removed = 0 ORDER BY id LIMIT 1";

pub(crate) const LAST_SEQUENCE: &str = "SELECT max(sequence) FROM events WHERE tenant = ?1";

pub(crate) const SET_NEWEST_REVISION: &str = "UPDATE meta SET revision = ?1";

pub(crate) const REGISTER: &str =
    "REPLACE INTO tenants (tenant, registered_at, revision) VALUES (?1, ?2, ?3)";

pub(crate) const SET_SETUP: &str = "UPDATE tenants SET setup = ?2, revision = ?3 WHERE tenant = ?1";

pub(crate) const REMOVE_HOLDING: &str =
    "DELETE FROM grants WHERE tenant = ?1 AND principal = ?2 AND role = ?3";

pub(crate) const ADD_GRANT: &str = "
    INSERT INTO grants (tenant, principal, role, ordinal, kind, starts_at, ends_at, origin, request, revision)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";

pub(crate) const SET_REQUEST: &str = "
    REPLACE INTO requests (
        tenant, id, kind, principal, role, grants, requestor, requested_at, starts_at, ends_at, length, reason,
        ticket_number, ticket_system, lapses_at, decided_by, decided_at, verdict, decision_reason, closed_at, closing,
        recorded, due_at, revision)
    VALUES (
        :tenant, :id, :kind, :principal, :role, :grants, :requestor, :requested_at, :starts_at, :ends_at, :length, :reason,
        :ticket_number, :ticket_system, :lapses_at, :decided_by, :decided_at, :verdict, :decision_reason, :closed_at,
        :closing, :recorded, :due_at, :revision)";

pub(crate) const SET_SETTINGS: &str = "
    REPLACE INTO settings (
        tenant, role, minimum_duration, maximum_duration, default_duration, notification, ticket, mfa, approval,
        approvers, revision)
    VALUES (
        :tenant, :role, :minimum_duration, :maximum_duration, :default_duration, :notification, :ticket, :mfa, :approval,
        :approvers, :revision)";

pub(crate) const SET_ADMINISTERED_ROLE: &str =
    "REPLACE INTO administered_roles (tenant, role, revision) VALUES (?1, ?2, ?3)";

pub(crate) const SET_ROLE: &str = "
    REPLACE INTO roles (tenant, id, name, folded, removed, revision) VALUES (?1, ?2, ?3, ?4, 0, ?5)";

pub(crate) const REMOVE_ROLE: &str =
    "UPDATE roles SET removed = 1, revision = ?3 WHERE tenant = ?1 AND id = ?2";

pub(crate) const REMOVE_SETTINGS: &str = "DELETE FROM settings WHERE tenant = ?1 AND role = ?2";

pub(crate) const ADD_EVENT: &str = "
    INSERT INTO events (
        tenant, sequence, at, kind, actor, principal, role, request_id, reason, ticket_number, ticket_system, note, until, self_grant,
        without_approval, operation, request, client_request, after, after_until, minimum_duration, maximum_duration,
        default_duration, notification, ticket, mfa, approval, approvers, role_name, erased, refusal, times, salt)
    VALUES (
        :tenant, :sequence, :at, :kind, :actor, :principal, :role, :request_id, :reason, :ticket_number, :ticket_system, :note, :until,
        :self_grant, :without_approval, :operation, :request, :client_request, :after, :after_until, :minimum_duration,
        :maximum_duration, :default_duration, :notification, :ticket, :mfa, :approval, :approvers, :role_name, :erased, :refusal,
        :times, randomblob(16))";

pub(crate) const ADD_UNSEALED: &str = "INSERT OR IGNORE INTO unsealed (tenant) VALUES (?1)";

pub(crate) const REMOVE_UNSEALED: &str = "DELETE FROM unsealed WHERE tenant = ?1";

/// Of all tenants.
pub(crate) const UNSEALED: &str =
    "SELECT tenant FROM unsealed WHERE ?1 < tenant ORDER BY tenant LIMIT ?2";

pub(crate) const NEWEST_HEADS: &str =
    "SELECT * FROM heads WHERE tenant = ?1 ORDER BY sequence DESC LIMIT ?2";

pub(crate) const HEADS: &str =
    "SELECT * FROM heads WHERE tenant = ?1 AND ?2 < sequence ORDER BY sequence LIMIT ?3";

pub(crate) const SEALS: &str =
    "SELECT * FROM seals WHERE tenant = ?1 AND ?2 < sequence ORDER BY sequence LIMIT ?3";

pub(crate) const LAST_HEAD: &str = "SELECT max(sequence) FROM heads WHERE tenant = ?1";

pub(crate) const ADD_SEAL: &str =
    "INSERT INTO seals (tenant, sequence, digest, seal) VALUES (?1, ?2, ?3, ?4)";

pub(crate) const ADD_HEAD: &str = "
    INSERT INTO heads (tenant, sequence, seal, signed_at, signature, key) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";

pub(crate) const REMOVE_EVENT: &str = "DELETE FROM events WHERE tenant = ?1 AND sequence = ?2";

/// Some of the other events about a request; only where one of them is erased, so no index is kept of these.
pub(crate) const EVENTS_OF_REQUEST: &str = "
    SELECT sequence FROM events WHERE tenant = ?1 AND request_id = ?2 ORDER BY sequence LIMIT 20";

/// What a request says in people's words, where nothing further can become of it.
pub(crate) const BLANK_REQUEST: &str = "
    UPDATE requests SET reason = NULL, ticket_number = NULL, ticket_system = NULL, decision_reason = NULL
    WHERE tenant = ?1 AND id = ?2 AND recorded = 1";

/// Of all tenants: the next one after ?1 that is registered, or of which the log holds anything.
pub(crate) const NEXT_LOG: &str = "
    SELECT min(tenant) FROM (
        SELECT min(tenant) AS tenant FROM events WHERE ?1 < tenant
        UNION ALL SELECT min(tenant) FROM seals WHERE ?1 < tenant
        UNION ALL SELECT min(tenant) FROM heads WHERE ?1 < tenant
        UNION ALL SELECT min(tenant) FROM tenants WHERE ?1 < tenant)";

/// How many events have no seal, at the end of the log.
pub(crate) const COUNT_UNSEALED: &str = "
    SELECT count(*) FROM events
    WHERE tenant = ?1 AND (SELECT coalesce(max(sequence), 0) FROM seals WHERE tenant = ?1) < sequence";

/// The first event with a seal that says of event ?2 that it was erased.
pub(crate) const ERASURE: &str = "
    SELECT * FROM events INDEXED BY erasures
    WHERE tenant = ?1 AND erased = ?2 AND ?2 < sequence
        AND EXISTS (SELECT 1 FROM seals WHERE seals.tenant = ?1 AND seals.sequence = events.sequence)
    ORDER BY sequence LIMIT 1";
