-- Papers a kiosk printed with its own numbers while the hub was away, keys taken back, and what became of each paper.

-- `printed_labels`: other labels that stand on papers of this ticket, where `label` had been called already or the person
-- had this ticket before. `paper_…` is what the newest paper came to; `print` below has them all.
ALTER TABLE ticket ADD COLUMN printed_labels TEXT NOT NULL DEFAULT '';
ALTER TABLE ticket ADD COLUMN paper_state TEXT;
ALTER TABLE ticket ADD COLUMN paper_code TEXT;
ALTER TABLE ticket ADD COLUMN paper_copy INTEGER NOT NULL DEFAULT 0;
CREATE INDEX ticket_of_patient ON ticket (site_id, patient_ref, day, service) WHERE patient_ref IS NOT NULL;

-- `printed_label` is the kiosk's own label that came under this key; `alias`: the key got the ticket the person had.
ALTER TABLE idempotency ADD COLUMN printed_label TEXT;
ALTER TABLE idempotency ADD COLUMN alias INTEGER NOT NULL DEFAULT 0;
CREATE INDEX key_of_ticket ON idempotency (site_id, ticket);

-- Keys that were taken back: none of them makes a ticket any more.
CREATE TABLE tombstone (
    site_id TEXT NOT NULL,
    key     TEXT NOT NULL,
    at      INTEGER NOT NULL,
    PRIMARY KEY (site_id, key)
) WITHOUT ROWID;

-- One row per paper (`copy` 0 is the first, then marked copies) and state it was in; `at` by the kiosk's clock.
CREATE TABLE print (
    site_id TEXT NOT NULL,
    ticket  TEXT NOT NULL,
    copy    INTEGER NOT NULL,
    state   TEXT NOT NULL,
    code    TEXT,
    at      INTEGER NOT NULL,
    told_at INTEGER NOT NULL,
    kiosk   TEXT NOT NULL,
    PRIMARY KEY (site_id, ticket, copy, state)
) WITHOUT ROWID;
