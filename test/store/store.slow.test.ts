import { closeSync, openSync, readdirSync, statSync, writeSync } from 'node:fs'
import t from 'tap'
import { systemClock } from '../../lib/core/time/clock.ts'
import { errorCode } from '../../lib/core/errors/errors.ts'
import { FileDatabase } from '../../lib/store/engine/database.ts'
import { openStore } from '../../lib/store/open-store.ts'
import { OWN_THREAD, newFolder, newProject, openTestStore } from '../helpers/store/project.ts'
import { sqliteShell } from '../helpers/store/sqlite-shell.ts'
import { until } from '../helpers/until.ts'
import { join } from 'node:path'

t.test('the owner and its clients share one database', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  t.equal(owner.role, 'scheduler')
  t.equal(client.role, 'client')
  t.strictSame(await owner.call('counters.increment', { name: 'n' }), { value: 1 })
  t.strictSame(await client.call('counters.increment', { name: 'n', by: 2 ** 40 }), { value: 2 ** 40 + 1 })
  t.strictSame(await owner.call('counters.read', { name: 'n' }), { value: 2 ** 40 + 1 })
  const info = await client.call('store.info', {})
  t.match(info, { path: paths.database, role: 'scheduler', journalMode: 'wal' })
  await owner.close()
  t.equal((await client.closed).reason, 'owner-gone')
  t.equal((await owner.closed).reason, 'closed')
  await t.rejects(client.call('counters.read', { name: 'n' }), { code: 'store-closed' })
  await t.rejects(owner.call('counters.read', { name: 'n' }), { code: 'store-closed' })
})

t.test('a second scheduler becomes a client of the first', async t => {
  const paths = newProject()
  await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  t.equal((await openTestStore(t, paths, 'scheduler', OWN_THREAD)).role, 'client')
})

t.test('a scheduler waits for the end of a transient owner, and then takes over', async t => {
  const paths = newProject()
  const transient = await openTestStore(t, paths, 'transient')
  await t.rejects(openTestStore(t, paths, 'scheduler', { waitMs: 100 }), {
    code: 'store-busy',
    message: /transient/,
  })
  const waiting = openTestStore(t, paths, 'scheduler', OWN_THREAD)
  t.equal(
    (await openTestStore(t, paths, 'transient')).role,
    'client',
    'another transient command uses the first owner',
  )
  await transient.close()
  t.equal((await waiting).role, 'scheduler')
})

t.test('a client without an owner explains what to do', async t => {
  const paths = newProject()
  await t.rejects(openTestStore(t, paths, 'client', { waitMs: 50 }), {
    code: 'store-closed',
    message: /Start one/,
  })
})

t.test('a follower does not join a transient owner, but the scheduler after it', async t => {
  const paths = newProject()
  const command = await openTestStore(t, paths, 'transient')
  await t.rejects(openTestStore(t, paths, 'follower', { waitMs: 50 }), {
    code: 'store-closed',
    message: /No scheduler runs .*waited 50 ms.*Start one/,
  })
  const client = await openTestStore(t, paths, 'client')
  t.match(await client.call('store.info', {}), { role: 'transient' }, 'a client joins any owner')
  const waiting = openTestStore(t, paths, 'follower')
  await command.close()
  await openTestStore(t, paths, 'scheduler')
  t.match(await (await waiting).call('store.info', {}), { role: 'scheduler' })
})

t.test('notifies all processes of commits, but not of reads', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  const seen: Record<string, [readonly string[], number][]> = { owner: [], client: [] }
  owner.onChange((...change) => seen['owner']?.push(change))
  const forget = client.onChange((...change) => seen['client']?.push(change))
  await client.call('counters.read', { name: 'n' })
  await client.call('counters.increment', { name: 'n' })
  await until('both to hear', () => seen['owner']?.length === 1 && seen['client']?.length === 1)
  t.strictSame(seen['owner'], seen['client'])
  t.strictSame(seen['owner']?.[0]?.[0], ['counters'])
  forget()
  await owner.call('counters.increment', { name: 'n' })
  await client.call('counters.read', { name: 'n' })
  t.equal(seen['client']?.length, 1)
})

t.test('a failed write is not notified, because nothing of it was written', async t => {
  const store = await openTestStore(t, newProject(), 'scheduler', OWN_THREAD)
  const seen: (readonly string[])[] = []
  store.onChange(tables => seen.push(tables))
  const job = { workflow: 'fixture', input: {}, workers: 1, retries: 0, origin: 'cli', after: [9] }
  await t.rejects(store.call('jobs.enqueue', job), { code: 'job-missing' })
  await store.call('counters.increment', { name: 'n' })
  await until('the counter to be told', () => seen.length > 0)
  t.strictSame(seen, [['counters']])
})

t.test('a listener is notified only of its own tables', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  for (const store of [owner, client]) {
    const heard: string[] = []
    store.onChange(() => heard.push('jobs'), ['jobs'])
    store.onChange(() => heard.push('counters'), ['counters', 'jobs'])
    await store.call('counters.increment', { name: 'n' })
    await until('the counter to be told', () => heard.includes('counters'))
    t.strictSame(heard, ['counters'])
    store.onChange(tables => heard.push(`all: ${tables.join()}`))
    await store.call('counters.increment', { name: 'n' })
    await until('all to be told', () => heard.length === 3)
    t.strictSame(heard, ['counters', 'counters', 'all: counters'])
  }
})

t.test('waiting requests are committed together, and a failing one fails alone', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  await client.call('counters.increment', { name: 'full', by: Number.MAX_SAFE_INTEGER })
  const before = await owner.call('store.info', {})
  const calls = Array.from({ length: 200 }, (_, index) =>
    client.call('counters.increment', { name: index === 100 ? 'full' : 'n' }).then(
      () => 'done',
      () => 'failed',
    ),
  )
  const results = await Promise.all(calls)
  const after = await owner.call('store.info', {})
  t.strictSame(
    results.flatMap((result, index) => (result === 'failed' ? [index] : [])),
    [100],
  )
  t.strictSame(await owner.call('counters.read', { name: 'n' }), { value: 199 })
  t.strictSame(await owner.call('counters.read', { name: 'full' }), { value: Number.MAX_SAFE_INTEGER })
  t.ok(after.commits - before.commits < 100, `${after.commits - before.commits} commits for 200 requests`)
})

t.test('applies a request repeated with its id once, under every owner', async t => {
  const paths = newProject()
  const first = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const client = await openTestStore(t, paths, 'client')
  t.strictSame(await client.call('counters.increment', { name: 'n' }, { id: 'once' }), { value: 1 })
  t.strictSame(await client.call('counters.increment', { name: 'n' }), { value: 2 })
  t.strictSame(await client.call('counters.increment', { name: 'n' }, { id: 'once' }), { value: 1 })
  await first.close()
  await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const later = await openTestStore(t, paths, 'client')
  t.strictSame(await later.call('counters.increment', { name: 'n' }, { id: 'once' }), { value: 1 })
  t.strictSame(await later.call('counters.read', { name: 'n' }), { value: 2 })
})

t.test('refuses wrong input with the name of the field', async t => {
  const owner = await openTestStore(t, newProject(), 'scheduler', OWN_THREAD)
  await t.rejects(owner.call('counters.increment', { name: '', by: 0.5 }), {
    code: 'input-invalid',
    message: /counters\.increment.*name.*by/,
  })
})

t.test("operations of the owner use the owner's clock", async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', {
    ...OWN_THREAD,
    clock: { ...systemClock, now: () => 1_234 },
  })
  await owner.call('counters.increment', { name: 'n' }, { id: 'timed' })
  await owner.close()
  const db = await FileDatabase.open(paths.database)
  const row = db.one("SELECT applied_at FROM applied_requests WHERE id = 'timed'")
  db.close()
  t.strictSame(row, { applied_at: 1_234 })
})

t.test('a backup of a running store is a complete separate database', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  await owner.call('counters.increment', { name: 'n', by: 7 })
  const to = join(newFolder(), 'copy.db')
  t.strictSame(await owner.call('store.backup', { to }), {
    to,
    sizeBytes: (await owner.call('store.info', {})).sizeBytes,
  })
  await owner.call('counters.increment', { name: 'n' })
  const copy = await FileDatabase.open(to)
  t.strictSame(copy.one('SELECT value FROM counters'), { value: 7 })
  t.strictSame(copy.one('PRAGMA integrity_check'), { integrity_check: 'ok' })
  copy.close()
  await t.rejects(owner.call('store.backup', { to }), { code: 'usage', message: /already exists/ })
  await t.rejects(owner.call('store.backup', { to: join(newFolder(), 'no', 'x.db') }), { code: 'usage' })
  await t.rejects(owner.call('store.backup', { to: 'relative.db' }), { code: 'input-invalid' })
})

t.test('serves requests during a backup and a check of the database', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  await owner.call('counters.increment', { name: 'n' })
  const to = join(newFolder(), 'copy.db')
  for (const [name, long] of [
    ['backup', () => owner.call('store.backup', { to })],
    ['check', () => owner.call('store.check', {})],
  ] as const) {
    const order: string[] = []
    await Promise.all([
      long().then(() => order.push(name)),
      owner.call('counters.increment', { name: 'n' }).then(() => order.push('increment')),
    ])
    t.strictSame(order, ['increment', name])
  }
  const copy = await FileDatabase.open(to)
  t.teardown(() => copy.close())
  t.strictSame(copy.one('PRAGMA integrity_check'), { integrity_check: 'ok' })
  const files = readdirSync(paths.data).filter(name => !name.startsWith('automate-tui-'))
  t.strictSame(files.sort(), ['automate.db', 'automate.db-wal', 'owner.json', 'project.json'])
})

t.test('refuses to back up a damaged database, and stops its owner', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  for (let n = 0; n < 200; n += 1) await owner.call('counters.increment', { name: `counter ${n}` })
  const folder = newFolder()
  // The backup moves everything into the file. Then the test overwrites its last pages, as a bad
  // disk would.
  await owner.call('store.backup', { to: join(folder, 'good.db') })
  const { size } = statSync(paths.database)
  const file = openSync(paths.database, 'r+')
  for (let at = size / 2; at < size; at += 4096) writeSync(file, Buffer.alloc(4096, 'x'), 0, 4096, at)
  closeSync(file)
  await t.rejects(owner.call('store.backup', { to: join(folder, 'bad.db') }), {
    code: 'store-damaged',
    message: /No backup was made, because the database .*db restore <file>/,
  })
  t.strictSame(readdirSync(folder), ['good.db'])
  t.match(await owner.closed, { reason: 'lost-ownership', error: { code: 'store-damaged' } })
})

t.test('an owner that closes aborts its backup, and leaves no part of it', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const folder = newFolder()
  const copy = owner.call('store.backup', { to: join(folder, 'copy.db') }).then(
    () => 'made',
    (error: unknown) => errorCode(error),
  )
  await owner.close()
  t.equal(await copy, 'store-closed')
  t.strictSame(readdirSync(folder), [])
})

t.test('every owner prunes the replies to repeated requests, even a short-lived one', async t => {
  const paths = newProject()
  await (await openTestStore(t, paths, 'transient')).close()
  const db = await FileDatabase.open(paths.database)
  db.exec(
    `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20050)
     INSERT INTO applied_requests (id, operation, output, applied_at) SELECT 'old ' || i, 'x', 'null', 0 FROM n`,
  )
  db.close()
  const owner = await openTestStore(t, paths, 'transient')
  await owner.call('counters.increment', { name: 'n' }, { id: 'new' })
  await owner.close()
  const again = await FileDatabase.open(paths.database)
  t.teardown(() => again.close())
  t.strictSame(again.one('SELECT count(*) AS count FROM applied_requests'), { count: 20_000 })
})

t.test('a database shrinks in steps after rows are removed, and by a vacuum', async t => {
  const paths = newProject()
  await (await openTestStore(t, paths, 'transient')).close()
  const fill = async (act: string) => {
    const db = await FileDatabase.open(paths.database)
    db.exec(act)
    db.close()
  }
  await fill('CREATE TABLE ballast (bytes BLOB)')
  for (const shrinks of ['steps', 'vacuum'] as const) {
    await fill('INSERT INTO ballast VALUES (zeroblob(12000000)); DELETE FROM ballast')
    const before = statSync(paths.database).size
    t.ok(before > 12_000_000)
    const owner = await openTestStore(t, paths, 'transient')
    if (shrinks === 'vacuum') {
      t.match(await owner.call('store.vacuum', {}), { beforeBytes: before })
    } else {
      let steps = 1
      while ((await owner.call('store.shrink', {})).more) steps += 1
      t.ok(steps > 1, `${steps} steps`)
    }
    await owner.close()
    t.ok(statSync(paths.database).size < 1_000_000, shrinks)
  }
})

t.test('a stock sqlite3 finds a live database locked and harms nothing', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  await owner.call('counters.increment', { name: 'n' })
  const live = sqliteShell(paths.database, '.tables')
  if (live === undefined) t.comment('no sqlite3 shell on this machine')
  else t.match(live.err, /database is locked/)
  t.strictSame(await owner.call('counters.increment', { name: 'n' }), { value: 2 })
  await owner.close()
  if (live !== undefined) {
    t.equal(sqliteShell(paths.database, 'SELECT value FROM counters; PRAGMA integrity_check')?.out, '2\nok')
  }
})

t.test('notifies the owner of clients that connect and disconnect', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler', OWN_THREAD)
  const events: object[] = []
  owner.onClient(event => events.push(event))
  const client = await openTestStore(t, paths, 'client')
  await client.close()
  await until('two events', () => events.length === 2)
  t.strictSame(events, [
    { client: 1, pid: process.pid, connected: true },
    { client: 1, pid: process.pid, connected: false },
  ])
})

t.test('a call in progress is completed when the store closes', async t => {
  const store = await openStore({ paths: newProject(), role: 'transient', clock: systemClock, waitMs: 1 })
  const call = store.call('counters.increment', { name: 'n' })
  await store.close()
  t.strictSame(await call, { value: 1 })
})
