import { statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { knownBuild } from '../../../lib/store/engine/builds.ts'
import { readSql } from '../../../lib/store/engine/statements.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { sqliteShell } from '../../helpers/store/sqlite-shell.ts'

const THINGS =
  'CREATE TABLE things (id INTEGER PRIMARY KEY, name TEXT UNIQUE, size INTEGER, body BLOB) STRICT'

async function things(t: Test): Promise<FileDatabase> {
  const db = await FileDatabase.open(join(newFolder(), 'things.db'))
  t.teardown(() => db.close())
  db.exec(THINGS)
  return db
}

t.test('committed rows are there after reopening the file, also for the sqlite3 shell', async t => {
  const db = await things(t)
  t.strictSame(db.one('PRAGMA journal_mode'), { journal_mode: 'wal' })
  t.strictSame(db.one('PRAGMA synchronous'), { synchronous: 2 })
  t.equal(db.run('INSERT INTO things (name, size) VALUES ($name, $size)', { name: 'a', size: 1 }), 1)
  db.close()
  t.throws(() => statSync(`${db.path}-wal`), 'a closed database is one file')
  const shell = sqliteShell(db.path, 'SELECT name, size FROM things; PRAGMA integrity_check')
  if (shell === undefined) t.comment('no sqlite3 shell on this machine')
  else t.equal(shell.out, 'a|1\nok')
  const again = await FileDatabase.open(db.path)
  t.teardown(() => again.close())
  t.strictSame(again.all('SELECT name, size, body FROM things'), [{ name: 'a', size: 1, body: null }])
})

t.test('a rolled back transaction leaves nothing', async t => {
  const db = await things(t)
  db.run('BEGIN IMMEDIATE')
  db.run("INSERT INTO things (name) VALUES ('a')")
  db.run('ROLLBACK')
  t.equal(db.one('SELECT * FROM things'), undefined)
})

t.test('values survive a round trip: large integers, text of any script, bytes, booleans, null', async t => {
  const db = await things(t)
  const body = new Uint8Array([0, 255, 10])
  const big = Number.MAX_SAFE_INTEGER
  db.run('INSERT INTO things (name, size, body) VALUES (?, ?, ?)', ['caffè 北京 \u{1F600}', big, body])
  t.strictSame(db.one('SELECT name, size, body, typeof(size) AS type FROM things'), {
    name: 'caffè 北京 \u{1F600}',
    size: big,
    body,
    type: 'integer',
  })
  t.strictSame(db.one('SELECT $yes AS yes, $none AS none', { yes: true, none: null }), {
    yes: 1,
    none: null,
  })
})

t.test('open files still work after memory has grown', async t => {
  const db = await things(t)
  const body = new Uint8Array(40 * 1024 * 1024).fill(7)
  db.run('INSERT INTO things (name, body) VALUES ($name, $body)', { name: 'large', body })
  const row = db.one('SELECT body FROM things')
  t.ok(row?.['body'] instanceof Uint8Array && Buffer.compare(row['body'], body) === 0)
})

t.test('refuses parameters that sql.js would silently accept', async t => {
  const db = await things(t)
  t.throws(() => db.one('SELECT $a AS a', { a: 1, b: 2 }), { code: 'bug', message: /no parameter "b"/ })
  t.throws(() => db.one('SELECT $a AS a, $b AS b', { a: 1 }), {
    code: 'bug',
    message: /has no value for "b"/,
  })
  t.throws(() => db.one('SELECT ? AS a', []), { code: 'bug', message: /1 positions and got 0/ })
  t.throws(() => db.one('SELECT ? AS a', [NaN]), { code: 'bug' })
})

t.test('errors have the code of their kind', async t => {
  const db = await things(t)
  db.run("INSERT INTO things (name) VALUES ('a')")
  t.throws(() => db.run("INSERT INTO things (name) VALUES ('a')"), { code: 'store-refused' })
  t.throws(() => db.run("INSERT INTO things (size) VALUES ('many')"), { code: 'store-refused' })
  t.throws(() => db.run('SELECT nonsense'), { code: 'bug' })
  t.throws(() => db.reading(() => db.run('DELETE FROM things')), { code: 'bug', message: /"read"/ })
  t.equal(db.all('SELECT * FROM things').length, 1, 'the connection still works')
  await t.rejects(FileDatabase.open(join(newFolder(), 'nowhere', 'x.db')), { code: 'store-refused' })
  await t.rejects(FileDatabase.open(newFolder()), { code: 'store-refused' })
})

t.test('reports which tables were written', async t => {
  const db = await things(t)
  db.takeWritten()
  db.one("INSERT INTO things (name) VALUES ('a') ON CONFLICT DO UPDATE SET size = 1 RETURNING id")
  t.strictSame(db.takeWritten(), ['things'])
  db.run("UPDATE things SET size = 2 WHERE name = 'nobody'")
  t.strictSame(db.takeWritten(), [], 'a statement that changed no row wrote no table')
})

t.test('does not write to an abandoned file', async t => {
  const db = await things(t)
  db.run("INSERT INTO things (name) VALUES ('a')")
  const before = statSync(`${db.path}-wal`).size
  db.abandon()
  t.throws(() => db.run("INSERT INTO things (name) VALUES ('b')"), { code: 'store-closed' })
  t.equal(statSync(`${db.path}-wal`).size, before)
})

t.test('refuses a sql.js with unknown names', async t => {
  t.throws(() => knownBuild(new Uint8Array([1])), { code: 'environment-unfit', message: /sql\.js 1\.16\.0/ })
})

t.test('ignores parameters and tables in strings and comments of SQL', async t => {
  const facts = readSql("SELECT '$a ? UPDATE x', $b -- $c ?\n /* DELETE FROM y */ FROM z")
  t.strictSame([...facts.parameters], ['b'])
  t.equal(facts.positions, 0)
  t.strictSame(facts.writes, [])
})
