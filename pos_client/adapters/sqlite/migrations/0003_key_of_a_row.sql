-- Which key a row's mac was made with: 0 is none (nobody could reach the key store then), others count keys from 1.
ALTER TABLE journal ADD COLUMN key INTEGER NOT NULL DEFAULT 0;

CREATE INDEX journal_keys ON journal (key) WHERE key > 0;
