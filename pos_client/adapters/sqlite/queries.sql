-- Each query has a name and a sentence. Loaded by queries.py; a test prepares every one against the schema.

-- name: last_link
-- The end of the chain: the last number and its mac.
SELECT seq, mac FROM journal ORDER BY seq DESC LIMIT 1;

-- name: append_entry
-- One more fact; the schema refuses a number that leaves a gap.
INSERT INTO journal (seq, at, kind, subject, body, mac, key) VALUES (:seq, :at, :kind, :subject, :body, :mac, :key);

-- name: open_subject
-- A subject is open from its first fact on; one that was closed stays closed.
INSERT INTO subject (subject, is_open, sum) VALUES (:subject, 1, row_sum(:subject, 1)) ON CONFLICT (subject) DO NOTHING;

-- name: close_subject
-- Nothing more is expected of this subject.
INSERT INTO subject (subject, is_open, sum) VALUES (:subject, 0, row_sum(:subject, 0))
ON CONFLICT (subject) DO UPDATE SET is_open = 0, sum = excluded.sum;

-- name: put_item
-- A new outbox item, or what became of a known one; its place in the queue stays, and its bytes may not differ.
INSERT INTO outbox (
    key, kind, subject, lane, method, path, body, created_at, state, attempts, due_ms, last_problem, sum
) VALUES (
    :key, :kind, :subject, :lane, :method, :path, :body, :created_at, :state, :attempts, :due_ms, :last_problem,
    row_sum(:key, :kind, :subject, :lane, :method, :path, :body, :created_at, :state, :attempts, :due_ms, :last_problem)
)
ON CONFLICT (key) DO UPDATE SET
    kind = excluded.kind, subject = excluded.subject, lane = excluded.lane, method = excluded.method,
    path = excluded.path, body = excluded.body, created_at = excluded.created_at, state = excluded.state,
    attempts = excluded.attempts, due_ms = excluded.due_ms, last_problem = excluded.last_problem, sum = excluded.sum;

-- name: remove_item
-- It does not wait any more.
DELETE FROM outbox WHERE key = :key;

-- name: put_delivered
-- Central has heard it, at this row of the journal.
INSERT INTO delivered (key, kind, subject, lane, method, path, body, created_at, seq, at, sum) VALUES (
    :key, :kind, :subject, :lane, :method, :path, :body, :created_at, :seq, :at,
    row_sum(:key, :kind, :subject, :lane, :method, :path, :body, :created_at, :seq, :at)
)
ON CONFLICT (key) DO UPDATE SET seq = excluded.seq, at = excluded.at, sum = excluded.sum;

-- name: forget_delivered
-- What was heard before this moment, and is acknowledged.
DELETE FROM delivered WHERE at < :before AND seq <= (SELECT coalesce(max(seq), 0) FROM acknowledgement);

-- name: delivered_in
-- The records these rows say were heard.
SELECT key FROM delivered WHERE seq BETWEEN :first AND :last ORDER BY seq, key;

-- name: delivered
-- A record as it was sent.
SELECT key, kind, subject, lane, method, path, body, created_at FROM delivered WHERE key = :key;

-- name: delivered_after
-- The records rows behind a number say were heard.
SELECT key, kind, subject, lane, method, path, body, created_at, seq, at FROM delivered WHERE seq > :seq ORDER BY seq;

-- name: damaged_deliveries
-- A delivered record that is not what was sent.
SELECT 'delivered record ' || key FROM delivered WHERE sum IS NOT row_sum(
    key, kind, subject, lane, method, path, body, created_at, seq, at
) LIMIT 1;

-- name: put_totalizer
-- The last known reading of a nozzle; `turned_ml` is missing in what an older program wrote into the mirror.
WITH reading AS (SELECT coalesce(:turned_ml, (
    SELECT max(0, coalesce(max(
        json_extract(CAST(body AS TEXT), '$.end_totalizer_ml')
            + coalesce(json_extract(CAST(body AS TEXT), '$.turned_ml'), 0)
    ), 0) - :totalizer_ml) FROM journal
    WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT))
        AND json_extract(CAST(body AS TEXT), '$.point') = :point
        AND json_extract(CAST(body AS TEXT), '$.nozzle') = :nozzle
)) AS turned_ml)
INSERT INTO totalizer (point, nozzle, totalizer_ml, turned_ml, sum)
SELECT :point, :nozzle, :totalizer_ml, turned_ml, row_sum(:point, :nozzle, :totalizer_ml, turned_ml) FROM reading
WHERE true
ON CONFLICT (point, nozzle) DO UPDATE SET
    totalizer_ml = excluded.totalizer_ml, turned_ml = excluded.turned_ml, sum = excluded.sum;

-- name: open_entries
-- All facts of all open subjects, in order: what a restart replays.
SELECT seq, at, kind, body FROM journal WHERE subject IN (SELECT subject FROM subject WHERE is_open = 1) ORDER BY seq;

-- name: entries_of
-- All facts of one subject, in order.
SELECT seq, at, kind, body FROM journal WHERE subject = :subject ORDER BY seq;

-- name: last_of
-- The newest fact of one subject.
SELECT seq, at, kind, body FROM journal WHERE subject = :subject ORDER BY seq DESC LIMIT 1;

-- name: voucher_taken
-- Whether a signed voucher was spent here, or was in hand when points were held online.
SELECT 1 FROM journal WHERE kind = 'OfflineSpendIntended' AND json_valid(CAST(body AS TEXT))
    AND json_extract(CAST(body AS TEXT), '$.voucher_id') = :voucher_id
UNION ALL
SELECT 1 FROM journal WHERE kind = 'HoldIntended' AND json_valid(CAST(body AS TEXT))
    AND json_extract(CAST(body AS TEXT), '$.activation') = :voucher_id
LIMIT 1;

-- name: entries_after
-- All facts behind a number, in order.
SELECT seq, at, kind, body FROM journal WHERE seq > :seq ORDER BY seq;

-- name: stories_at
-- Fuellings of one nozzle in a stretch of the journal, and what was written of them and of their sales at any time.
-- The plus keeps the index: an expression has no affinity, a column has.
WITH fuelled AS (
    SELECT subject FROM journal
    WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT))
        AND json_extract(CAST(body AS TEXT), '$.point') = :point
        AND json_extract(CAST(body AS TEXT), '$.nozzle') = :nozzle
        AND seq > :after AND seq <= :until
), sold AS (
    SELECT sale.subject FROM fuelled CROSS JOIN journal AS sale
    ON sale.kind = 'SaleOpened' AND json_valid(CAST(sale.body AS TEXT))
        AND json_extract(CAST(sale.body AS TEXT), '$.fuelling_id') = +fuelled.subject
)
SELECT seq, at, kind, body FROM journal
WHERE subject IN (SELECT subject FROM fuelled UNION SELECT subject FROM sold)
    AND kind IN (SELECT value FROM json_each(:kinds))
ORDER BY seq;

-- name: recent_entries
-- The newest facts first.
SELECT seq, at, kind, body FROM journal ORDER BY seq DESC LIMIT :limit;

-- name: chain_from
-- The links from a number on, to be recomputed.
SELECT seq, at, kind, body, mac, key FROM journal WHERE seq >= :seq ORDER BY seq;

-- name: rows_from
-- Rows from a number on, with all the mirror keeps of them.
SELECT seq, at, kind, subject, body, mac, key FROM journal WHERE seq >= :seq ORDER BY seq LIMIT :limit;

-- name: closed_subjects
-- The stories nothing more is expected of.
SELECT subject FROM subject WHERE is_open = 0 ORDER BY subject;

-- name: put_acknowledgement
-- What central says it holds, the furthest of a day.
INSERT INTO acknowledgement (epoch, day, seq, mac, at, signed) VALUES (:epoch, :day, :seq, :mac, :at, :signed)
ON CONFLICT (epoch, day) DO UPDATE SET
    seq = excluded.seq, mac = excluded.mac, at = excluded.at, signed = excluded.signed
WHERE excluded.seq >= acknowledgement.seq;

-- name: acknowledgements
-- All that is kept of what central acknowledged, oldest first.
SELECT epoch, seq, mac, at, signed FROM acknowledgement ORDER BY epoch, day;

-- name: newest_key
-- The key the newest keyed row was made with, 0 when there is none.
SELECT coalesce(max(key), 0) FROM journal WHERE key > 0;

-- name: waiting_items
-- The outbox, oldest first.
SELECT key, kind, subject, lane, method, path, body, created_at, state, attempts, due_ms, last_problem
FROM outbox ORDER BY position;

-- name: totalizers
-- The last known readings, and what was counted before.
SELECT point, nozzle, totalizer_ml, turned_ml FROM totalizer ORDER BY point, nozzle;

-- name: sales_opened
-- How many receipts have been numbered.
SELECT count(*) FROM journal WHERE kind = 'SaleOpened';

-- name: damaged_work
-- A row a restart goes by that is not what was written: an item, a reading, a story that is open.
SELECT 'outbox item ' || key FROM outbox WHERE sum IS NOT row_sum(
    key, kind, subject, lane, method, path, body, created_at, state, attempts, due_ms, last_problem
)
UNION ALL
SELECT 'reading of point ' || point FROM totalizer WHERE sum IS NOT row_sum(point, nozzle, totalizer_ml, turned_ml)
UNION ALL
SELECT 'open story ' || listed.subject FROM subject AS listed INDEXED BY subject_open
LEFT JOIN subject AS kept ON kept.subject = listed.subject
WHERE listed.is_open = 1 AND kept.sum IS NOT row_sum(listed.subject, 1)
LIMIT 1;

-- name: damaged_subjects
-- A story whose row is not what was written, whether it is open or not.
SELECT 'story ' || subject FROM subject WHERE sum IS NOT row_sum(subject, is_open) LIMIT 1;

-- name: entries_by_kind
-- How many facts of each kind there are, and since when: what support may see of a journal.
SELECT kind, count(*), min(at), max(at) FROM journal GROUP BY kind ORDER BY kind;

-- name: items_by_state
-- What waits for central, and for how long.
SELECT kind, state, count(*), min(created_at), max(attempts) FROM outbox GROUP BY kind, state ORDER BY kind, state;

-- name: subjects_open
-- How many stories have not ended.
SELECT count(*) FROM subject WHERE is_open = 1;

-- name: sales_paid
-- Sales that were paid in a stretch of time, newest first, behind a place in that order.
SELECT at, seq, subject FROM journal INDEXED BY journal_paid
WHERE kind = 'SalePaid' AND at >= :since AND (at, seq) < (:at, :seq) ORDER BY at DESC, seq DESC LIMIT :limit;

-- name: sales_by_bill
-- Sales whose bill number ends so, newest first.
SELECT '', seq, subject FROM journal INDEXED BY journal_bills
WHERE kind = 'SaleOpened' AND json_valid(CAST(body AS TEXT))
    AND substr(json_extract(CAST(body AS TEXT), '$.receipt_number'), -5) = :bill AND seq < :seq
ORDER BY seq DESC LIMIT :limit;

-- name: sales_by_amount
-- Sales of fuellings of exactly this amount, newest fuelling first.
SELECT '', fuelled.seq, sale.subject FROM journal AS fuelled INDEXED BY journal_amounts
CROSS JOIN journal AS sale
    ON sale.kind = 'SaleOpened' AND json_valid(CAST(sale.body AS TEXT))
    AND json_extract(CAST(sale.body AS TEXT), '$.fuelling_id') = +fuelled.subject
WHERE fuelled.kind = 'FuellingCompleted' AND json_valid(CAST(fuelled.body AS TEXT))
    AND json_extract(CAST(fuelled.body AS TEXT), '$.amount_vnd') = :amount_vnd AND fuelled.seq < :seq
ORDER BY fuelled.seq DESC LIMIT :limit;

-- name: sales_by_customer
-- Sales of a customer as he is shown, newest first.
SELECT '', seq, subject FROM journal INDEXED BY journal_customers
WHERE kind = 'CustomerAttached' AND json_valid(CAST(body AS TEXT))
    AND json_extract(CAST(body AS TEXT), '$.masked_identifier') = :customer AND seq < :seq
ORDER BY seq DESC LIMIT :limit;
