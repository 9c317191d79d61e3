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
