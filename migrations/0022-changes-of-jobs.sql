-- Every change of a job raises its seq, also where a statement forgets it or an operator edits the row: who knows a row by its id and seq knows all of it.
CREATE TRIGGER jobs_change AFTER UPDATE ON jobs WHEN new.seq = old.seq BEGIN
  UPDATE jobs SET seq = (SELECT max(seq) + 1 FROM jobs) WHERE id = new.id;
END;
