-- Each time the database came back from a copy: up to when the copy was complete, when the lost file was written last
-- (null where nobody knows), and the event counter that readers of the feed from before must not go on from.
-- `settled` tells that numbers were moved past those the copy may not know.

CREATE TABLE restore (
    site_id    TEXT NOT NULL,
    ordinal    INTEGER NOT NULL,
    at         INTEGER NOT NULL,
    as_of      INTEGER NOT NULL,
    written_at INTEGER,
    cause      TEXT NOT NULL,
    jump       INTEGER,
    floor_seq  INTEGER NOT NULL,
    settled    INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (site_id, ordinal)
) WITHOUT ROWID;

-- Numbers of a series left out after a restore: they do not count towards a daily limit.
ALTER TABLE series ADD COLUMN skipped INTEGER NOT NULL DEFAULT 0;
