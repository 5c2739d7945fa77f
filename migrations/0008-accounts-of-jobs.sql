-- The account that a job with one worker uses, known from its first attempt on. While another job uses it, the job is not claimed.
ALTER TABLE jobs ADD COLUMN account_site TEXT;
ALTER TABLE jobs ADD COLUMN account TEXT;

CREATE INDEX jobs_by_account ON jobs (account_site, account) WHERE state = 'running' AND account IS NOT NULL;
