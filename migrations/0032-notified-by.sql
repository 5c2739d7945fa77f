-- Names of the field: the channels on which a worker has sent its own notification, the instants of a failure group, and
-- the outcomes of jobs in messages. A quotation mark within a text of these documents is escaped, so only keys match.
ALTER TABLE crashes RENAME COLUMN told TO notified_by;
UPDATE crash_causes SET document =
  replace(replace(replace(document, '"heardAt":', '"reportedAt":'), '"toldAt":', '"notifiedAt":'), '"told":{', '"notifiedBy":{');
UPDATE messages SET notice = replace(notice, '"fate":"', '"outcome":"');
