-- Values that workflows share. `version` is what a writer compares and sets; it goes on rising after a deletion, so that a value which was deleted and set
-- again is not taken for the one before: a deleted key keeps its row, without a value.
CREATE TABLE shared_values (
  map     TEXT    NOT NULL,
  key     TEXT    NOT NULL,
  value   TEXT,
  version INTEGER NOT NULL,
  PRIMARY KEY (map, key)
) STRICT, WITHOUT ROWID;

-- What a counter has counted already, of those that are to count once however often a job runs again.
CREATE TABLE counter_marks (
  name TEXT NOT NULL,
  mark TEXT NOT NULL,
  PRIMARY KEY (name, mark)
) STRICT, WITHOUT ROWID;
