-- Names of the field: how often a scheduler died while the job ran, the pauses of sites, and the commands for workers.
ALTER TABLE jobs RENAME COLUMN console_deaths TO scheduler_deaths;
ALTER TABLE domain_holds RENAME TO domain_pauses;
ALTER TABLE worker_orders RENAME TO worker_commands;
DROP INDEX worker_orders_by_worker;
CREATE INDEX worker_commands_by_worker ON worker_commands (worker_id, id);
UPDATE messages SET notice = json_set(notice, '$.kind', 'scheduler-ended')
  WHERE json_valid(notice) AND notice ->> 'kind' = 'console-ended';
