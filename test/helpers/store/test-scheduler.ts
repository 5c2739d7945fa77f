import { DEFAULT_JOB_LIMITS } from '../../../lib/model/job/job-limits.ts'
import type { Test } from 'tap'
import { Scheduler } from '../../../lib/control/scheduler/scheduler.ts'
import type { SchedulerDependencies } from '../../../lib/control/scheduler/scheduler.ts'
import type { KnownWorkflows } from '../../../lib/control/workflow-catalogue.ts'
import type { WorkflowDescription } from '../../../lib/model/job/workflow.ts'
import { ANY_PROXY } from '../../../lib/model/proxy/proxy.ts'
import { timedStore } from './job-store.ts'
import { RecordingLog } from '../recording-log.ts'
import { newProject } from './project.ts'
import { ScriptedWorkers } from './scripted-workers.ts'
import { until } from '../until.ts'

export const FIXTURE: WorkflowDescription = {
  name: 'fixture',
  summary: '',
  file: 'fixture.ts',
  phases: [{ name: 'only', timeoutMs: 1_000 }],
  workers: 1,
  isolation: 'process',
  retries: 2,
  continuous: false,
  proxy: ANY_PROXY,
  credentials: null,
  hasTarget: false,
  inputSchema: {},
}

/** Starts a scheduler on a real store. The test plays the workers and moves the clock. */
export async function testScheduler(
  t: Pick<Test, 'teardown'>,
  change: Partial<SchedulerDependencies> = {},
  project = newProject(),
) {
  const { clock, paths, store } = await timedStore(t, project)
  const log = new RecordingLog()
  let files: KnownWorkflows = { workflows: [FIXTURE], broken: [] }
  const workers = new ScriptedWorkers(paths)
  const deps: SchedulerDependencies = {
    store,
    paths,
    clock,
    log,
    launch: {
      executable: 'none',
      kind: 'chromium',
      headless: true,
      extraArgs: [],
      cdp: 'pipe',
      proxyServer: null,
      limits: DEFAULT_JOB_LIMITS,
    },
    trace: { keep: 'off', limitBytes: 1 },
    keepForMs: 60_000,
    packer: { pack: () => undefined },
    launchWorker: workers.launch,
    slots: 4,
    warm: 0,
    recycle: { jobs: 100, bytes: 1024 ** 3 },
    environment: {},
    sites: [],
    proxies: { configured: false, list: () => Promise.resolve([]) },
    proxyRotation: 'round-robin',
    proxyWorkers: 0,
    domainWorkers: [],
    random: () => 0.5,
    rereadWorkflows: () => queueMicrotask(() => scheduler.setWorkflows(files, true, false)),
    onChange: () => undefined,
    ...change,
  }
  const scheduler: Scheduler = new Scheduler(deps)
  t.teardown(() => scheduler.close())
  scheduler.setWorkflows(files)
  scheduler.setMode('scheduling')
  const job = async (id: number) => {
    const found = await store.call('jobs.read', { id })
    if (found === null) throw new Error(`no job ${id}`)
    return found
  }
  const untilState = (id: number, state: string) =>
    until(`job ${id} to be ${state}`, async () => {
      const now = await job(id)
      return now.state === state ? now : false
    })
  const untilIdle = () => until('an idle scheduler', () => scheduler.idle)
  /** Applies other settings, as Control does while it runs. */
  const apply = (settings: Partial<SchedulerDependencies>) => {
    Object.assign(deps, settings)
    scheduler.wake()
  }
  /**
   * Changes the workflows in the files. Without `noticed` the scheduler finds the change only when
   * it reads the files itself.
   */
  const setFiles = (known: KnownWorkflows, noticed = true) => {
    files = known
    if (noticed) scheduler.setWorkflows(files)
  }
  return { apply, setFiles, clock, paths, store, log, workers, scheduler, job, untilState, untilIdle }
}
