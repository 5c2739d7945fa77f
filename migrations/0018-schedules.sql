-- Jobs that are queued again and again: see Schedule in lib/domain/schedule.ts.
CREATE TABLE schedules (
  name          TEXT    PRIMARY KEY,
  workflow      TEXT    NOT NULL,
  input         TEXT    NOT NULL,
  workers       INTEGER,
  priority      INTEGER NOT NULL,
  timing        TEXT    NOT NULL,
  time_zone     TEXT,
  active_hours  TEXT,
  jitter_ms     INTEGER NOT NULL,
  catch_up_ms   INTEGER NOT NULL,
  overlap       TEXT    NOT NULL CHECK (overlap IN ('skip', 'queue', 'replace')),
  source        TEXT    NOT NULL CHECK (source IN ('operator', 'config')),
  paused        INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
  revision      INTEGER NOT NULL DEFAULT 0,
  starts_at     INTEGER NOT NULL,
  -- All due times up to this one are done with: it moves on in the transaction that queues the job.
  considered_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What became of due times: a bounded number a schedule.
CREATE TABLE schedule_runs (
  id       INTEGER PRIMARY KEY AUTOINCREMENT,
  schedule TEXT    NOT NULL REFERENCES schedules (name) ON DELETE CASCADE,
  at       INTEGER NOT NULL,
  due_at   INTEGER,
  outcome  TEXT    NOT NULL CHECK (outcome IN ('fired', 'skipped', 'missed')),
  reason   TEXT,
  job_id   INTEGER,
  missed   INTEGER NOT NULL
) STRICT;

CREATE INDEX schedule_runs_by_schedule ON schedule_runs (schedule, id);
