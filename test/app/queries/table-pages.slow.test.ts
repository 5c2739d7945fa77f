import t from 'tap'
import { csvText, tablePages } from '../../../lib/app/queries/table-pages.ts'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'
import { newProject, openTestStore } from '../../helpers/store/project.ts'

const COUNTERS = 1_200

t.test('reads all rows once and in order during changes, deletions and insertions', async t => {
  const { store } = await timedStore(t)
  const name = (place: number) => `c${String(place).padStart(4, '0')}`
  const table = 'counters'
  await Promise.all(
    Array.from({ length: COUNTERS }, (_, place) =>
      store.call('counters.increment', { name: name(place), by: place + 1 }),
    ),
  )
  for (const sort of [undefined, { column: 'value', descending: true }]) {
    const found: unknown[] = []
    let pages = 0
    const removed = sort === undefined ? [name(0), name(1_100)] : [name(1), name(1_101)]
    for await (const page of tablePages(store, { table, ...(sort === undefined ? {} : { sort }) })) {
      found.push(...page.rows.map(([key]) => key))
      pages += 1
      if (pages > 1) continue
      // A row that was read and a row that was not are removed. A row is inserted before all
      // others, and a row changes so that it would move to the other end.
      for (const key of removed) await store.call('tables.remove', { table, key: { name: key } })
      await store.call('tables.insert', {
        table,
        values: { name: sort === undefined ? 'a1' : 'a2', value: '9999999' },
      })
      await store.call('counters.increment', { name: name(600), by: sort === undefined ? 5_000 : -20_000 })
    }
    t.equal(pages, 3)
    t.equal(new Set(found).size, found.length, 'no row is read twice')
    const [first = '', last = ''] = removed
    const late = sort === undefined ? last : first
    t.notOk(found.includes(late), 'a row that was deleted before its turn is omitted')
    t.equal(found.length, sort === undefined ? COUNTERS - 1 : COUNTERS - 2)
  }
})

t.test('rows that together exceed a message are read in several pages', async t => {
  const paths = newProject()
  const owner = await openTestStore(t, paths, 'scheduler')
  const client = await openTestStore(t, paths, 'client')
  const result = 'x'.repeat(900_000)
  for (let job = 0; job < 45; job += 1) {
    const id = await runningJob(owner)
    await owner.call('jobs.finish', { id, attempt: 1, state: 'succeeded', result })
  }
  for (const store of [owner, client]) {
    let [rows, characters] = [0, 0]
    for await (const page of tablePages(store, { table: 'jobs', whole: true })) {
      rows += page.rows.length
      characters += JSON.stringify(page.rows).length
    }
    t.equal(rows, 45)
    t.ok(characters > 45 * result.length)
  }
})

t.test('respects a limit, and reads an empty table in one page', async t => {
  const { store } = await timedStore(t)
  const pages = []
  for await (const page of tablePages(store, { table: 'counters' })) pages.push(page)
  t.match(pages, [{ rows: { length: 0 }, last: true, table: { name: 'counters' } }])
  for (const name of ['a', 'b', 'c']) await store.call('counters.increment', { name, by: 1 })
  const limited = []
  for await (const page of tablePages(store, { table: 'counters' }, 2)) limited.push(...page.rows)
  t.match(limited, [['a'], ['b']])
})

t.test('a cell of a CSV file is no formula for a reader with another separator', async t => {
  const { store } = await timedStore(t)
  const names = ['Total;=1+1;@SUM(1)', 'a\t=1+1', 'a\n+1', 'a;"=1+1"', 'a; -1', 'plain; text - of 1+1\tx']
  for (const name of names) await store.call('counters.increment', { name, by: 1 })
  const texts = []
  for await (const { table, rows } of tablePages(store, { table: 'counters' }))
    texts.push(csvText(table, rows, false))
  const text = texts.join('')
  t.notMatch(text, /[;\t\n][\s"]*[=+\-@]/)
  for (const cell of ["Total;'=1+1;'@SUM(1)", 'a;\'""=1+1', 'plain; text - of 1+1'])
    t.ok(text.includes(cell), cell)
})
