import t from 'tap'
import { pressed, seen, textOf } from '../../fixtures/console/driven.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import type { WaitReason } from '../../../lib/model/job/wait-reason.ts'
import { visibleJobs } from '../../../screens/lists/visible-jobs.ts'
import type { State } from '../../../screens/state.ts'

/** Returns the jobs screen filtered by this text. */
const filtered = (text: string, state: State = seen()) =>
  pressed(state, '2', '/', ...Array.from(text), 'enter')[0]

const ids = (state: State) => visibleJobs(state).map(({ id }) => id)

const all = richSnapshot().jobs

t.test('filters the list by a text in number, state, workflow or error of a job', async t => {
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

t.test('shows and finds the wait reason of a job in the language of the console', async t => {
  const account = { site: 'street', account: 'anna' }
  for (const [waitReason, said] of [
    [{ why: 'cooling', proxies: 3 }, 'aspetta un proxy: tutti e 3 non hanno funzionato'],
    [{ why: 'full', proxies: 1 }, "aspetta un proxy: l'unico disponibile"],
    [{ why: 'reading' }, "aspetta l'elenco dei proxy, in corso di lettura"],
    [{ why: 'unread', trouble: 'ENOENT' }, 'aspetta i proxy, che non è stato possibile leggere: ENOENT'],
    [{ why: 'jobs', jobs: [20], more: 0 }, 'aspetta il lavoro 20 '],
    [{ why: 'jobs', jobs: [20, 21], more: 3 }, 'aspetta i lavori 20, 21 e altri 3'],
    [{ ...account, why: 'account', jobId: 7 }, 'street/anna'],
    [{ ...account, why: 'account', jobId: null }, 'street/anna'],
  ] satisfies [WaitReason, string][]) {
    const jobs = all.map(job => (job.id === 134 ? { ...job, waitReason } : job))
    const state = filtered(said.trim(), seen(richSnapshot({ jobs }), { language: 'it' }))
    t.same(ids(state), [134], said)
    t.match(textOf(state, { columns: 200, rows: 24 }), said)
  }
})
