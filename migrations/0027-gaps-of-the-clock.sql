-- Time of more than a week in which no scheduler ran, or over which the clock jumped forward: it does not count to the age of records.
CREATE TABLE clock_gaps (
  to_at   INTEGER PRIMARY KEY,
  from_at INTEGER NOT NULL
) STRICT;
