-- The janitor searches for old reports every hour: without this it reads every report that is kept.
CREATE INDEX crashes_by_time ON crashes (at) WHERE noticed = 1;
