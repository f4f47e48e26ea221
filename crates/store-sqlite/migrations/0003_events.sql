-- What the log says besides: the name of a role with 'role', which event with 'erased', and with 'refused' the code of the
-- answer and how often it was given. An `actor` that is empty, not NULL, is whoever ran a command on the server's machine.
ALTER TABLE events ADD COLUMN role_name TEXT;
ALTER TABLE events ADD COLUMN erased INTEGER;
ALTER TABLE events ADD COLUMN refusal TEXT;
ALTER TABLE events ADD COLUMN times INTEGER;
