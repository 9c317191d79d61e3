-- A CRC-32 of every row the chain of the journal does not guard: items, readings, which stories are open.
ALTER TABLE subject ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE outbox ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;
ALTER TABLE totalizer ADD COLUMN sum INTEGER NOT NULL DEFAULT 0;

UPDATE subject SET sum = row_sum(subject, is_open);
UPDATE outbox SET sum = row_sum(
    key, kind, subject, lane, method, path, body, created_at, state, attempts, due_ms, last_problem
);
UPDATE totalizer SET sum = row_sum(point, nozzle, totalizer_ml, turned_ml);
