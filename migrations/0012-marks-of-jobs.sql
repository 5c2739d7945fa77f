-- A mark now belongs to its job, and goes when that has succeeded: until then the job may run again. Whose the old ones were is not known.
DROP TABLE counter_marks;

CREATE TABLE counter_marks (
  job_id INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  name   TEXT    NOT NULL,
  mark   TEXT    NOT NULL,
  PRIMARY KEY (job_id, name, mark)
) STRICT, WITHOUT ROWID;

-- For the jobs whose marks are too old to be of use.
CREATE INDEX jobs_by_end ON jobs (ended_at) WHERE state IN ('failed', 'cancelled');
