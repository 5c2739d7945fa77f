-- What of a job its workflow still decides, as a JSON array of `workers`, `retries` and `domains`: the workflow could not be loaded when the job was queued. NULL for all others.
ALTER TABLE jobs ADD COLUMN unresolved TEXT;
