-- How far the set-up of a tenant is: 'not started', 'in progress' or 'completed'. Whoever registered before there was any has
-- not started.
ALTER TABLE tenants ADD COLUMN setup TEXT NOT NULL DEFAULT 'not started';
