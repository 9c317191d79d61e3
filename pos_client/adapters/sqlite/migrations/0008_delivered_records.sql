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
