import t from 'tap'
import type { JobState } from '../../lib/model/job/job.ts'
import { NOTHING_COUNTED } from '../../lib/app/port/snapshot.ts'
import type { Snapshot } from '../../lib/app/port/snapshot.ts'
import { after, seen, viewOf } from '../fixtures/console/driven.ts'
import { ScriptedPort } from '../fixtures/console/scripted-port.ts'
import { AT, callingSnapshot, richSnapshot } from '../fixtures/console/snapshot.ts'
import { ConsoleInProcess } from '../helpers/terminal/console-in-process.ts'
import { until } from '../helpers/until.ts'

/** Returns a project with these counts of jobs by state, in which no worker waits for a person. */
const counted = (counts: Partial<Record<JobState, number>>): Snapshot =>
  richSnapshot({ counts: { ...NOTHING_COUNTED, ...counts }, workers: [] })

/** Returns the state of the taskbar after each snapshot. */
function shown(...snapshots: readonly Snapshot[]) {
  let state = seen(null)
  return snapshots.map(snapshot => {
    state = after(state, { type: 'snapshot', at: AT, snapshot })[0]
    return viewOf(state).taskbar
  })
}

t.test('the taskbar shows the progress since the queue was last empty', async t => {
  const steps = shown(
    counted({ succeeded: 50, failed: 7 }),
    counted({ succeeded: 50, failed: 7, queued: 3, running: 1 }),
    counted({ succeeded: 51, failed: 7, queued: 2, running: 1 }),
    counted({ succeeded: 51, failed: 8, queued: 1, retrying: 1 }),
    counted({ succeeded: 53, failed: 8, parked: 1 }),
    counted({ succeeded: 53, failed: 8, parked: 1, running: 1 }),
  )
  t.same(steps, [
    { state: 'idle', percent: 0 },
    { state: 'busy', percent: 0 },
    { state: 'going', percent: 25 },
    { state: 'failed', percent: 50 },
    { state: 'idle', percent: 0 },
    { state: 'busy', percent: 0 },
  ])
})

t.test('a waiting person has precedence over all other states', async t => {
  const { workers } = callingSnapshot()
  const failed = { ...counted({ failed: 1, running: 1 }), workers }
  t.match(shown(counted({ running: 1 }), failed).at(-1), { state: 'waiting', percent: 50 })
})

t.test('notifies the terminal of each change, and of the end of the console', async t => {
  const port = new ScriptedPort(counted({ succeeded: 1 }))
  const console = new ConsoleInProcess(port, 80, 24)
  const told = () => console.output.frames.join('').match(/(?<=\u001b\]9;4;)\d;\d+(?=\u0007)/g) ?? []
  await until('the first word of it', () => told().length > 0)
  port.show(counted({ succeeded: 1, running: 2 }))
  await until('work that begins', () => told().length > 1)
  port.show(counted({ succeeded: 2, running: 1 }))
  await until('work that goes on', () => told().length > 2)
  await console.close()
  t.same(told(), ['0;0', '3;0', '1;50', '0;0'])

  const deaf = new ConsoleInProcess(port, 80, 24, { env: { TERM: 'linux' } })
  await deaf.settled('Help')
  await deaf.close()
  t.notMatch(deaf.output.frames.join(''), '\u001b]9;4')
})
