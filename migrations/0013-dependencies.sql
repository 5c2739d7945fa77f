-- Jobs that a job waits for: it is not claimed before all of them have ended.
CREATE TABLE job_dependencies (
  job_id   INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  after_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  PRIMARY KEY (job_id, after_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_dependents ON job_dependencies (after_id);

-- What becomes of it when one of them fails or is cancelled.
ALTER TABLE jobs ADD COLUMN after_failure TEXT NOT NULL DEFAULT 'cancel' CHECK (after_failure IN ('cancel', 'run'));

-- How many of them have not ended.
ALTER TABLE jobs ADD COLUMN waits_on INTEGER NOT NULL DEFAULT 0;

DROP INDEX jobs_claimable;
DROP INDEX jobs_by_due;

CREATE INDEX jobs_claimable ON jobs (due_at - priority * 60000, id)
  WHERE state IN ('queued', 'retrying', 'interrupted') AND waits_on = 0;

CREATE INDEX jobs_by_due ON jobs (due_at, id)
  WHERE state IN ('queued', 'retrying', 'interrupted') AND waits_on = 0;
