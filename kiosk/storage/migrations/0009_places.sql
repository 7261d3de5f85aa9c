-- How many of a service's places of a day are taken: what its daily limit is compared with. Beside the hub's own numbers
-- these are the numbers kiosks gave for it while the hub was away; a number nobody saw gives its place back.
ALTER TABLE series ADD COLUMN places INTEGER NOT NULL DEFAULT 0;
UPDATE series SET places = last_number - skipped + (
    SELECT count(*) FROM ticket
    WHERE ticket.site_id = series.site_id AND ticket.day = series.day AND ticket.service = series.service
      AND ticket.series LIKE 'kiosk:%'
);
