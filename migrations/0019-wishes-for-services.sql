-- Whether an operator has said what is wanted of the service: until then it is what the configuration says. What was said before nobody knows any more, so it stands.
ALTER TABLE services ADD COLUMN said INTEGER NOT NULL DEFAULT 0 CHECK (said IN (0, 1));
UPDATE services SET said = 1;
