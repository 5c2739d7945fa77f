-- Jobs and what belongs to them. A job's attempt fences everything that is written for it.

CREATE TABLE jobs (
  id                  INTEGER PRIMARY KEY AUTOINCREMENT,
  workflow            TEXT    NOT NULL,
  input               TEXT    NOT NULL,
  state               TEXT    NOT NULL CHECK (state IN
                        ('queued', 'running', 'retrying', 'interrupted', 'succeeded', 'failed', 'cancelled', 'parked')),
  priority            INTEGER NOT NULL,
  workers             INTEGER NOT NULL CHECK (workers >= 1),
  due_at              INTEGER NOT NULL,
  attempt             INTEGER NOT NULL DEFAULT 0,
  failures            INTEGER NOT NULL DEFAULT 0,
  retries             INTEGER NOT NULL,
  console_deaths      INTEGER NOT NULL DEFAULT 0,
  unique_key          TEXT,
  origin              TEXT    NOT NULL,
  queued_at           INTEGER NOT NULL,
  started_at          INTEGER,
  ended_at            INTEGER,
  cancel_requested_at INTEGER,
  result              TEXT,
  error               TEXT,
  -- Rises with every change of state of any job: what happened last stands first.
  seq                 INTEGER NOT NULL
) STRICT;

CREATE INDEX jobs_claimable ON jobs (priority DESC, due_at, id)
  WHERE state IN ('queued', 'retrying', 'interrupted');

CREATE INDEX jobs_by_state ON jobs (state, id);

CREATE INDEX jobs_by_seq ON jobs (seq);

CREATE UNIQUE INDEX jobs_unique_key ON jobs (unique_key)
  WHERE unique_key IS NOT NULL AND state NOT IN ('succeeded', 'failed', 'cancelled');

-- The best result of a job so far. `version` is what an offering worker compares and sets.
CREATE TABLE offers (
  job_id     INTEGER PRIMARY KEY REFERENCES jobs (id) ON DELETE CASCADE,
  attempt    INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  result     TEXT    NOT NULL,
  target_met INTEGER NOT NULL CHECK (target_met IN (0, 1)),
  member     INTEGER NOT NULL,
  worker_id  TEXT    NOT NULL,
  offered_at INTEGER NOT NULL
) STRICT;

-- Shared discovery: one holder at a time, fenced; the others use its value.
CREATE TABLE discoveries (
  job_id      INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL,
  key         TEXT    NOT NULL,
  state       TEXT    NOT NULL CHECK (state IN ('held', 'done', 'failed')),
  fence       INTEGER NOT NULL,
  holder      TEXT    NOT NULL,
  lease_until INTEGER NOT NULL,
  value       TEXT,
  error       TEXT,
  PRIMARY KEY (job_id, attempt, key)
) STRICT, WITHOUT ROWID;

-- One row for each worker's part of each attempt, with the history of its phases.
CREATE TABLE members (
  worker_id TEXT    PRIMARY KEY,
  job_id    INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  attempt   INTEGER NOT NULL,
  member    INTEGER NOT NULL,
  members   INTEGER NOT NULL,
  ended_at  INTEGER NOT NULL,
  outcome   TEXT    NOT NULL,
  history   TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

CREATE INDEX members_by_job ON members (job_id, attempt, member);

-- Crash reports. `file` is the crash file's name: a report that is read twice stays one row.
CREATE TABLE crashes (
  id        INTEGER PRIMARY KEY AUTOINCREMENT,
  file      TEXT    NOT NULL UNIQUE,
  at        INTEGER NOT NULL,
  job_id    INTEGER NOT NULL,
  document  TEXT    NOT NULL
) STRICT;

CREATE INDEX crashes_by_job ON crashes (job_id);

-- What the operator wants of each service. A restart raises the generation.
CREATE TABLE services (
  name       TEXT    PRIMARY KEY,
  desired    TEXT    NOT NULL CHECK (desired IN ('running', 'stopped')),
  generation INTEGER NOT NULL DEFAULT 0
) STRICT, WITHOUT ROWID;
