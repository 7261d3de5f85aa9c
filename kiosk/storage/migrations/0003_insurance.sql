-- Insurance look-ups the hub works on or has ended; the verdict itself stands in `eligibility` under the same id.
-- `question` (number, name, birth, the insurer's note) and `raw` (the answer as received) are sealed with the hub's key.
-- `question` goes when the look-up is resolved or its day is over, `raw` at `raw_until`. `key` is a keyed hash of the
-- question and the day; `late`: the patient had gone on before the answer came.

CREATE TABLE lookup (
    site_id        TEXT NOT NULL,
    id             TEXT NOT NULL,
    day            TEXT NOT NULL,
    key            TEXT NOT NULL,
    kiosk          TEXT,
    kind           TEXT NOT NULL,
    state          TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    code           TEXT,
    detail         TEXT NOT NULL,
    tries          INTEGER NOT NULL,
    reusable       INTEGER NOT NULL,
    late           INTEGER NOT NULL,
    asked_at       INTEGER NOT NULL,
    answered_at    INTEGER,
    question       BLOB,
    raw            BLOB,
    raw_until      INTEGER,
    decided_by     TEXT,
    decided_reason TEXT,
    PRIMARY KEY (site_id, id)
) WITHOUT ROWID;
CREATE INDEX lookup_of_day ON lookup (site_id, day, state);
CREATE INDEX lookup_with_question ON lookup (site_id, day) WHERE question IS NOT NULL;
CREATE INDEX lookup_with_raw ON lookup (site_id, raw_until) WHERE raw IS NOT NULL;

-- Look-ups by hour of asking, kiosk, outcome and code: counts only. `kind` is first, reused, repaired, or unasked.
CREATE TABLE lookup_hour (
    site_id        TEXT NOT NULL,
    day            TEXT NOT NULL,
    hour           INTEGER NOT NULL,
    kiosk          TEXT NOT NULL,
    kind           TEXT NOT NULL,
    outcome        TEXT NOT NULL,
    code           TEXT NOT NULL,
    lookups        INTEGER NOT NULL,
    late           INTEGER NOT NULL,
    latency_ms_sum INTEGER NOT NULL,
    latency_ms_max INTEGER NOT NULL,
    PRIMARY KEY (site_id, day, hour, kiosk, kind, outcome, code)
) WITHOUT ROWID;

-- What staff did about a look-up. Kept for good; holds no name and no number of the patient.
CREATE TABLE lookup_act (
    site_id TEXT NOT NULL,
    ordinal INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    lookup  TEXT NOT NULL,
    ticket  TEXT NOT NULL,
    action  TEXT NOT NULL,
    counter TEXT,
    actor   TEXT,
    reason  TEXT,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL,
    PRIMARY KEY (site_id, ordinal)
) WITHOUT ROWID;
CREATE TRIGGER lookup_act_is_append_only BEFORE UPDATE ON lookup_act
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER lookup_act_stays BEFORE DELETE ON lookup_act
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- Downtimes of the insurer that staff switched on by hand; the newest row says what holds.
CREATE TABLE insurer_downtime (
    site_id  TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    set_at   INTEGER NOT NULL,
    until_at INTEGER NOT NULL,
    actor    TEXT,
    reason   TEXT,
    PRIMARY KEY (site_id, ordinal)
) WITHOUT ROWID;
