-- Times are microseconds of UTC since 1970; `day` is the hospital day as YYYY-MM-DD. `site_id` leads every key so that
-- several sites can share one database later.

CREATE TABLE site (
    site_id  TEXT PRIMARY KEY,
    last_seq INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

-- One row per service and day: the last number given, and how many wait.
CREATE TABLE series (
    site_id     TEXT NOT NULL,
    day         TEXT NOT NULL,
    service     TEXT NOT NULL,
    last_number INTEGER NOT NULL DEFAULT 0,
    waiting     INTEGER NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    PRIMARY KEY (site_id, day, service)
) WITHOUT ROWID;

-- Number, label and order are three different things: `number` counts within `series`, `label` is printed and called,
-- `rank` and `order_at` are what the queue sorts by. `service` is where the ticket waits now.
CREATE TABLE ticket (
    site_id     TEXT NOT NULL,
    id          TEXT NOT NULL,
    day         TEXT NOT NULL,
    series      TEXT NOT NULL,
    number      INTEGER NOT NULL CHECK (number > 0),
    label       TEXT NOT NULL,
    service     TEXT NOT NULL,
    state       TEXT NOT NULL,
    priority    TEXT NOT NULL,
    rank        INTEGER NOT NULL,
    order_at    INTEGER NOT NULL,
    issued_seq  INTEGER NOT NULL,
    issued_at   INTEGER NOT NULL,
    counter     TEXT,
    patient_ref TEXT,
    masked_name TEXT,
    eligibility TEXT,
    next_step   TEXT NOT NULL,
    flags       TEXT NOT NULL DEFAULT '',
    PRIMARY KEY (site_id, id),
    UNIQUE (site_id, day, series, number)
) WITHOUT ROWID;

CREATE INDEX ticket_waiting ON ticket (site_id, day, service, rank, order_at, issued_seq) WHERE state = 'waiting';
CREATE INDEX ticket_present ON ticket (site_id, day, state) WHERE state IN ('called', 'serving', 'held', 'no_show');
CREATE INDEX ticket_eligibility ON ticket (site_id, eligibility) WHERE eligibility IS NOT NULL;

CREATE TABLE period (
    site_id  TEXT NOT NULL,
    ticket   TEXT NOT NULL,
    ordinal  INTEGER NOT NULL,
    kind     TEXT NOT NULL,
    service  TEXT NOT NULL,
    counter  TEXT,
    start_at INTEGER NOT NULL,
    end_at   INTEGER,
    PRIMARY KEY (site_id, ticket, ordinal)
) WITHOUT ROWID;

-- A period is opened, and closed once; nothing in it is rewritten.
CREATE TRIGGER period_is_append_only BEFORE UPDATE ON period
WHEN old.end_at IS NOT NULL OR new.kind <> old.kind OR new.service <> old.service
     OR new.counter IS NOT old.counter OR new.start_at <> old.start_at
BEGIN SELECT RAISE(ABORT, 'a period is append-only'); END;
CREATE TRIGGER period_stays BEFORE DELETE ON period
BEGIN SELECT RAISE(ABORT, 'a period is append-only'); END;

-- Every call and recall, newest last; `call_id` is the event's seq.
CREATE TABLE call (
    site_id   TEXT NOT NULL,
    call_id   INTEGER NOT NULL,
    day       TEXT NOT NULL,
    ticket    TEXT NOT NULL,
    counter   TEXT NOT NULL,
    called_at INTEGER NOT NULL,
    times     INTEGER NOT NULL,
    PRIMARY KEY (site_id, call_id)
) WITHOUT ROWID;
CREATE INDEX call_of_ticket ON call (site_id, ticket, call_id);

-- How long finished tickets were at a counter: the estimate averages the latest.
CREATE TABLE service_time (
    site_id  TEXT NOT NULL,
    service  TEXT NOT NULL,
    seq      INTEGER NOT NULL,
    duration INTEGER NOT NULL,
    PRIMARY KEY (site_id, service, seq)
) WITHOUT ROWID;

CREATE TABLE idempotency (
    site_id TEXT NOT NULL,
    key     TEXT NOT NULL,
    request BLOB NOT NULL,
    ticket  TEXT NOT NULL,
    body    BLOB NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site_id, key)
) WITHOUT ROWID;

CREATE TABLE event (
    site_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    body    BLOB NOT NULL,
    type    TEXT NOT NULL,
    PRIMARY KEY (site_id, seq)
) WITHOUT ROWID;

-- Who changed what, when, where and why. Kept for good.
CREATE TABLE audit (
    site_id TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    ticket  TEXT NOT NULL,
    action  TEXT NOT NULL,
    counter TEXT,
    actor   TEXT,
    reason  TEXT,
    before  TEXT NOT NULL,
    after   TEXT NOT NULL,
    PRIMARY KEY (site_id, seq)
) WITHOUT ROWID;
CREATE TRIGGER audit_is_append_only BEFORE UPDATE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit
BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END;

-- Answers of the insurance look-up; `body` is the verdict as JSON. Holds no name and no full number.
CREATE TABLE eligibility (
    site_id     TEXT NOT NULL,
    id          TEXT NOT NULL,
    asked_at    INTEGER NOT NULL,
    answered_at INTEGER,
    patient_ref TEXT NOT NULL,
    outcome     TEXT NOT NULL,
    code        TEXT,
    pending     INTEGER NOT NULL,
    body        BLOB NOT NULL,
    PRIMARY KEY (site_id, id)
) WITHOUT ROWID;

CREATE TABLE alert (
    site_id    TEXT NOT NULL,
    id         TEXT NOT NULL,
    kiosk      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    code       TEXT NOT NULL,
    raised_at  INTEGER NOT NULL,
    handled_at INTEGER,
    handled_by TEXT,
    PRIMARY KEY (site_id, id)
) WITHOUT ROWID;
CREATE INDEX alert_open ON alert (site_id, raised_at) WHERE handled_at IS NULL;
