-- Why a job waits, as a code (JSON) that consoles say in their language; it counts for as long as waits_for says the same.
ALTER TABLE jobs ADD COLUMN hold TEXT;
