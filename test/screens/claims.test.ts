import t from 'tap'
import { commandsOf, pressed, seen, textOf } from '../fixtures/console/driven.ts'
import { richSnapshot } from '../fixtures/console/snapshot.ts'

t.test('p on the queue or the scheduler pauses new jobs, and resumes them', async t => {
  t.same(commandsOf(pressed(seen(), '2', 'p')[1]), [{ type: 'service.stop', name: 'scheduler' }])
  const resting = richSnapshot({
    services: richSnapshot().services.map(one =>
      one.name === 'scheduler' ? { ...one, actual: 'stopped' } : one,
    ),
  })
  const [state] = pressed(seen(resting), '2')
  t.match(textOf(state, { columns: 200, rows: 40 }), 'Go on')
  t.same(commandsOf(pressed(state, 'p')[1]), [{ type: 'service.start', name: 'scheduler' }])
})

t.test('shows why no worker runs (paused, disk full, untrusted project) in one word everywhere', async t => {
  const { services, scheduler } = richSnapshot()
  const showing = (actual: 'running' | 'stopped', phase: 'paused' | 'no-room' | 'untrusted') =>
    textOf(
      seen(
        richSnapshot({
          workers: [],
          scheduler: scheduler === null ? null : { ...scheduler, phase, active: 0 },
          services: services.map(one => (one.name === 'scheduler' ? { ...one, actual } : one)),
        }),
      ),
      { columns: 200, rows: 40 },
    )
  t.match(showing('stopped', 'paused'), /◐ paused[^]*scheduler +‖ paused[^]*The scheduler is paused/)
  t.match(
    showing('running', 'no-room'),
    /◐ disk full[^]*scheduler +● running[^]*The disk is full: no job starts\./,
  )
  t.match(
    showing('running', 'untrusted'),
    /◐ project not trusted[^]*scheduler +● running[^]*Another user can change the project: no job starts\./,
  )
})
