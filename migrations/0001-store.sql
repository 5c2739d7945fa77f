-- Named numbers which many processes raise.
CREATE TABLE counters (
  name  TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Requests that were committed, with their answers: one whose acknowledgement was lost is not applied twice.
-- seq grows, so that old ones are cut off by a range.
CREATE TABLE applied_requests (
  seq        INTEGER PRIMARY KEY,
  id         TEXT NOT NULL UNIQUE,
  operation  TEXT NOT NULL,
  output     TEXT NOT NULL,
  applied_at INTEGER NOT NULL
) STRICT;
