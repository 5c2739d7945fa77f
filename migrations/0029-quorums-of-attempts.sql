-- How many workers of the job's last attempt must end well, as its workflow said at the claim: the next scheduler settles by it. NULL where the workflow was not known.
ALTER TABLE jobs ADD COLUMN quorum INTEGER;
