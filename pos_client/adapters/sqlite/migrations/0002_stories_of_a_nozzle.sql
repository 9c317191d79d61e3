-- Fuellings by nozzle, and the sales made of each, so that what stands behind a row of a shift is found without reading
-- the whole journal. A body that a failing disk damaged is left out here; that it is damaged, the chain shows.
CREATE INDEX journal_fuellings ON journal (
    json_extract(CAST(body AS TEXT), '$.point'), json_extract(CAST(body AS TEXT), '$.nozzle'), seq
) WHERE kind = 'FuellingCompleted' AND json_valid(CAST(body AS TEXT));

CREATE INDEX journal_sales_of ON journal (json_extract(CAST(body AS TEXT), '$.fuelling_id'))
WHERE kind = 'SaleOpened' AND json_valid(CAST(body AS TEXT));
