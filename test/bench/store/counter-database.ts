/** Rows enough to bring the file to the 5 MB that every store is measured at. */
export const FILLER_SCHEMA = `
  CREATE TABLE filler (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
    INSERT INTO filler SELECT n, hex(randomblob(500)) FROM number;
`

/** The database for a store without a schema of its own: one counter, beside the filler. */
export const COUNTER_SCHEMA = `
  CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
  INSERT INTO counter VALUES (1, 0);
  ${FILLER_SCHEMA}
`

/**
 * The two halves of an increment: what is read goes through the client, so a lost update shows in
 * the sum.
 */
export const READ_COUNTER = 'SELECT value FROM counter WHERE id = 1'
export const WRITE_COUNTER = 'UPDATE counter SET value = ? WHERE id = 1'
