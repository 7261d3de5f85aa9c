-- What the hub keeps of its clock over a restart (`kiosk.domain.clock.ClockMark`): in the run `boot` of the machine the
-- hub's time is `offset_us` plus the microseconds since the machine came up, and numbers given in it come after event
-- `boot_seq`. `followed_us`: by how much it went with a step that may yet be undone. Tickets of `day` before event
-- `day_seq` are of another time the same day was lived through.
CREATE TABLE clock (
    site_id     TEXT PRIMARY KEY,
    boot        TEXT NOT NULL,
    offset_us   INTEGER NOT NULL,
    boot_seq    INTEGER NOT NULL,
    followed_us INTEGER NOT NULL DEFAULT 0,
    followed_at INTEGER,
    day         TEXT NOT NULL DEFAULT '',
    day_seq     INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
