-- Finds at once whether a ticket was told to its person again, under another key.
CREATE INDEX idempotency_alias ON idempotency (site_id, ticket) WHERE alias = 1;
