import t from 'tap'
import { richSnapshot } from '../fixtures/console/snapshot.ts'
import { commandsOf, concludedWith, pressed, seen, textOf } from '../fixtures/console/driven.ts'

/** Returns a snapshot of the same jobs, in which this job has another priority. */
const withPriority = (id: number, priority: number) =>
  richSnapshot({ jobs: richSnapshot().jobs.map(job => (job.id === id ? { ...job, priority } : job)) })

t.test('changes the priority of a waiting job by ten, and shows the new one', async t => {
  const [sooner, effects] = pressed(seen(), '2', '+')
  t.same(commandsOf(effects), [{ type: 'jobs.prioritise', ids: [134], by: 10 }])
  t.match(
    textOf(concludedWith(sooner, { ok: true, priorities: [20] })),
    'job 134 to run sooner → priority 20',
  )
  const [later, others] = pressed(seen(), '2', '-')
  t.same(commandsOf(others), [{ type: 'jobs.prioritise', ids: [134], by: -10 }])
  t.match(
    textOf(concludedWith(later, { ok: true, priorities: [-10] })),
    'job 134 to run later → priority -10',
  )
})

t.test('changes the priority of all marked waiting jobs together, and keeps the marks', async t => {
  const [marked] = pressed(seen(), '2', 'space', 'space', 'G', 'up', 'space')
  const [done, effects] = pressed(marked, '+')
  t.same(commandsOf(effects), [{ type: 'jobs.prioritise', ids: [134, 133], by: 10 }])
  t.equal(done.marked.jobs.length, 3)
  const told = concludedWith(done, { ok: true, priorities: [10, 100] })
  t.match(textOf(told), '2 marked jobs to run sooner → priorities 10 to 100')
})

t.test('does not offer a priority for other jobs, and shows the reason', async t => {
  const running = pressed(seen(), '2', 'down', 'down')[0]
  t.match(running.selected.jobs, '132')
  for (const [state, says] of [
    [running, /Job 132 has started: the priority only matters/],
    [pressed(seen(), '2', 'G', 'up')[0], /Job 125 has ended: the priority only matters/],
    [pressed(seen(), '2', 'G', 'up', 'space')[0], /None of the marked jobs is waiting/],
    [pressed(seen(withPriority(134, 100)), '2')[0], /already has the highest priority: 100/],
    [pressed(seen(null, { readOnly: true }), '2')[0], /console is read-only/],
  ] as const) {
    const [refused, effects] = pressed(state, '+')
    t.same(commandsOf(effects), [])
    t.match(refused.activity.at(-1)?.text, says)
    t.notMatch(textOf(state), /\+ Sooner/)
  }
  t.match(textOf(pressed(seen(), '2')[0]), /\+ Sooner/)
  t.match(
    pressed(seen(withPriority(134, -100)), '2', '-')[0].activity.at(-1)?.text,
    /already has the lowest priority/,
  )
})

t.test('the list shows priorities if there are any, down to 40 columns', async t => {
  t.notMatch(textOf(pressed(seen(withPriority(133, 0)), '2')[0]), 'Prio')
  const [state] = pressed(seen(withPriority(133, -20)), '2')
  for (const size of [state.size, { columns: 40, rows: 10 }, { columns: 120, rows: 40 }]) {
    const text = textOf(state, size)
    t.match(text, 'Prio')
    t.match(text, /#133 .* -20/)
  }
  t.match(textOf(pressed(seen(withPriority(134, 30)), '2')[0]), /#134 .*\+30/)
})
