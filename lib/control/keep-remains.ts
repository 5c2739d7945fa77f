import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { Store } from '../store/store.ts'
import type { Remains } from './exit-collector.ts'
import type { LiveMember } from './live-run.ts'
import { removeSpent } from './remove-spent.ts'
import { keepEvidence } from './traces/keep-evidence.ts'
import type { EvidenceDependencies } from './traces/keep-evidence.ts'

export interface RemainsDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly packer: EvidenceDependencies['packer']
  readonly log: Log
}

/**
 * Stores what was left of a member that has ended. Asked of the store at once, so that the job's end, asked for after it, is committed with it. Never rejects: what
 * could not be stored stays in its files.
 */
export async function keepRemains(
  { store, paths, clock, log, packer }: RemainsDependencies,
  { workerId, context, assignment, keptOpen }: LiveMember,
  { member, crash, spent, lateReport }: Remains,
): Promise<void> {
  const evidence = keepEvidence(
    { paths, log, packer },
    assignment,
    assignment.trace.keep,
    crash?.document ?? null,
    clock.now(),
  )
  const artefacts = [...(crash?.document.artefacts ?? []), ...evidence]
  const late = (message: string) => log.info(`Late report, counted and not applied: ${message}`, context)
  if (lateReport !== null) late(lateReport)
  try {
    const [recorded] = await Promise.all([
      crash === null
        ? undefined
        : store.call('crashes.record', { ...crash, document: { ...crash.document, artefacts } }),
      ...(lateReport === null ? [] : [store.call('late-reports.note', { jobId: member.jobId })]),
      store.call('members.record', member),
      store.call('discoveries.release', { workerId }),
      store.call('sessions.release', { workerId }),
      // Whoever looks at a browser that is open may have asked for something already.
      ...(keptOpen ? [] : [store.call('orders.drop', { workerId })]),
    ])
    if (crash !== null) {
      const { message } = crash.document.error
      if (recorded?.status === 'late') late(message)
      else log.error(message, context)
    }
    removeSpent([...spent, join(paths.pictures, `${workerId}.json`)], log)
  } catch (error) {
    // The documents stay: the next scheduler reads them at its start.
    log.error(`What worker ${workerId} left could not be stored: ${messageOf(error)}`, context)
  }
}
