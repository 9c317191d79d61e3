-- The terminal's book, schema version 9. A new book is made from this file in one transaction; an older one is brought
-- here by the files of migrations/, and a test holds both ways to the same schema.
--
-- STRICT everywhere: a text in a number's column is our fault and must not be stored.
--
-- The chain guards the journal alone. Every other row carries a CRC-32 of itself in `sum` (`row_sum`, made known to each
-- connection by `connection.py`): a bit that a disk turned in a reading or in a record for central is noticed.

-- Every fact, numbered from 1 without gaps, never changed and never removed. `body` is the canonical encoding, kept as
-- the bytes it was made of. `mac` chains the rows: HMAC-SHA256(key, mac before || seq, at, kind, body);
-- `key` says which key: 0 is none, because nobody could reach the key store then.
CREATE TABLE journal (
    seq     INTEGER PRIMARY KEY,
    at      TEXT NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    body    BLOB NOT NULL,
    mac     BLOB NOT NULL,
    key     INTEGER NOT NULL DEFAULT 0
) STRICT;

-- The keys that have been used, so that a restart need not read the journal for them.
CREATE INDEX journal_keys ON journal (key) WHERE key > 0;

CREATE INDEX journal_by_subject ON journal (subject, seq);

-- Sales opened here, for the receipt counter; counted, not kept beside the journal, so that it cannot disagree.
CREATE INDEX journal_sales ON journal (seq) WHERE kind = 'SaleOpened';

-- Fuellings by nozzle, and the sales made of each, so that what stands behind a row of a shift is found without reading
-- the whole journal. A body that a failing disk damaged is left out here; that it is damaged, the chain shows.
CREATE INDEX journal_fuellings ON journal (
    json_extract(CAST(body AS TEXT), '$.point'), json_extract(CAST(body AS TEXT), '$.nozzle'), seq
) WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_sales_of ON journal (json_extract(CAST(body AS TEXT), '$.fuelling_id'))
WHERE kind = 'SaleOpened' AND json_valid(CAST(body AS TEXT));

-- A signed voucher is taken once: the book itself refuses a second time, in the transaction that would arm or pay. Those
-- in hand when points were held online are looked up here too.
CREATE UNIQUE INDEX journal_vouchers_spent ON journal (json_extract(CAST(body AS TEXT), '$.voucher_id'))
WHERE kind = 'OfflineSpendIntended' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_vouchers_held ON journal (json_extract(CAST(body AS TEXT), '$.activation'))
WHERE kind = 'HoldIntended' AND json_valid(CAST(body AS TEXT));

-- Sales that were paid, newest first, and by what people look for one: the end of its bill number, the pump's amount, the
-- customer as he is shown. Kept by the journal itself, so that a list cannot disagree with it.
CREATE INDEX journal_paid ON journal (at, seq) WHERE kind = 'SalePaid';

CREATE INDEX journal_bills ON journal (substr(json_extract(CAST(body AS TEXT), '$.receipt_number'), -5), seq)
WHERE kind = 'SaleOpened' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_amounts ON journal (json_extract(CAST(body AS TEXT), '$.amount_vnd'), seq)
WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_customers ON journal (json_extract(CAST(body AS TEXT), '$.masked_identifier'), seq)
WHERE kind = 'CustomerAttached' AND json_valid(CAST(body AS TEXT));

CREATE TRIGGER journal_is_gapless BEFORE INSERT ON journal
WHEN new.seq <> (SELECT coalesce(max(seq), 0) + 1 FROM journal)
BEGIN
    SELECT raise(ABORT, 'the journal has no gaps');
END;

CREATE TRIGGER journal_is_never_changed BEFORE UPDATE ON journal
BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;

CREATE TRIGGER journal_is_never_removed BEFORE DELETE ON journal
BEGIN
    SELECT raise(ABORT, 'the journal is append-only');
END;

-- Which stories a restart has to read again. A closed one stays closed, whatever is still written about it.
CREATE TABLE subject (
    subject TEXT PRIMARY KEY,
    is_open INTEGER NOT NULL CHECK (is_open IN (0, 1)),
    sum     INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;

CREATE INDEX subject_open ON subject (subject) WHERE is_open = 1;

-- What central has still to be told. A delivered item goes on to `delivered`: that it was heard stands in the journal.
CREATE TABLE outbox (
    position     INTEGER PRIMARY KEY,
    key          TEXT NOT NULL UNIQUE,
    kind         TEXT NOT NULL,
    subject      TEXT NOT NULL,
    lane         TEXT NOT NULL,
    method       TEXT NOT NULL,
    path         TEXT NOT NULL,
    body         BLOB NOT NULL,
    created_at   TEXT NOT NULL,
    state        TEXT NOT NULL,
    attempts     INTEGER NOT NULL,
    due_ms       INTEGER NOT NULL,
    last_problem TEXT,
    sum          INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE TRIGGER outbox_bytes_are_frozen BEFORE UPDATE ON outbox
WHEN (new.method, new.path, new.body) IS NOT (old.method, old.path, old.body)
BEGIN
    SELECT raise(ABORT, 'an outbox item is sent as it was made');
END;

-- What central has answered, as it was sent: an acknowledgement is no licence to forget. A central that lost it (put back
-- from a backup) is told again, with the same bytes under the same key. `seq`: the row of the journal that says it was
-- heard. Kept for 90 days, and until the journal is acknowledged up to there.
CREATE TABLE delivered (
    key        TEXT PRIMARY KEY,
    kind       TEXT NOT NULL,
    subject    TEXT NOT NULL,
    lane       TEXT NOT NULL,
    method     TEXT NOT NULL,
    path       TEXT NOT NULL,
    body       BLOB NOT NULL,
    created_at TEXT NOT NULL,
    seq        INTEGER NOT NULL,
    at         TEXT NOT NULL,
    sum        INTEGER NOT NULL DEFAULT 0
) STRICT;

CREATE INDEX delivered_by_row ON delivered (seq);

CREATE INDEX delivered_by_age ON delivered (at);

-- The last known reading of each nozzle, millilitres; `turned_ml`: what was counted before that counter stood at 0.
CREATE TABLE totalizer (
    point        INTEGER NOT NULL,
    nozzle       INTEGER NOT NULL,
    totalizer_ml INTEGER NOT NULL,
    turned_ml    INTEGER NOT NULL DEFAULT 0,
    sum          INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (point, nozzle)
) STRICT, WITHOUT ROWID;

-- What central has acknowledged of the journal, the last of each day; `signed` is its own signed text, kept to be shown.
CREATE TABLE acknowledgement (
    epoch  INTEGER NOT NULL,
    day    TEXT NOT NULL,
    seq    INTEGER NOT NULL,
    mac    BLOB NOT NULL,
    at     TEXT NOT NULL,
    signed TEXT NOT NULL,
    PRIMARY KEY (epoch, day)
) STRICT, WITHOUT ROWID;
