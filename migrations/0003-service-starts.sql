-- How often the operator said start: a service that failed is started again by the next one.
ALTER TABLE services ADD COLUMN starts INTEGER NOT NULL DEFAULT 0;
