import type { CrashDocument } from '../../../lib/model/worker/documents.ts'

/** Returns a crash report of job 7, created at time 1000. */
export function crash(change: Partial<CrashDocument>): CrashDocument {
  return {
    kind: 'crash',
    version: 1,
    workerId: 'w1',
    jobId: 7,
    attempt: 1,
    member: 1,
    members: 3,
    workflow: 'fixture',
    at: 1_000,
    writtenBy: 'worker',
    error: { name: 'Error', code: 'unexpected', message: 'm', stack: 's', facts: {} },
    phase: null,
    url: null,
    browserVersion: null,
    exitCode: null,
    signal: null,
    lastLines: [],
    artefacts: [],
    ...change,
  }
}
