-- A discovery may be made again: by another worker after a failure, or when its value is too old. What is discovered belongs to attempts that run, and none
-- outlives its scheduler, so nothing is taken over.
DROP TABLE discoveries;

CREATE TABLE discoveries (
  job_id      INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  attempt     INTEGER NOT NULL,
  key         TEXT    NOT NULL,
  -- 'open': whoever has the next turn takes it, and from `opened_at` plus a moment anybody.
  state       TEXT    NOT NULL CHECK (state IN ('open', 'held', 'done', 'failed')),
  opened_at   INTEGER NOT NULL,
  fence       INTEGER NOT NULL,
  holder      TEXT,
  -- The holder's place among the job's workers, and the number of its turn among all of the job's discoveries: the turn goes round.
  member      INTEGER,
  turn        INTEGER,
  lease_until INTEGER,
  failures    INTEGER NOT NULL,
  settled_at  INTEGER,
  -- NULL: as long as the attempt.
  valid_until INTEGER,
  value       TEXT,
  error       TEXT,
  PRIMARY KEY (job_id, attempt, key)
) STRICT, WITHOUT ROWID;

CREATE INDEX discoveries_by_turn ON discoveries (job_id, attempt, turn);

-- Which member has asked for a discovery since which turn: the turn is kept for those alone that want it.
CREATE TABLE discovery_askers (
  job_id  INTEGER NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
  attempt INTEGER NOT NULL,
  member  INTEGER NOT NULL,
  turn    INTEGER NOT NULL,
  PRIMARY KEY (job_id, attempt, member)
) STRICT, WITHOUT ROWID;
