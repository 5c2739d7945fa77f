import t from 'tap'
import type { JobState } from '../../lib/model/job/job.ts'
import { AT, richSnapshot } from '../fixtures/console/snapshot.ts'
import {
  after,
  commandsOf,
  concludedWith,
  pressed,
  pressedAndRead,
  seen,
  textOf,
} from '../fixtures/console/driven.ts'
import { NOTHING_COUNTED } from '../../lib/app/port/snapshot.ts'

t.test('start, stop and restart act on the selected service', async t => {
  const services = { ...seen().focus, dashboard: 'services' } as const
  const [, effects] = pressed(seen(richSnapshot(), { focus: services }), 'down', 'x', 'r', 'down', 's')
  t.same(commandsOf(effects), [
    { type: 'service.stop', name: 'cron' },
    { type: 'service.restart', name: 'cron' },
    { type: 'service.start', name: 'janitor' },
  ])
})

t.test('cancels a job only after a confirmation whose default keeps it', async t => {
  const [asked, none] = pressed(seen(), 'x')
  t.match(asked.dialog, { type: 'cancel', jobId: 128, workers: 3 })
  t.same(none, [])
  t.same(pressed(asked, 'enter')[1], [])
  t.same(pressed(asked, 'escape')[1], [])
  t.same(commandsOf(pressed(asked, 'down', 'enter')[1]), [{ type: 'job.cancel', id: 128 }])
})

t.test('retries all failed and parked jobs after a confirmation, and only if there are any', async t => {
  const [asked, none] = pressed(seen(), '2', 'R')
  t.match(asked.dialog, { type: 'retry-dead' })
  t.match(textOf(asked), 'Retry all 3 failed or parked jobs?')
  t.same(none, [])
  t.same(pressed(asked, 'enter')[1], [])
  t.same(commandsOf(pressed(asked, 'down', 'enter')[1]), [{ type: 'jobs.retry-dead' }])
  const { counts } = richSnapshot()
  const well = richSnapshot({ counts: { ...counts, failed: 0, parked: 0 } })
  t.match(pressed(seen(well), '2', 'R')[0].activity.at(-1)?.text, /No job has failed/)
})

t.test('an unavailable key does nothing and shows the reason', async t => {
  const ended = pressed(seen(), '2', 'G', 'up', 'x')
  t.same(ended[1], [])
  t.equal(ended[0].dialog, null)
  t.match(ended[0].activity.at(-1), { tone: 'bad', text: /Job 125 has ended already/ })
  const watching = pressed(seen(richSnapshot(), { readOnly: true }), 'x')
  t.same(watching[1], [])
  t.match(watching[0].activity.at(-1)?.text, /read-only/)
  t.match(pressed(seen(), 'j', 'Y')[0].activity.at(-1)?.text, /Y does nothing here/)
})

t.test('keeps the language for the next console, but not in a read-only console', t => {
  t.same(commandsOf(pressed(seen(), 'l')[1]), [{ type: 'language.choose', language: 'it' }])
  t.same(commandsOf(pressed(seen(), 'l', 'l')[1]).at(-1), { type: 'language.choose', language: 'en' })
  t.same(pressed(seen(richSnapshot(), { readOnly: true }), 'l')[1], [])
  t.end()
})

t.test('quitting asks while jobs run, and Esc never quits', async t => {
  const [asked, none] = pressed(seen(), 'q')
  t.same(none, [])
  t.match(asked.dialog, { type: 'quit', choice: 2 })
  t.same(pressed(asked, 'enter')[1], [], 'the default keeps the console open')
  t.same(pressed(asked, 'up', 'up', 'enter')[1], [{ type: 'quit', mode: 'drain' }])
  t.same(pressed(asked, 'up', 'enter')[1], [{ type: 'quit', mode: 'now' }])
  t.same(pressed(seen(), 'escape', 'escape', 'escape')[1], [])
})

t.test('quitting asks nothing if nothing runs or the scheduler is in another process', async t => {
  const { counts } = richSnapshot()
  const idle = richSnapshot({ workers: [], counts: { ...counts, running: 0 } })
  t.same(pressed(seen(idle), 'q')[1], [{ type: 'quit', mode: 'drain' }])
  t.same(pressed(seen(richSnapshot({ connection: 'attached' })), 'C-c')[1], [{ type: 'quit', mode: 'drain' }])
  t.comment('this scheduler could not start, so the running jobs are those of a killed one')
  const left = richSnapshot({ scheduler: null, workers: [], problem: 'no browser' })
  t.ok(left.counts.running > 0)
  t.same(pressed(seen(left), 'q')[1], [{ type: 'quit', mode: 'drain' }])
})

t.test('draining shows what still runs, q stops it, and a refusal restores the console', async t => {
  const [draining] = pressed(seen(), 'q', 'up', 'up', 'enter')
  t.match(textOf(draining), 'Quitting: 7 workers are still running. Press q to stop now.')
  t.same(pressed(draining, 'q')[1], [{ type: 'quit', mode: 'now' }])
  const [back] = after(draining, { type: 'quit-refused', at: AT, mode: 'drain', message: 'not now' })
  t.equal(back.quitting, null)
  t.match(textOf(back), 'refused: not now')
})

t.test('a console asks once whether to restart into the installed version', async t => {
  const { scheduler } = richSnapshot()
  if (scheduler === null) throw new Error('no scheduler')
  const replaced = (version: string | null, change = {}) =>
    richSnapshot({ scheduler: { ...scheduler, replaced: { version } }, ...change })
  t.equal(seen(replaced(null)).dialog, null, 'the package is not complete yet')
  t.equal(seen(replaced('2.0.0', { connection: 'attached' })).dialog, null, 'its scheduler decides')
  t.equal(seen(replaced('2.0.0'), { readOnly: true }).dialog, null)
  const asked = seen(replaced('2.0.0'))
  t.match(textOf(asked), 'automate-tui 2.0.0 was installed. Restart into it?')
  const [later] = pressed(asked, 'enter')
  const [again] = after(later, { type: 'snapshot', at: AT, snapshot: replaced('2.0.0') })
  t.equal(again.dialog, null)
  const [next] = after(later, { type: 'snapshot', at: AT, snapshot: replaced('3.0.0') })
  t.match(next.dialog, { type: 'restart', version: '3.0.0' })
  t.same(pressed(asked, 'down', 'enter')[1], [{ type: 'quit', mode: 'restart' }])
})

t.test('shows that a command awaits its reply, and its outcome later', async t => {
  const [asked] = pressed(seen(), 'S-tab', 'r')
  const activityId = asked.activity.at(-1)?.id ?? 0
  const [waits] = after(asked, { type: 'unanswered', at: AT + 15_000, activityId })
  t.match(waits.activity.at(-1), {
    at: AT + 15_000,
    text: 'asked for service scheduler to restart → no answer yet',
    tone: 'bad',
  })
  const done = concludedWith(waits, { ok: true })
  t.match(done.activity.at(-1), {
    text: 'asked for service scheduler to restart → no answer yet → done',
    tone: 'good',
  })
})

t.test('shows that the scheduler is lost, and s takes over', async t => {
  const lost = seen(richSnapshot({ connection: 'lost' }))
  t.match(textOf(lost), 'Press s to take over')
  t.same(commandsOf(pressed(lost, 's')[1]), [{ type: 'take-over' }])
  t.match(pressed(lost, 'x')[0].activity.at(-1)?.text, /scheduler is gone/)
})

t.test('the selection follows its row when other rows appear and disappear', async t => {
  const [state] = pressed(seen(), 'down', 'down')
  t.equal(state.selected.workers, 'w0003')
  const { workers } = richSnapshot()
  const [fewer] = after(state, {
    type: 'snapshot',
    at: AT,
    snapshot: richSnapshot({ workers: workers.slice(1) }),
  })
  t.equal(fewer.selected.workers, 'w0003')
  const without = workers.filter(({ workerId }) => workerId !== 'w0003')
  const [gone] = after(state, { type: 'snapshot', at: AT, snapshot: richSnapshot({ workers: without }) })
  t.equal(gone.selected.workers, 'w0004', 'the row now at its place is selected')
})

t.test('an opened worker stays on the screen after it has gone', async t => {
  const [opened] = pressed(seen(), 'down', 'enter')
  const [gone] = after(opened, { type: 'snapshot', at: AT, snapshot: richSnapshot({ workers: [] }) })
  t.match(textOf(gone), 'Worker #128·2/4')
})

t.test('a paused log keeps its lines and counts the new ones', async t => {
  const [held] = pressed(seen(), '4', 'f')
  const { log } = richSnapshot()
  const more = [...log, { at: AT, level: 'info' as const, source: 'cron', message: 'a new line' }]
  const [later] = after(held, { type: 'snapshot', at: AT, snapshot: richSnapshot({ log: more }) })
  t.match(textOf(later), '+1 new line')
  t.notMatch(textOf(later), 'a new line')
  t.match(textOf(pressed(later, 'f')[0]), 'a new line')
})

t.test('the activity line shows the command of every key, with its outcome', async t => {
  const [asked, effects] = pressed(seen(), 'x', 'down', 'enter')
  const effect = effects.find(({ type }) => type === 'perform')
  t.ok(effect?.type === 'perform')
  if (effect?.type !== 'perform') return
  const result = { ok: false as const, message: 'the job has ended' }
  const [told] = after(asked, { type: 'performed', at: AT, activityId: effect.activityId, result })
  t.match(textOf(told), 'Enter: asked for job 128 to be cancelled → refused: the job has ended')
})

t.test('offers no cancel on the screen of an ended worker whose job is no longer listed', async t => {
  const [worker] = richSnapshot().workers
  if (worker === undefined) throw new Error('the snapshot has no worker')
  const ended = { ...worker, state: 'exited', outcome: 'succeeded' } as const
  const state = pressed(seen(richSnapshot({ workers: [ended], jobs: [] })), 'enter')[0]
  t.equal(state.screen, 'worker')
  t.notMatch(textOf(state), 'Cancel job')
  const [refused, effects] = pressed(state, 'x')
  t.same(effects, [])
  t.match(refused.activity.at(-1)?.text, 'The worker has ended.')
})

t.test('Esc returns to the screen where an item was opened', async t => {
  const screenAfter = (...keys: readonly string[]) => pressedAndRead(seen(), ...keys)[0].screen
  const toJob = ['2', 'down', 'down', 'down', 'enter']
  t.equal(screenAfter(...toJob, 'enter'), 'worker')
  t.equal(screenAfter(...toJob, 'enter', 'escape'), 'jobs')
  t.equal(screenAfter(...toJob, 'enter', 'escape', 'escape'), 'dashboard')
  t.equal(
    screenAfter('2', '4', 'escape'),
    'dashboard',
    'a screen opened by its number returns to the dashboard',
  )
  t.equal(screenAfter('5', 'G', 'J'), 'logs')
  t.equal(screenAfter('5', 'G', 'J', 'escape'), 'crashes')
  const [rows] = pressedAndRead(seen(), '6', 'enter', 'escape')
  t.match(rows, { screen: 'database', focus: { database: 'tables' } })
  t.equal(pressed(rows, 'escape')[0].screen, 'dashboard')
})

t.test('leaving a crash closes its log, and the dashboard follows new lines', async t => {
  const [jumped] = pressedAndRead(seen(), '5', 'G', 'J')
  t.match(jumped.logs.log, { following: false, frozen: true })
  t.notMatch(textOf(jumped), 'new line', 'lines of other logs do not count as new in a file')
  for (const key of ['escape', '1', '2']) t.match(pressed(jumped, key)[0].logs.log, { following: true }, key)
})

t.test('the worker screen prefers an existing worker to one that has gone', async t => {
  const [opened] = pressed(seen(), 'enter', '1')
  const id = opened.opened?.workerId
  const workers = richSnapshot().workers.filter(({ workerId }) => workerId !== id)
  const [gone] = after(opened, { type: 'snapshot', at: AT, snapshot: richSnapshot({ workers }) })
  t.equal(gone.opened?.workerId, id)
  t.equal(pressed(gone, '3')[0].opened?.workerId, gone.selected.workers)
  t.not(gone.selected.workers, id)
})

t.test('the name of every key is one on keyboards', async t => {
  for (const [key, name] of [
    ['backspace', 'Backspace'],
    ['M-x', 'Alt+X'],
    ['C-home', 'Ctrl+Home'],
  ] as const)
    t.match(pressed(seen(), key)[0].activity.at(-1)?.text, `${name} does nothing here`)
  t.match(textOf(pressedAndRead(seen(), '6', 'enter')[0], { columns: 200, rows: 24 }), 'Left/Right Column')
})

t.test('the counts of waiting jobs agree, and only a running job shows a growing duration', async t => {
  const counts = { ...NOTHING_COUNTED, queued: 3, interrupted: 4 }
  const jobs = (state: JobState) =>
    richSnapshot()
      .jobs.slice(0, 1)
      .map(job => ({ ...job, state, startedAt: AT - 297_000, endedAt: null }))
  const interrupted = seen(richSnapshot({ jobs: jobs('interrupted'), counts }))
  t.match(textOf(interrupted), /7 queued[^]*queued +7 /)
  t.notMatch(textOf(pressed(interrupted, '2')[0]), '4 min 57 s')
  const running = { jobs: jobs('running') }
  t.match(textOf(pressed(seen(richSnapshot(running)), '2')[0]), '4 min 57 s')
  const left = richSnapshot({ ...running, scheduler: null })
  t.notMatch(textOf(pressed(seen(left), '2')[0]), '4 min 57 s')
})
