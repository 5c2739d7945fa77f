import t from 'tap'
import { FileDatabase } from '../../../../lib/store/engine/database.ts'
import { OWN_TABLES, TABLE_RULES, tableNames } from '../../../../lib/store/tables/table-rules.ts'
import { keyOf } from '../../../../lib/model/table.ts'
import type { TableQuery } from '../../../../lib/model/table.ts'
import type { Store } from '../../../../lib/store/store.ts'
import { crash } from '../../../helpers/builders/crash.ts'
import { errorRecord } from '../../../helpers/builders/error-record.ts'
import { enqueue, runningJob, timedStore } from '../../../helpers/store/job-store.ts'

/** Returns rows as records. */
async function rows(store: Store, query: TableQuery): Promise<Record<string, unknown>[]> {
  const page = await store.call('tables.rows', query)
  return page.rows.map(row =>
    Object.fromEntries(page.table.columns.map(({ name }, index) => [name, row[index]] as const)),
  )
}

t.test('every table is either for people or listed as internal', async t => {
  const { store, paths } = await timedStore(t)
  const tables = await store.call('tables.list', {})
  await store.close()
  const db = await FileDatabase.open(paths.database)
  t.strictSame(tableNames(db), [...Object.keys(TABLE_RULES), ...OWN_TABLES].sort())
  db.close()
  for (const { name, columns, insert } of tables) {
    const known = columns.map(column => column.name)
    const ruled = Object.keys(TABLE_RULES[name]?.columns ?? {})
    for (const column of ruled) t.ok(known.includes(column), `${name} has a column ${column}`)
    t.ok(
      columns.some(({ key }) => key),
      `rows of ${name} have a key`,
    )
    if (insert) t.ok(columns.some(({ edit }) => edit !== 'never'))
  }
})

t.test('pages, sorts and filters rows', async t => {
  const { store } = await timedStore(t)
  for (const [name, by] of [
    ['alpha', 3],
    ['Beta', 1],
    ['gamma', 2],
  ] as const)
    await store.call('counters.increment', { name, by })
  const table = 'counters'
  const names = async (query: Partial<TableQuery>) =>
    (await rows(store, { table, ...query })).map(({ name }) => name)
  t.strictSame(await names({}), ['Beta', 'alpha', 'gamma'])
  t.strictSame(await names({ sort: { column: 'value', descending: true } }), ['alpha', 'gamma', 'Beta'])
  t.strictSame(await names({ sort: { column: 'value', descending: false }, offset: 1, limit: 1 }), ['gamma'])
  t.strictSame(await names({ filter: { text: 'BET' } }), ['Beta'])
  t.strictSame(await names({ filter: { text: '3' } }), ['alpha'])
  t.strictSame(await names({ filter: { text: '3', column: 'name' } }), [])
  t.strictSame(await names({ filter: { text: '%' } }), [], 'a filter has no wildcards')
  const page = await store.call('tables.rows', { table, filter: { text: 'a' }, limit: 1 })
  t.match(page, { total: 3, rows: { length: 1 }, table: { name: table, rows: 3 } })
  await t.rejects(names({ sort: { column: 'value; DROP TABLE counters', descending: false } }), {
    code: 'usage',
    message: /counters has no column "value; DROP.* Its columns are name, value/,
  })
  for (const wrong of ['absent', 'worker_commands', 'sqlite_schema', '__proto__', 'jobs; --'])
    await t.rejects(rows(store, { table: wrong }), { code: 'usage', message: /The tables are jobs, crashes/ })
})

t.test('a missing value is null, and changing it is no conflict', async t => {
  const { store } = await timedStore(t)
  const id = await enqueue(store)
  const [row] = await rows(store, { table: 'jobs' })
  t.equal(row?.['started_at'], null)
  const whole = await store.call('tables.row', { table: 'jobs', key: { id } })
  t.ok(whole?.includes(null))
  t.notOk(whole?.includes('null'))
})

t.test('an export of a table has its long values complete', async t => {
  const { store } = await timedStore(t)
  const json = JSON.stringify('x'.repeat(2_000))
  await store.call('shared.write', { map: 'm', key: 'k', json })
  const [row] = await rows(store, { table: 'shared_values', whole: true })
  t.equal(row?.['value'], json)
})

t.test('cuts long values in lists but not in single rows, and never shows sealed ones', async t => {
  const { store } = await timedStore(t)
  const text = 'x'.repeat(2_000)
  await store.call('shared.write', { map: 'm', key: 'k', json: JSON.stringify(text) })
  const key = { map: 'm', key: 'k' }
  const [row] = await rows(store, { table: 'shared_values' })
  t.match(row?.['value'], /^"x{499}…$/)
  const whole = await store.call('tables.row', { table: 'shared_values', key })
  t.equal(whole?.[2], JSON.stringify(text))
  t.equal(await store.call('tables.row', { table: 'shared_values', key: { ...key, key: 'other' } }), null)

  const id = await runningJob(store)
  const account = { site: 'https://shop.example', account: 'ada' }
  const turn = await store.call('sessions.acquire', {
    ...account,
    workerId: 'w1',
    jobId: id,
    attempt: 1,
    sole: true,
  })
  if (turn.status !== 'held') throw new Error('no turn')
  await store.call('sessions.save', { ...account, fence: turn.fence, sealed: 'c2VjcmV0', known: false })
  const [session] = await rows(store, { table: 'sessions' })
  t.match(session, { ...account, sealed: '•••' })
  t.strictSame(
    await rows(store, { table: 'sessions', filter: { text: 'c2Vj' } }),
    [],
    'a filter does not find sealed values',
  )
})

t.test('a workflow does not override retries that a person has set', async t => {
  const { store } = await timedStore(t)
  const id = await enqueue(store, { workers: 1, retries: 0, unresolved: ['workers', 'retries'] })
  const place = { table: 'jobs', key: { id } }
  await store.call('tables.update', { ...place, values: { retries: '9' }, seen: { retries: 0 } })
  t.match(await store.call('jobs.read', { id }), { retries: 9, unresolved: ['workers'] })
  await store.call('jobs.resolve', { id, workers: 2, retries: 5, inputSchema: {} })
  t.match(await store.call('jobs.read', { id }), { workers: 2, retries: 9, unresolved: null })
  await store.call('tables.update', { ...place, values: { retries: '8' }, seen: { retries: 9 } })
  t.match(await store.call('jobs.read', { id }), { retries: 8, unresolved: null })
})

t.test(
  'changes values after checking each, and refuses values that changed since they were read',
  async t => {
    const { store } = await timedStore(t)
    const id = await enqueue(store)
    const job = { table: 'jobs', key: { id } }
    const set = (values: Record<string, string | null>, seen: Record<string, string | number | null>) =>
      store.call('tables.update', { ...job, values, seen })
    await set(
      { priority: '7', input: '{ "n": 1 }', due_at: '2026-11-25 14:30' },
      { priority: 0, input: '{}', due_at: (await store.call('jobs.read', { id }))?.dueAt ?? null },
    )
    t.match(await store.call('jobs.read', { id }), {
      priority: 7,
      input: { n: 1 },
      dueAt: new Date(2026, 10, 25, 14, 30).getTime(),
    })
    for (const [column, text, seen, message] of [
      ['priority', 'high', 7, /jobs\.priority must be a whole number, got "high"/],
      ['priority', '101', 7, /jobs\.priority is not valid: .*100/],
      ['priority', null, 7, /jobs\.priority must have a value/],
      ['input', '{n: 1}', '{"n":1}', /jobs\.input must be JSON/],
      ['due_at', 'tomorrow', null, /jobs\.due_at (must be a time such as|has changed)/],
    ] as const)
      await t.rejects(set({ [column]: text }, { [column]: seen }), { message })
    await t.rejects(set({ priority: '1' }, { priority: 0 }), {
      code: 'input-invalid',
      message: /has changed since it was read/,
    })
    await t.rejects(set({ state: 'succeeded' }, { state: 'queued' }), {
      code: 'input-invalid',
      message: 'Only automate-tui sets jobs.state.',
    })
    await t.rejects(store.call('tables.update', { ...job, key: { id: 99 }, values: {}, seen: {} }), {
      message: 'jobs no longer has a row {"id":99}.',
    })
    await t.rejects(store.call('tables.update', { ...job, key: { name: 'x' }, values: {}, seen: {} }), {
      code: 'usage',
      message: 'The key of a row of jobs is id, got name.',
    })
    const running = { table: 'jobs', key: { id: await runningJob(store) } }
    await t.rejects(
      store.call('tables.update', { ...running, values: { priority: '1' }, seen: { priority: 0 } }),
      { code: 'input-invalid', message: /running\. Wait until it has ended, or cancel it first/ },
    )
  },
)

t.test('inserts and removes rows where that is harmless', async t => {
  const { store } = await timedStore(t)
  const insert = (table: string, values: Record<string, string>) =>
    store.call('tables.insert', { table, values })
  const remove = (table: string, key: Record<string, string | number>) =>
    store.call('tables.remove', { table, key })
  t.strictSame(await insert('counters', { name: 'orders', value: '3' }), { key: { name: 'orders' } })
  t.strictSame(await store.call('counters.read', { name: 'orders' }), { value: 3 })
  await t.rejects(insert('counters', { name: 'orders', value: '4' }), { message: /already has a row / })
  await t.rejects(insert('counters', { name: 'more' }), { message: /counters\.value must have a value/ })
  await remove('counters', { name: 'orders' })
  t.strictSame(await store.call('counters.read', { name: 'orders' }), { value: 0 })
  await t.rejects(remove('counters', { name: 'orders' }), { message: /no longer has a row / })

  await insert('shared_values', { map: 'm', key: 'k', value: '1' })
  await remove('shared_values', { map: 'm', key: 'k' })
  const place = { map: 'm', key: 'k' }
  t.strictSame(
    await store.call('shared.read', place),
    { version: 2, json: null },
    'a writer notices the removal',
  )
  t.strictSame(await rows(store, { table: 'shared_values' }), [])
  await insert('shared_values', { map: 'm', key: 'k', value: '2' })
  t.strictSame(await store.call('shared.read', place), { version: 3, json: '2' }, 'the version continues')
  t.strictSame(await store.call('shared.list', { map: 'm' }), [{ key: 'k', json: '2' }])

  const account = { site: 'street', account: 'anna' }
  const user = await runningJob(store)
  await store.call('sessions.acquire', { ...account, workerId: 'w1', jobId: user, attempt: 1 })
  await t.rejects(remove('sessions', account), { message: /A worker uses the account/ })
  await store.call('jobs.recover', {})
  await remove('sessions', account)
  t.strictSame(await rows(store, { table: 'sessions' }), [], 'its user died with the scheduler')

  await t.rejects(insert('jobs', { workflow: 'w' }), { message: /Only automate-tui adds rows to jobs/ })
  await t.rejects(remove('members', { job_id: 1, attempt: 1, member: 1 }), {
    message: /Only automate-tui removes rows of/,
  })
  const queued = await enqueue(store)
  await t.rejects(remove('jobs', { id: queued }), { message: /has not ended.*Cancel it first/ })
  const ended = await runningJob(store)
  await store.call('jobs.finish', { id: ended, attempt: 1, state: 'failed', error: errorRecord() })
  await store.call('crashes.record', { file: 'f', document: crash({ jobId: ended }) })
  await remove('jobs', { id: ended })
  t.equal(await store.call('jobs.read', { id: ended }), null)
  const page = await store.call('tables.rows', { table: 'crashes' })
  const [crashRow = []] = page.rows
  await store.call('tables.remove', { table: 'crashes', key: keyOf(page.table, crashRow) })
  t.strictSame(await store.call('crashes.list', {}), [])
})

t.test('a new input of a job removes what was derived from the old one', async t => {
  const { store } = await timedStore(t)
  const account = { site: 'shop.example', account: 'me' }
  const id = await runningJob(store, { domains: ['old.example'] })
  const other = await runningJob(store)
  const lease = { ...account, workerId: 'w1', attempt: 1, sole: true }
  await store.call('sessions.acquire', { ...lease, jobId: other })
  await store.call('sessions.acquire', { ...lease, workerId: 'w2', jobId: id })
  await store.call('jobs.finish', { id, attempt: 1, state: 'retrying', dueAt: 0 })
  const known = async () => {
    const [row] = await rows(store, { table: 'jobs', filter: { text: String(id), column: 'id' } })
    return row
  }
  t.match(await known(), { ...{ domains: '["old.example"]', account: 'me' }, wait_reason: /account/ })
  const change = { table: 'jobs', key: { id }, seen: { input: '{}', priority: 0 } }
  await store.call('tables.update', { ...change, values: { priority: '3' } })
  t.match(await known(), { domains: '["old.example"]', account: 'me' }, 'a change of another column keeps it')
  const values = { input: '{"url":"http://new.example/"}' }
  await store.call('tables.update', { ...change, values, domains: ['new.example'] })
  t.match(await known(), {
    ...{ domains: '["new.example"]', account_site: null, account: null },
    wait_reason: null,
  })
})
