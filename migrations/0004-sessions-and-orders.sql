-- Saved logins, one an account, and who uses each now. `sealed` can be opened with the user's key alone, which is no part of the project.
-- `fence` rises whenever the account goes to another worker: what an earlier one still wants to save is refused.
CREATE TABLE sessions (
  site      TEXT    NOT NULL,
  account   TEXT    NOT NULL,
  sealed    TEXT,
  saved_at  INTEGER,
  fence     INTEGER NOT NULL DEFAULT 0,
  holder    TEXT,
  job_id    INTEGER,
  attempt   INTEGER,
  held_at   INTEGER,
  PRIMARY KEY (site, account)
) STRICT, WITHOUT ROWID;

CREATE INDEX sessions_by_holder ON sessions (holder) WHERE holder IS NOT NULL;

-- What people ask of a living worker. It takes them away as it reads them.
CREATE TABLE worker_orders (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  worker_id TEXT    NOT NULL,
  body      TEXT    NOT NULL,
  given_at  INTEGER NOT NULL
) STRICT;

CREATE INDEX worker_orders_by_worker ON worker_orders (worker_id, id);
