-- Why a job waits stood twice, as an English sentence and as a code: the code alone stays, and is said in the reader's language. An old sentence without a code is forgotten.
UPDATE jobs SET hold = NULL WHERE waits_for IS NULL;
ALTER TABLE jobs DROP COLUMN waits_for;
ALTER TABLE jobs RENAME COLUMN hold TO wait_reason;
-- Number of the jobs before it that have not ended.
ALTER TABLE jobs RENAME COLUMN waits_on TO open_dependencies;
