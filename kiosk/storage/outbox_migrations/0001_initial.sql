-- A kiosk's own small file: wishes for a number that the hub has not settled, and the kiosk's own series of numbers.
-- Times are microseconds of UTC since 1970; `boot` and `since_boot` date a wish also when the clock is set meanwhile.
-- `wish` and `answer` (who wants what, the slip, the hub's answer) are sealed with the kiosk's key and go when they are
-- no longer needed; a row without them holds nothing personal.

CREATE TABLE entry (
    request_id   TEXT PRIMARY KEY,
    stage        TEXT NOT NULL,
    asked_at     INTEGER NOT NULL,
    boot         TEXT NOT NULL,
    since_boot   INTEGER NOT NULL,
    wish         BLOB,
    answer       BLOB,
    ticket       TEXT,
    label        TEXT,
    number       INTEGER,
    printed_at   INTEGER,
    acknowledged INTEGER NOT NULL DEFAULT 0,
    paper_state  TEXT,
    paper_code   TEXT,
    paper_copy   INTEGER NOT NULL DEFAULT 0,
    paper_at     INTEGER,
    paper_told   INTEGER NOT NULL DEFAULT 1
) WITHOUT ROWID;
CREATE INDEX entry_of_ticket ON entry (ticket) WHERE ticket IS NOT NULL;
CREATE INDEX entry_open ON entry (asked_at) WHERE NOT acknowledged OR NOT paper_told;

-- The latest number of the kiosk's own: one row.
CREATE TABLE series (
    only_row    INTEGER PRIMARY KEY CHECK (only_row = 1),
    day         TEXT NOT NULL,
    last_number INTEGER NOT NULL,
    given_at    INTEGER NOT NULL
);

-- What the hub offered when it was last heard: one row, nothing personal.
CREATE TABLE site (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    day      TEXT NOT NULL,
    body     BLOB NOT NULL
);
