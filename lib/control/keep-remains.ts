import { join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { messageOf } from '../core/errors.ts'
import type { Log } from '../core/log.ts'
import type { ProjectPaths } from '../core/paths.ts'
import type { Outcome } from '../domain/outcome.ts'
import type { Store } from '../store/store.ts'
import { removeProfile } from './sweep.ts'
import { collectExit, removeSpent } from './exit-collector.ts'
import type { LiveMember } from './live-run.ts'
import { keepEvidence } from './traces/keep-evidence.ts'
import type { EvidenceDependencies } from './traces/keep-evidence.ts'
import type { WorkerExit } from './worker-process.ts'

export interface RemainsDependencies {
  readonly store: Store
  readonly paths: ProjectPaths
  readonly clock: Clock
  readonly log: Log
  readonly packer: EvidenceDependencies['packer']
}

/** Takes over what a worker left whose process has gone: its Chrome, its documents, its crash report. Says how it ended; never rejects. */
export async function keepRemains(
  { store, paths, clock, log, packer }: RemainsDependencies,
  member: LiveMember,
  exit: WorkerExit,
): Promise<Outcome> {
  try {
    await member.sweep()
  } catch (error) {
    log.error(
      `What worker ${member.workerId} left running could not be ended: ${messageOf(error)}`,
      member.context,
    )
  }
  const remains = collectExit(
    paths,
    {
      assignment: member.assignment,
      exit,
      outputFile: member.process.outputFile,
      stop: member.stop,
      killed: member.killReason,
    },
    clock.now(),
    log,
  )
  const { crash } = remains
  const evidence = keepEvidence(
    { paths, log, packer },
    member.assignment,
    member.assignment.trace.keep,
    crash?.document ?? null,
    clock.now(),
  )
  if (remains.lateReport !== null) log.info(`Late report, not counted: ${remains.lateReport}`, member.context)
  if (crash !== null) log.error(crash.document.error.message, member.context)
  try {
    await store.call('members.record', remains.member)
    await store.call('discoveries.release', { workerId: member.workerId })
    await store.call('sessions.release', { workerId: member.workerId })
    await store.call('orders.drop', { workerId: member.workerId })
    if (crash !== null) {
      const artefacts = [...crash.document.artefacts, ...evidence]
      await store.call('crashes.record', { file: crash.file, document: { ...crash.document, artefacts } })
    }
    removeSpent([...remains.spent, join(paths.pictures, `${member.workerId}.json`)], log)
    await removeProfile(paths, member.assignment.profile, log)
  } catch (error) {
    // The documents stay: the next scheduler reads them at its start.
    log.error(`What worker ${member.workerId} left could not be stored: ${messageOf(error)}`, member.context)
  }
  return remains.outcome
}
