-- Sales that were paid, newest first, and by what people look for one: the end of its bill number, the pump's amount, the
-- customer as he is shown. Kept by the journal itself, so that a list cannot disagree with it.
CREATE INDEX journal_paid ON journal (at, seq) WHERE kind = 'SalePaid';

CREATE INDEX journal_bills ON journal (substr(json_extract(CAST(body AS TEXT), '$.receipt_number'), -5), seq)
WHERE kind = 'SaleOpened' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_amounts ON journal (json_extract(CAST(body AS TEXT), '$.amount_vnd'), seq)
WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_customers ON journal (json_extract(CAST(body AS TEXT), '$.masked_identifier'), seq)
WHERE kind = 'CustomerAttached' AND json_valid(CAST(body AS TEXT));
