"""The tables, version by version. A published version is never changed: the next one begins where it ended.

``place`` is when the link was made, in milliseconds since 1970, moved on to the next free number where two are alike.
So the table itself, and each list in the full-text index, lies in the order of time: a page of the newest links that
match is read from the end and needs no sorting. ``words`` is what a search looks at (see ``rows``).
"""

import sqlite3

APPLICATION_ID = 0x4D4C4C4B
"""Marks the file as ours, for ``file`` and for ourselves."""

VERSION_1 = """
CREATE TABLE numbers (name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO numbers VALUES ('last id', 0);
CREATE TABLE links (
  place INTEGER PRIMARY KEY,
  id INTEGER NOT NULL UNIQUE,
  made INTEGER NOT NULL,
  environment TEXT NOT NULL,
  host TEXT NOT NULL,
  customer TEXT NOT NULL,
  ticket TEXT NOT NULL,
  note TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  meld_customer_id TEXT NOT NULL,
  institution_id TEXT NOT NULL,
  institution_name TEXT NOT NULL,
  products TEXT NOT NULL,
  optional_products TEXT NOT NULL,
  regions TEXT NOT NULL,
  request TEXT NOT NULL,
  request_id TEXT NOT NULL,
  expires INTEGER NOT NULL,
  status TEXT NOT NULL,
  status_reason TEXT NOT NULL,
  status_at INTEGER NOT NULL,
  outcome TEXT NOT NULL,
  words TEXT NOT NULL
);
CREATE INDEX links_customer ON links (customer COLLATE NOCASE);
CREATE INDEX links_ticket ON links (ticket COLLATE NOCASE);
CREATE INDEX links_institution ON links (institution_name COLLATE NOCASE);
CREATE INDEX links_environment ON links (environment COLLATE NOCASE);
CREATE INDEX links_status ON links (status COLLATE NOCASE);
CREATE INDEX links_expires ON links (expires);
CREATE VIRTUAL TABLE links_fts USING fts5(words, content='links', content_rowid='place', tokenize='trigram');
CREATE TRIGGER links_added AFTER INSERT ON links BEGIN
  INSERT INTO links_fts (rowid, words) VALUES (new.place, new.words);
END;
CREATE TRIGGER links_removed AFTER DELETE ON links BEGIN
  INSERT INTO links_fts (links_fts, rowid, words) VALUES ('delete', old.place, old.words);
END;
CREATE TRIGGER links_changed AFTER UPDATE OF words ON links WHEN old.words <> new.words BEGIN
  INSERT INTO links_fts (links_fts, rowid, words) VALUES ('delete', old.place, old.words);
  INSERT INTO links_fts (rowid, words) VALUES (new.place, new.words);
END;
"""

VERSION_2 = """
ALTER TABLE links ADD COLUMN case_id INTEGER NOT NULL DEFAULT 0;
ALTER TABLE links ADD COLUMN kind TEXT NOT NULL DEFAULT 'link';
CREATE INDEX links_case ON links (case_id) WHERE case_id > 0;
CREATE TABLE totals (
  environment TEXT NOT NULL,
  status TEXT NOT NULL,
  number INTEGER NOT NULL,
  PRIMARY KEY (environment, status)
) WITHOUT ROWID;
INSERT INTO totals SELECT environment, status, count(*) FROM links GROUP BY environment, status;
CREATE TRIGGER totals_added AFTER INSERT ON links BEGIN
  INSERT INTO totals VALUES (new.environment, new.status, 1) ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TRIGGER totals_removed AFTER DELETE ON links BEGIN
  UPDATE totals SET number = number - 1 WHERE environment = old.environment AND status = old.status;
END;
CREATE TRIGGER totals_changed AFTER UPDATE OF status ON links WHEN old.status <> new.status BEGIN
  UPDATE totals SET number = number - 1 WHERE environment = old.environment AND status = old.status;
  INSERT INTO totals VALUES (new.environment, new.status, 1) ON CONFLICT DO UPDATE SET number = number + 1;
END;
CREATE TABLE milestones (place INTEGER PRIMARY KEY);
INSERT INTO milestones SELECT place FROM links WHERE id % 512 = 0;
CREATE TRIGGER milestones_added AFTER INSERT ON links WHEN new.id % 512 = 0 BEGIN
  INSERT INTO milestones VALUES (new.place);
END;
CREATE TRIGGER milestones_removed AFTER DELETE ON links WHEN old.id % 512 = 0 BEGIN
  DELETE FROM milestones WHERE place = old.place;
END;
"""
"""Repairs: links of one case. Milestones: every 512th link, to cut long searches. Totals, to count without reading."""

MIGRATIONS = (VERSION_1, VERSION_2)
VERSION = len(MIGRATIONS)


def version_of(connection: sqlite3.Connection) -> int:
    """Return the version of the tables; 0 when there are none yet."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def is_ours(connection: sqlite3.Connection) -> bool:
    """Say whether the file is empty or was begun by this program."""
    (mark,) = connection.execute("PRAGMA application_id").fetchone()
    (tables,) = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    return bool(mark == APPLICATION_ID or tables == 0)


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables to the newest version, all or nothing. The caller has made a backup and holds the folder."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        for script in MIGRATIONS[version_of(connection) :]:
            for statement in statements(script):
                connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def statements(script: str) -> list[str]:
    """Split ``script`` into its statements; ``executescript`` would commit what came before."""
    found: list[str] = []
    pending = ""
    for line in script.splitlines(keepends=True):
        pending += line
        if pending.strip() and sqlite3.complete_statement(pending):
            found.append(pending.strip())
            pending = ""
    return found
