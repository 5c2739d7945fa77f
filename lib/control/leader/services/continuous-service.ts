import type { Log } from '../../../core/log.ts'
import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import { domainInInput } from '../../../model/job/domains.ts'
import { CLAIMABLE_STATES } from '../../../model/job/job.ts'
import type { Job } from '../../../model/job/job.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import type { Blocked, Service, StopReason } from '../../service.ts'

/**
 * Pause between two jobs of a continuous workflow. It prevents a busy loop of jobs that end at
 * once.
 */
const PAUSE_MS = 1_000

/**
 * Time after which a job counts as having done work, even if it failed. A job that watches
 * something may never succeed.
 */
const WORKED_MS = 3_600_000

/** Input of the jobs of a continuous workflow. It is empty, so all fields have their defaults. */
const NO_INPUT = {}

const PREFIX = 'workflow-'
export const serviceName = (workflowName: WorkflowDescription['name']): string => `${PREFIX}${workflowName}`
const originOf = (name: string): string => `service:${name}`

const parkedWords = ({ id, schedulerDeaths }: Pick<Job, 'id' | 'schedulerDeaths'>): string =>
  `Job ${id} is parked, because its scheduler crashed ${schedulerDeaths} times while it ran and the job may be the cause. Read its log, then run "automate-tui retry ${id}", or start a new job with "automate-tui cancel ${id}".`

/**
 * Returns the names of the workflows that have or had a service, under this scheduler or an earlier
 * one.
 */
export async function workflowsWithService(store: Store): Promise<WorkflowDescription['name'][]> {
  const services = await store.call('services.list', {})
  return services.flatMap(({ name }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
}

/**
 * Cancels the unfinished job of a workflow's service. Needed if the service was stopped, or the
 * workflow removed, while no scheduler was running.
 */
export async function cancelLeftJob(store: Store, workflow: WorkflowDescription['name']): Promise<void> {
  const open = await store.call('jobs.list', { workflow, states: [...CLAIMABLE_STATES, 'running', 'parked'] })
  const origin = originOf(serviceName(workflow))
  for (const job of open) if (job.origin === origin) await store.call('jobs.cancel', { id: job.id })
}

/**
 * Returns the service that runs a workflow again and again. When a job has ended, the next one is
 * queued with the workflow's current description. A parked job blocks the service until a person
 * has retried or cancelled the job. A failed job ends the service, and the supervisor starts the
 * service again. If the service is stopped, its job is cancelled. If the scheduler ends, the job
 * remains, and the next scheduler continues it. Before another version takes over, the job is
 * cancelled unless it is parked, because it may not end by itself.
 */
export function continuousService(
  store: Store,
  workflowName: WorkflowDescription['name'],
  described: () => WorkflowDescription,
  now: () => number,
  log: Log,
): Service {
  const name = serviceName(workflowName)
  let unsubscribe: () => void = () => undefined
  let jobId: number | undefined
  let stopped = true
  let changed = false
  let succeeded = false
  let working: Promise<void> | null = null

  const keepQueued = async (blocked: Blocked) => {
    while (changed && !stopped) {
      changed = false
      const job = jobId === undefined ? null : await store.call('jobs.read', { id: jobId })
      if (job !== null && job.endedAt === null) {
        blocked(job.state === 'parked' ? parkedWords(job) : null)
        continue
      }
      if (job?.state === 'failed') {
        throw new AutomateError('workflow', `Job ${job.id} failed: ${job.error?.message ?? ''}`)
      }
      if (job?.state === 'succeeded') succeeded = true
      const workflow = described()
      const { workers, retries } = workflow
      const { id, created } = await store.call('jobs.enqueue', {
        workflow: workflowName,
        input: NO_INPUT,
        domains: domainInInput(workflow, NO_INPUT),
        workers,
        retries,
        uniqueKey: name,
        origin: originOf(name),
        ...(jobId === undefined ? {} : { dueAt: now() + PAUSE_MS }),
      })
      jobId = id
      // An existing job may be parked, so it is checked next.
      if (!created) changed = true
    }
  }
  /**
   * Runs one check at a time. A stop waits for the current check, so that no job is queued after
   * the stop.
   */
  const check = (blocked: Blocked): Promise<void> => {
    changed = true
    working ??= keepQueued(blocked)
      .finally(() => {
        working = null
      })
      .then(() => (changed && !stopped ? check(blocked) : undefined))
    return working
  }

  /**
   * Returns true if a stop for `reason` cancels the job. A shutdown does not cancel it. On an
   * upgrade, a parked job remains for a person, because it may be the cause of the scheduler's
   * deaths.
   */
  const endsWith = async (reason: StopReason, id: number): Promise<boolean> => {
    if (reason !== 'upgrade') return reason !== 'shutdown'
    return (await store.call('jobs.read', { id }))?.state !== 'parked'
  }
  const giveUp = () => {
    stopped = true
    unsubscribe()
  }
  /** Ends the service after an error. Its next start queues a new job. */
  const fail = (error: unknown, failed: (error: unknown) => void) => {
    giveUp()
    jobId = undefined
    failed(error)
  }

  return {
    name,
    desiredAtFirst: 'stopped',
    essential: false,
    async start(failed, blocked = () => undefined) {
      stopped = false
      succeeded = false
      unsubscribe = store.onChange(() => {
        if (stopped) return
        check(blocked).catch((error: unknown) => fail(error, failed))
      }, ['jobs'])
      try {
        await check(blocked)
      } catch (error) {
        giveUp()
        throw error
      }
    },
    async stop(reason) {
      giveUp()
      try {
        await working
        if (jobId !== undefined && (await endsWith(reason, jobId)))
          await store.call('jobs.cancel', { id: jobId })
      } catch (error) {
        log.debug(messageOf(error))
      }
      jobId = undefined
    },
    // The duration of a run proves nothing unless it is very long, because most jobs need more than
    // a minute to fail, including their retries.
    hadBegunWell: ranMs => succeeded || ranMs >= WORKED_MS,
    doing: () => (jobId === undefined ? null : { what: 'job', id: jobId }),
  }
}
