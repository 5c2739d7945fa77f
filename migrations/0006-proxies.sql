-- How each proxy has done. The id is its address without credentials.
CREATE TABLE proxies (
  id           TEXT PRIMARY KEY,
  successes    INTEGER NOT NULL DEFAULT 0,
  failures     INTEGER NOT NULL DEFAULT 0,
  -- Failures since the last success, and until when they keep it from being used.
  streak       INTEGER NOT NULL DEFAULT 0,
  cool_until   INTEGER,
  uses         INTEGER NOT NULL DEFAULT 0,
  last_used_at INTEGER,
  last_error   TEXT
) STRICT, WITHOUT ROWID;

-- What a job asks of proxies, as JSON; null when its workflow says it all.
ALTER TABLE jobs ADD COLUMN proxy TEXT;

-- The proxies that have failed for the job since it last failed otherwise, as a JSON list of ids.
ALTER TABLE jobs ADD COLUMN proxies_tried TEXT NOT NULL DEFAULT '[]';

-- Why the job is not begun although it was due, for the operator; its due_at is when it is looked at again.
ALTER TABLE jobs ADD COLUMN waits_for TEXT;
