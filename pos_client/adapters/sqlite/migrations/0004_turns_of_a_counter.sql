-- What was counted before a nozzle's counter stood at 0: past its end, or in a meter exchanged since. Where the journal
-- holds a fuelling that ended higher than the counter stands, no later one may end there again.
ALTER TABLE totalizer ADD COLUMN turned_ml INTEGER NOT NULL DEFAULT 0;

UPDATE totalizer SET turned_ml = max(0, coalesce((
    SELECT max(json_extract(CAST(body AS TEXT), '$.end_totalizer_ml')) FROM journal
    WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT))
        AND json_extract(CAST(body AS TEXT), '$.point') = totalizer.point
        AND json_extract(CAST(body AS TEXT), '$.nozzle') = totalizer.nozzle
), 0) - totalizer_ml);
