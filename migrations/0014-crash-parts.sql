-- Each part of each attempt has at most one report, whoever wrote it and however often it is recorded.
ALTER TABLE crashes ADD COLUMN attempt INTEGER NOT NULL DEFAULT 0;
ALTER TABLE crashes ADD COLUMN member INTEGER NOT NULL DEFAULT 0;
UPDATE crashes SET attempt = json_extract(document, '$.attempt'), member = json_extract(document, '$.member');
CREATE INDEX crashes_by_part ON crashes (job_id, attempt, member);

-- Whom its worker has told by itself, as JSON: see WorkerTold in lib/domain/crash-mark.ts.
ALTER TABLE crashes ADD COLUMN told TEXT NOT NULL DEFAULT '{"channels":[],"sure":true}';
