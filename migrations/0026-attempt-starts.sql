-- started_at is the start of the job's first attempt; attempt_started_at that of its last one. Of jobs from before only the start of the last attempt is known.
ALTER TABLE jobs ADD COLUMN attempt_started_at INTEGER;
UPDATE jobs SET attempt_started_at = started_at WHERE started_at IS NOT NULL;
