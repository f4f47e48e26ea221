-- Operations by what they are looked for by; each ends with their place in the log, by which lists go on.
CREATE INDEX operations_by_time ON events (tenant, at, sequence)
    WHERE kind IN ('assign', 'activate', 'unassign', 'deactivate');
CREATE INDEX operations_by_kind ON events (tenant, kind, sequence)
    WHERE kind IN ('assign', 'activate', 'unassign', 'deactivate');
CREATE INDEX operations_by_principal ON events (tenant, principal, sequence)
    WHERE kind IN ('assign', 'activate', 'unassign', 'deactivate');
CREATE INDEX operations_by_role ON events (tenant, role, sequence)
    WHERE kind IN ('assign', 'activate', 'unassign', 'deactivate');
