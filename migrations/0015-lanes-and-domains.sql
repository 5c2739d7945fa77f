-- The domains that the job is known to visit, as a JSON list: from its input, or seen as it went there.
ALTER TABLE jobs ADD COLUMN domains TEXT NOT NULL DEFAULT '[]';

-- Jobs of one lane come under the same limits. Where some are full, the queue is read lane by lane, so that the jobs of a full one hide no others.
ALTER TABLE jobs ADD COLUMN lane TEXT GENERATED ALWAYS AS (workflow || ' ' || domains) VIRTUAL;

CREATE INDEX jobs_by_lane ON jobs (lane, due_at - priority * 60000, id)
  WHERE state IN ('queued', 'retrying', 'interrupted') AND waits_on = 0;

-- Domains that have asked to be left alone (429, Retry-After), until when, and how often in a row.
CREATE TABLE domain_holds (
  domain TEXT    PRIMARY KEY,
  until  INTEGER NOT NULL,
  status INTEGER NOT NULL,
  streak INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
