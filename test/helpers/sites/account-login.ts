import type { Test } from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { openBrowser } from '../../../lib/execution/browser/launch/open-browser.ts'
import { watchPhase } from '../../../lib/execution/phases/phase-control.ts'
import { AccountSession } from '../../../lib/execution/session/account-session.ts'
import type { SessionPort } from '../../../lib/execution/session/session-port.ts'
import { StopRequest } from '../../../lib/execution/stop-request.ts'
import { PhaseWaits } from '../../../lib/execution/takeover/phase-waits.ts'
import { createWorkerLog } from '../../../lib/execution/worker/worker-log.ts'
import { WorkerState } from '../../../lib/execution/worker/worker-state.ts'
import { browserFolders } from './browser-folders.ts'
import { runningJob, timedStore } from '../store/job-store.ts'
import { newFolder } from '../store/project.ts'
import { testBrowser } from '../processes/worker-run.ts'

/** Opens a new browser. */
export async function newBrowser(t: Test) {
  const folder = newFolder()
  const opened = openBrowser({ launch: testBrowser(), ...browserFolders(folder) }, systemClock)
  t.teardown(() => opened.close())
  return opened.opened
}

/** Returns the login of an account in a real store, and the log of its worker. */
export async function accountLogin(t: Test) {
  const keys = newFolder()
  process.env['XDG_DATA_HOME'] = keys
  process.env['LOCALAPPDATA'] = keys
  const { store, clock } = await timedStore(t)
  const jobId = await runningJob(store)
  const member = { workerId: 'w1', jobId, attempt: 1, member: 1, members: 1, workflow: 'fixture' }
  const said: string[] = []
  const log = createWorkerLog(member, clock, ({ message }) => said.push(message))
  const state = new WorkerState({ workerId: 'w1', log: '', clock, write: () => undefined })
  const stop = new StopRequest()
  const port: SessionPort = {
    call: (name, input) => store.call(name, input),
    onWritten: () => () => undefined,
  }
  const newAccount = () =>
    new AccountSession({
      ...{ member, log, clock, stop, waits: new PhaseWaits(state, clock) },
      store: () => Promise.resolve(port),
    })
  const phase = watchPhase({ name: 'only', timeoutMs: 60_000 }, [], clock)
  t.teardown(() => phase.end())
  return { account: newAccount(), newAccount, phase, said, stop, clock, store }
}
