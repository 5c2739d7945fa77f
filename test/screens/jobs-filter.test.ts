import t from 'tap'
import { pressed, seen, textOf } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { jobsShown } from '../../screens/jobs-shown.ts'
import type { State } from '../../screens/state.ts'

/** The jobs screen with only the jobs that have this. */
const filtered = (text: string, state: State = seen()) =>
  pressed(state, '2', '/', ...Array.from(text), 'enter')[0]

const ids = (state: State) => jobsShown(state).map(({ id }) => id)

const all = richSnapshot().jobs

t.test('the list shows only jobs with a text in their row: number, state, workflow or error', async t => {
  for (const [text, fits] of [
    ['#134', id => id === 134],
    ['FAILED', (_id, job) => job.state === 'failed'],
    ['queued order', (_id, job) => job.state === 'queued' && job.workflow.includes('order')],
  ] satisfies [string, (id: number, job: (typeof all)[number]) => boolean][]) {
    const state = filtered(text)
    const wanted = all.filter(job => fits(job.id, job)).map(({ id }) => id)
    t.ok(wanted.length > 0 && wanted.length < all.length, text)
    t.same(ids(state), wanted, text)
    t.match(textOf(state), `/${text}`)
    t.equal(state.selected.jobs, String(wanted[0]))
  }
  t.same(ids(filtered('fallito', seen(richSnapshot(), { language: 'it' }))), ids(filtered('failed')))
})

t.test('that a job waits for a proxy is said, and found, in the language of the console', async t => {
  const jobs = all.map(job =>
    job.id === 134
      ? { ...job, errorMessage: 'waits for a proxy', hold: { why: 'cooling', proxies: 3 } as const }
      : job,
  )
  const state = filtered('tutti e 3', seen(richSnapshot({ jobs }), { language: 'it' }))
  t.same(ids(state), [134])
  t.match(textOf(state, { columns: 200, rows: 24 }), /aspetta un proxy: tutti e 3 non hanno funzionato/)
})

t.test('without a match it says how to see all; Esc does so', async t => {
  const state = filtered('no such job')
  t.match(textOf(state), 'Press Esc to show them all')
  const [back] = pressed(state, 'escape')
  t.same(ids(back), ids(seen()))
  t.match(textOf(back), 'showing all jobs')
})

t.test('a mark on a row that is not shown any more is gone', async t => {
  const [marked] = pressed(seen(), '2', 'space', 'down', 'space')
  t.equal(marked.marked.jobs.length, 2)
  t.same(filtered(`#${marked.marked.jobs[0] ?? ''}`, marked).marked.jobs, marked.marked.jobs.slice(0, 1))
})

t.test('leaving the line changes nothing', async t => {
  const [state] = pressed(seen(), '2', '/', 'x', 'escape')
  t.equal(state.prompt, null)
  t.same(ids(state), ids(seen()))
})
