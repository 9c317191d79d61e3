-- A signed voucher is taken once: the book itself refuses a second time, in the transaction that would arm or pay. Those
-- in hand when points were held online are looked up here too.
CREATE UNIQUE INDEX journal_vouchers_spent ON journal (json_extract(CAST(body AS TEXT), '$.voucher_id'))
WHERE kind = 'OfflineSpendIntended' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_vouchers_held ON journal (json_extract(CAST(body AS TEXT), '$.activation'))
WHERE kind = 'HoldIntended' AND json_valid(CAST(body AS TEXT));
