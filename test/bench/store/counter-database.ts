/** Rows that fill the file to the 5 MB of every measured store. */
export const FILLER_SCHEMA = `
  CREATE TABLE filler (id INTEGER PRIMARY KEY, body TEXT NOT NULL);
  WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 5000)
    INSERT INTO filler SELECT n, hex(randomblob(500)) FROM number;
`

/** Schema of a store without its own: one counter, in addition to the filler. */
export const COUNTER_SCHEMA = `
  CREATE TABLE counter (id INTEGER PRIMARY KEY, value INTEGER NOT NULL);
  INSERT INTO counter VALUES (1, 0);
  ${FILLER_SCHEMA}
`

/**
 * Two halves of an increment. The value goes through the client, so a lost update is visible in the
 * sum.
 */
export const READ_COUNTER = 'SELECT value FROM counter WHERE id = 1'
export const WRITE_COUNTER = 'UPDATE counter SET value = ? WHERE id = 1'
