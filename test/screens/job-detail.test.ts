import t from 'tap'
import type { State } from '../../screens/state.ts'
import {
  after,
  pressed,
  pressedAndAnswered,
  pressedAndRead,
  seen,
  textOf,
} from '../fixtures/console/driven.ts'
import { jobDetail } from '../fixtures/console/job-detail.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'

const TALL = { columns: 120, rows: 50 }

/** Opens the job at this index of the list. */
const opened = (place: number, ...keys: readonly string[]): State =>
  pressedAndRead(seen(), '2', ...Array.from({ length: place }, () => 'down'), 'enter', ...keys)[0]

/** Index of the succeeded job. */
const SUCCEEDED = 8

t.test('Enter on any job shows all its details', async t => {
  const text = textOf(opened(SUCCEEDED), TALL)
  for (const says of [
    'Job 126: order-form',
    /State +succeeded/,
    /"order": "A-1042"/,
    /"article": "wine"/,
    /Tries +2, retries used 1 of 2/,
    /Priority +\+20/,
    /Queued +2026-03-23 13:56:42/,
    /Ended +2026-03-23 13:59:00, 38 s/,
    /After +#127 failed, #131 running \(if one fails: runs anyway\)/,
    /Proxy +any, the same one for ann, failed: http:\/\/10\.0\.0\.7:8080/,
    /Domains +shop\.example/,
    /Key +order-7/,
    /try 1: failed, 2\/5 open_form: the form/,
    /try 2: succeeded/,
    /31: 2026-03-23 13:57:51 NavigateError: reset/,
    /Log file +logs\/23-03-2026\/workers\/job_126_attempt_2_member_1\.log/,
    /Trace +npx playwright show-trace logs\/23-03-2026\/traces\//,
  ])
    t.match(text, says)
  t.notMatch(text, '\u001b')
  t.notMatch(text, /Due|Workers at once/, 'empty details are omitted')
  t.equal(pressed(opened(SUCCEEDED), 'escape')[0].overlay, null)
})

t.test('the last line can be reached at any size', async t => {
  const size = { columns: 40, rows: 10 }
  for (const language of ['en', 'it'] as const) {
    const whole = { ...opened(SUCCEEDED), language }
    const last = textOf({ ...whole, size: TALL }).match(/\S+\.zip/)?.[0] ?? 'no trace'
    const end = textOf(pressed({ ...whole, size }, 'G')[0])
    t.match(end.replaceAll(/[\s│]+/g, ''), last.slice(-12), language)
    t.notMatch(end, /more below|continua sotto/, language)
  }
})

t.test('y copies the result and confirms it, or reports that there is none', async t => {
  const [copied, effects] = pressed(opened(SUCCEEDED), 'y')
  t.same(effects, [{ type: 'copy', text: '{"order":"A-1042","total":58.5,"note":"\\u001b[2J{center}"}' }])
  t.match(textOf(copied), 'copied the result to the clipboard')
  t.equal(copied.overlay?.type, 'record')
  const watching = { ...opened(SUCCEEDED), readOnly: true }
  t.equal(pressed(watching, 'y')[1].length, 1)
  const [told, without] = pressed({ ...watching, clipboard: false }, 'y')
  t.same(without, [], 'a read-only console writes no file')
  t.match(textOf(told), 'This console is read-only')
  t.match(pressed({ ...opened(SUCCEEDED), clipboard: false }, 'y')[1], [
    { type: 'perform', command: { type: 'text.save', name: 'result' } },
  ])
  const none = pressedAndAnswered(seen(), ['2', 'enter'], ({ type, ...rest }) => {
    if (type !== 'job' || !('id' in rest)) throw new Error(type)
    const detail = jobDetail(rest.id)
    return { type: 'job', detail: { ...detail, job: { ...detail.job, result: null } } }
  })[0]
  const [refused, nothing] = pressed(none, 'y')
  t.same(nothing, [])
  t.match(textOf(refused), 'There is no result to copy.')
})

t.test('a waiting job shows its blockers after its state', async t => {
  const shown = pressedAndAnswered(seen(), ['2', 'enter'], lookup => {
    if (lookup.type !== 'job') throw new Error(lookup.type)
    const { job, ...rest } = jobDetail(lookup.id)
    const waits = [
      { for: 'jobs', jobs: [{ id: 127, state: 'running' }] },
      { for: 'pause', domain: 'shop.example', until: AT, status: 429 },
    ] as const
    return { type: 'job', detail: { ...rest, job: { ...job, state: 'queued', attempt: 0 }, waits } }
  })[0]
  t.match(
    textOf(shown, TALL),
    /State +queued: waits for #127 running; shop\.example asks to wait until 14:03:22/,
  )
})

t.test('Enter or 3 on a job with a worker opens the worker', async t => {
  const running = opened(3)
  t.match(textOf(running), 'Enter: its worker.')
  const [worker] = pressed(running, 'enter')
  t.equal(worker.screen, 'worker')
  t.equal(worker.opened?.job?.jobId, 131)
  t.equal(pressed(seen(), '2', 'down', 'down', 'down', '3')[0].opened?.job?.jobId, 131)
  t.notMatch(textOf(opened(SUCCEEDED)), 'Enter: its worker.')
  t.equal(pressed(opened(SUCCEEDED), 'enter')[0].overlay, null)
})

t.test('rereads an open job, and keeps its scroll position', async t => {
  const scrolled = opened(SUCCEEDED, 'down', 'down')
  const [asked, effects] = after(scrolled, { type: 'tick', at: AT + 1_500 })
  const [effect] = effects.flatMap(each => (each.type === 'look-up' ? [each] : []))
  if (effect === undefined) throw new Error('the job was not read again')
  t.match(effect.lookup, { type: 'job', id: 126 })
  const detail = jobDetail(126)
  const result = {
    ok: true,
    answer: { type: 'job', detail: { ...detail, job: { ...detail.job, state: 'failed', priority: 30 } } },
  } as const
  const [again] = after(asked, {
    type: 'looked-up',
    at: AT + 1_500,
    id: effect.id,
    lookup: effect.lookup,
    result,
  })
  t.match(again.overlay, { type: 'record', offset: 2 })
  t.match(textOf({ ...again, size: TALL }, TALL), /Priority +\+30/)
})

t.test('a removed job shows that, and a job that was closed before its reply does not open', async t => {
  const [asked, effects] = pressed(seen(), '2', 'enter')
  const [effect] = effects.flatMap(each => (each.type === 'look-up' ? [each] : []))
  if (effect === undefined) throw new Error('no job was read')
  const { id, lookup } = effect
  const gone = { ok: false, message: 'There is no job 134.' } as const
  const [told] = after(asked, { type: 'looked-up', at: AT, id, lookup, result: gone })
  t.equal(told.overlay, null)
  t.match(textOf(told), 'There is no job 134.')
  const [elsewhere] = pressed(asked, '4')
  const result = { ok: true, answer: { type: 'job', detail: jobDetail(134) } } as const
  t.equal(after(elsewhere, { type: 'looked-up', at: AT, id, lookup, result })[0].overlay, null)
})

t.test('hides the values that the workflow calls passwords', async t => {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('the snapshot has no scheduler')
  const workflows = scheduler.workflows.map(workflow => ({
    ...workflow,
    inputSchema: { type: 'object', properties: { article: { type: 'string', format: 'password' } } },
  }))
  const state = seen(richSnapshot({ scheduler: { ...scheduler, workflows } }))
  const text = textOf(pressedAndRead(state, '2', 'enter')[0], TALL)
  t.match(text, '"article": "•••"')
  t.notMatch(text, '"article": "wine"')
})

t.test('shows the job at any size, line by line', async t => {
  const state = { ...opened(SUCCEEDED), size: { columns: 40, rows: 10 } }
  t.match(textOf(state), 'more below')
  const [end] = pressed(state, 'G')
  t.match(textOf(end), 'Esc goes back.')
  t.notMatch(textOf(end), 'more below')
  t.equal(textOf(pressed(state, ...Array.from({ length: 90 }, () => 'down'))[0]), textOf(end))
  t.not(textOf(pressed(end, 'up', 'up')[0]), textOf(end), 'a few steps back suffice')
})
