-- Its holder waits, for a person say: the time of those who wait for it stands still, too.
ALTER TABLE discoveries ADD COLUMN stands INTEGER NOT NULL DEFAULT 0 CHECK (stands IN (0, 1));
