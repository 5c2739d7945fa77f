import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { z } from 'zod'
import { AutomateError, errorToRecord } from '../../core/errors/errors.ts'
import { sanitiseLine } from '../../core/text/sanitise.ts'
import { WorkerId } from '../../model/worker/documents.ts'
import type { CrashDocument } from '../../model/worker/documents.ts'
import { JobId } from '../../model/job/job.ts'
import { Instant } from '../../model/json.ts'
import { WorkflowName } from '../../model/job/workflow.ts'
import { ASIDE } from './quarantine.ts'

/**
 * Fields that identify a report. Each is parsed on its own, because another version may have
 * changed the other fields.
 */
const Named = z
  .object({
    workerId: WorkerId.optional().catch(undefined),
    attempt: z.int().positive().optional().catch(undefined),
    member: z.int().positive().optional().catch(undefined),
    members: z.int().positive().optional().catch(undefined),
    workflow: WorkflowName.optional().catch(undefined),
    attemptStartedAt: Instant.optional().catch(undefined),
    at: Instant.optional().catch(undefined),
    error: z.object({ message: z.string() }).optional().catch(undefined),
  })
  .catch({})

const FILE = /^job_(\d+)_(\d+)\.json$/

/**
 * Returns the job and the time (epoch ms) that the name of a crash file contains; undefined for
 * other files.
 */
export function jobOfCrashFile(path: string): { readonly jobId: number; readonly at: number } | undefined {
  const [, job, at] = FILE.exec(basename(path)) ?? []
  const jobId = JobId.safeParse(Number(job))
  return jobId.success ? { jobId: jobId.data, at: Number(at) } : undefined
}

/** Facts about the job of a damaged report that are known from elsewhere. */
export interface KnownOfJob {
  readonly attempt: number
  readonly member: number
  readonly members: number
  readonly workflow: string
}

/**
 * Returns a report that replaces one that is damaged or of another version. The details of the
 * crash are lost, but the crash itself is not.
 */
export function reportForCorrupt(path: string, why: string, known: KnownOfJob): CrashDocument {
  const { jobId, at } = jobOfCrashFile(path) ?? { jobId: 1, at: 0 }
  const named = Named.parse(looselyRead(path))
  const message =
    named.error === undefined ? '' : ` It contains the message: ${sanitiseLine(named.error.message, 500)}`
  const error = new AutomateError(
    'document-invalid',
    `A crash was reported, but the report cannot be read: ${why}${message}`,
    { facts: { file: basename(path) } },
  )
  error.name = 'UnreadableReport'
  // The stack trace is removed, because it would lead here and not to the crash.
  error.stack = `${error.name}: ${error.message}`
  return {
    kind: 'crash',
    version: 1,
    workerId: named.workerId ?? 'wunknown',
    jobId,
    attempt: named.attempt ?? known.attempt,
    member: named.member ?? known.member,
    members: named.members ?? known.members,
    workflow: named.workflow ?? known.workflow,
    ...(named.attemptStartedAt === undefined ? {} : { attemptStartedAt: named.attemptStartedAt }),
    at: named.at ?? at,
    writtenBy: 'control',
    error: errorToRecord(error),
    phase: null,
    url: null,
    browserVersion: null,
    exitCode: null,
    signal: null,
    lastLines: [],
    artefacts: [{ kind: 'crash-file', path: `data/crashes/${ASIDE}/${basename(path)}` }],
  }
}

function looselyRead(path: string): unknown {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    return value
  } catch {
    return {}
  }
}
