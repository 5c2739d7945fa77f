import t from 'tap'
import { parseLimit, readNewest } from '../../../lib/app/queries/pagination.ts'
import { crash } from '../../helpers/builders/crash.ts'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'

t.test('a list has the requested length, and reports if there are more rows', async t => {
  const { store } = await timedStore(t)
  const ids: number[] = []
  for (const file of ['one', 'two', 'three']) {
    const jobId = await runningJob(store)
    await store.call('crashes.record', { file, document: crash({ jobId }) })
    ids.unshift(jobId)
  }
  for (const name of ['jobs.list', 'crashes.list'] as const) {
    const listed = async (limit: number) => {
      const { rows, cut } = await readNewest<{ readonly id: number }>(limit, page => store.call(name, page))
      return { ids: rows.map(({ id }) => id), cut }
    }
    t.same(await listed(2), { ids: ids.slice(0, 2), cut: true }, name)
    t.same(await listed(3), { ids, cut: false }, name)
  }
})

t.test('reads a long list page by page, despite unreadable rows', async t => {
  const readable = Array.from({ length: 2_500 }, (_, index) => ({ id: 2_500 - index })).filter(
    ({ id }) => id % 7 > 0,
  )
  const readPage = ({ limit, beforeId = Infinity }: { limit: number; beforeId?: number }) => {
    t.ok(limit <= 1_000)
    return Promise.resolve(
      readable.filter(({ id }) => id < beforeId && id >= beforeId - limit).slice(0, limit),
    )
  }
  const first = (page: { limit: number; beforeId?: number }) => readPage({ beforeId: 2_501, ...page })
  t.same(await readNewest(5_000, first), { rows: readable, cut: false })
  t.same(await readNewest(1_500, first), { rows: readable.slice(0, 1_500), cut: true })
})

t.test('refuses an invalid number of rows', async t => {
  t.equal(parseLimit(undefined), 200)
  t.equal(parseLimit('3'), 3)
  for (const text of ['0', '-1', '1.5', 'all', '']) t.throws(() => parseLimit(text), { code: 'usage' }, text)
})
