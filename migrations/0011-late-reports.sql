-- How many reports came for a job after the attempt that they belong to was over: they are counted, and neither applied nor told.
ALTER TABLE jobs ADD COLUMN late_reports INTEGER NOT NULL DEFAULT 0;

CREATE INDEX jobs_with_late_reports ON jobs (late_reports) WHERE late_reports > 0;
