import type { Log } from '../../../core/log.ts'
import { AutomateError, messageOf } from '../../../core/errors/errors.ts'
import { domainInInput } from '../../../model/job/domains.ts'
import { CLAIMABLE_STATES } from '../../../model/job/job.ts'
import type { Job } from '../../../model/job/job.ts'
import type { WorkflowDescription } from '../../../model/job/workflow.ts'
import type { Store } from '../../../store/store.ts'
import type { Blocked, Service, StopReason } from '../../service.ts'

/** Between two jobs of a continuous workflow, so that one which ends at once is no endless loop. */
const PAUSE_MS = 1_000

/** A job that has run for so long has done work, whatever it ended with: a watch may never succeed. */
const WORKED_MS = 3_600_000

/** A continuous workflow has the defaults of its fields: nobody gives its jobs an input. */
const NO_INPUT = {}

const PREFIX = 'workflow-'
export const serviceName = (workflowName: WorkflowDescription['name']): string => `${PREFIX}${workflowName}`
const originOf = (name: string): string => `service:${name}`

const parkedWords = ({ id, schedulerDeaths }: Pick<Job, 'id' | 'schedulerDeaths'>): string =>
  `Job ${id} is parked: its scheduler died ${schedulerDeaths} times while it ran, so it may be what kills it. Look into its log, then "automate-tui retry ${id}"; or begin another one with "automate-tui cancel ${id}".`

/** Returns the workflows that have or had a service, in this scheduler or an earlier one. */
export async function workflowsWithService(store: Store): Promise<WorkflowDescription['name'][]> {
  const services = await store.call('services.list', {})
  return services.flatMap(({ name }) => (name.startsWith(PREFIX) ? [name.slice(PREFIX.length)] : []))
}

/** Cancels the job of a service that was stopped, or whose workflow went, while no scheduler ran. */
export async function cancelLeftJob(store: Store, workflow: WorkflowDescription['name']): Promise<void> {
  const open = await store.call('jobs.list', { workflow, states: [...CLAIMABLE_STATES, 'running', 'parked'] })
  const origin = originOf(serviceName(workflow))
  for (const job of open) if (job.origin === origin) await store.call('jobs.cancel', { id: job.id })
}

/** Runs a workflow for ever: as soon as its job has ended, the next is queued, as the workflow is described by then. A job that is parked blocks it until a person has retried or cancelled the job. A job that failed ends the service, which its keeper starts again. Stopping the service cancels the job, but the end of the scheduler does not: the job goes on with the next one. Before another version takes over, a job that is not parked is cancelled, because it may not end by itself. */
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
      // One that was there already may be parked.
      if (!created) changed = true
    }
  }
  /** One look at a time: a stop waits for it, so that no job is queued behind its back. */
  const check = (blocked: Blocked): Promise<void> => {
    changed = true
    working ??= keepQueued(blocked)
      .finally(() => {
        working = null
      })
      .then(() => (changed && !stopped ? check(blocked) : undefined))
    return working
  }

  /** A parked job may be what kills the scheduler: it stays for a person. */
  const endsWith = async (reason: StopReason, id: number): Promise<boolean> => {
    if (reason !== 'upgrade') return reason !== 'shutdown'
    return (await store.call('jobs.read', { id }))?.state !== 'parked'
  }
  const giveUp = () => {
    stopped = true
    unsubscribe()
  }
  /** The next life begins with a job of its own. */
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
    // The time alone says nothing: most jobs take longer than a minute to fail, tries included.
    hadBegunWell: ranMs => succeeded || ranMs >= WORKED_MS,
    doing: () => (jobId === undefined ? null : { what: 'job', id: jobId }),
  }
}
