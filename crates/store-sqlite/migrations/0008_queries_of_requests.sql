-- Requests by when they were asked for, and those of which the log does not tell yet what became of them; each ends with the id,
-- by which lists go on.
CREATE INDEX requests_by_time ON requests (tenant, requested_at, id);
CREATE INDEX requests_open ON requests (tenant, id) WHERE recorded = 0;
