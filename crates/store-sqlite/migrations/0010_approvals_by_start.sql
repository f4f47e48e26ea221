-- Approvals by when what they are for begins, the one time that they all have; it ends with the id, by which lists go on.
CREATE INDEX approvals_by_start ON requests (tenant, starts_at, id) WHERE lapses_at IS NOT NULL;
