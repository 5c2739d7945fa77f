-- Root causes of crashes, and what has been told of them: see CauseState in lib/domain/cause-state.ts.
CREATE TABLE crash_causes (
  key       TEXT    PRIMARY KEY,
  -- Of its last failure: its next success heals the cause.
  workflow  TEXT    NOT NULL,
  healed_at INTEGER,
  document  TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Reports that nobody has looked at yet to tell of them. What is there already is no news.
ALTER TABLE crashes ADD COLUMN noticed INTEGER NOT NULL DEFAULT 0 CHECK (noticed IN (0, 1));
UPDATE crashes SET noticed = 1;
CREATE INDEX crashes_unnoticed ON crashes (id) WHERE noticed = 0;

-- What is told on each channel: a message waits until it has arrived, is parked when the channel refuses it, or becomes part of a summary (folded).
CREATE TABLE messages (
  id         INTEGER PRIMARY KEY AUTOINCREMENT,
  channel    TEXT    NOT NULL,
  notice     TEXT    NOT NULL,
  state      TEXT    NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'parked', 'sent', 'folded')),
  queued_at  INTEGER NOT NULL,
  ended_at   INTEGER,
  tries      INTEGER NOT NULL DEFAULT 0,
  parts_done INTEGER NOT NULL DEFAULT 0,
  -- A part is on its way, or was when its sender ended: whether it arrived is not known.
  begun      INTEGER NOT NULL DEFAULT 0 CHECK (begun IN (0, 1)),
  why        TEXT,
  refusal    TEXT
) STRICT;

CREATE INDEX messages_open ON messages (channel, id) WHERE state IN ('waiting', 'parked');
CREATE INDEX messages_sent ON messages (channel, ended_at) WHERE state = 'sent';
