-- How well a kiosk's devices read codes, per hour: counts only, no code and no person. A kiosk tells its totals so far;
-- `source` is one run of its program, so that a restart in mid-hour adds to what is there instead of replacing it.

CREATE TABLE scan_hour (
    site_id TEXT NOT NULL,
    day     TEXT NOT NULL,
    kiosk   TEXT NOT NULL,
    device  TEXT NOT NULL,
    hour    INTEGER NOT NULL,
    source  TEXT NOT NULL,
    scans   INTEGER NOT NULL CHECK (scans >= 0),
    counts  BLOB NOT NULL,
    PRIMARY KEY (site_id, day, kiosk, device, hour, source)
) WITHOUT ROWID;
