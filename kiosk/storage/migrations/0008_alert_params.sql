-- What an alert's sentence is filled with, as a JSON object: how many slips are left, which numbers.
ALTER TABLE alert ADD COLUMN params TEXT NOT NULL DEFAULT '{}';
-- How many are left was a part of the code before.
UPDATE alert SET params = '{"left":' || substr(code, 19) || '}', code = 'printer.paper_low'
    WHERE code IN ('printer.paper_for_40', 'printer.paper_for_20', 'printer.paper_for_10', 'printer.paper_for_5');
