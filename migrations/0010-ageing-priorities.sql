-- Jobs go by when they fell due, and a priority is a head start (see lib/domain/job.ts): an order that time does not change, so an index keeps it.
DROP INDEX jobs_claimable;

CREATE INDEX jobs_claimable ON jobs (due_at - priority * 60000, id)
  WHERE state IN ('queued', 'retrying', 'interrupted');

-- For the next one that falls due: without it, each look at a long queue would read all of it.
CREATE INDEX jobs_by_due ON jobs (due_at, id)
  WHERE state IN ('queued', 'retrying', 'interrupted');
