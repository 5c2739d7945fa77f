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
  if (lateReport !== null) log.info(`Late report, not counted: ${lateReport}`, context)
  if (crash !== null) log.error(crash.document.error.message, context)
  try {
    await Promise.all([
      store.call('members.record', member),
      store.call('discoveries.release', { workerId }),
      store.call('sessions.release', { workerId }),
      // Whoever looks at a browser that is open may have asked for something already.
      ...(keptOpen ? [] : [store.call('orders.drop', { workerId })]),
      ...(crash === null
        ? []
        : [store.call('crashes.record', { file: crash.file, document: { ...crash.document, artefacts } })]),
    ])
    removeSpent([...spent, join(paths.pictures, `${workerId}.json`)], log)
  } catch (error) {
    // The documents stay: the next scheduler reads them at its start.
    log.error(`What worker ${workerId} left could not be stored: ${messageOf(error)}`, context)
  }
}
