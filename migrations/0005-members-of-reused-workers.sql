-- A worker may now run a member of one job after the other: what is unique is the member of an attempt, not its worker.
ALTER TABLE members RENAME TO members_by_worker;
DROP INDEX members_by_job;

CREATE TABLE members (
  job_id    INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  attempt   INTEGER NOT NULL,
  member    INTEGER NOT NULL,
  members   INTEGER NOT NULL,
  worker_id TEXT    NOT NULL,
  ended_at  INTEGER NOT NULL,
  outcome   TEXT    NOT NULL,
  history   TEXT    NOT NULL,
  PRIMARY KEY (job_id, attempt, member)
) STRICT, WITHOUT ROWID;

-- A member whose worker was replaced within one attempt has two rows: the one that ended last tells how it went.
INSERT OR REPLACE INTO members (job_id, attempt, member, members, worker_id, ended_at, outcome, history)
  SELECT job_id, attempt, member, members, worker_id, ended_at, outcome, history
  FROM members_by_worker ORDER BY ended_at;

DROP TABLE members_by_worker;
