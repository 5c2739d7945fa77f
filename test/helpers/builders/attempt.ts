import type { MemberView, AttemptView } from '../../../lib/control/decide/attempt-view.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import type { Job } from '../../../lib/model/job/job.ts'

/** Returns job 1, running, with one worker and two retries allowed. */
export function job(change: Partial<Job> = {}): Job {
  return {
    id: 1,
    workflow: 'fixture',
    input: {},
    state: 'running',
    priority: 0,
    workers: 1,
    dueAt: 0,
    attempt: 1,
    failures: 0,
    retries: 2,
    schedulerDeaths: 0,
    uniqueKey: null,
    origin: 'cli',
    queuedAt: 0,
    startedAt: 0,
    attemptStartedAt: 0,
    endedAt: null,
    cancelRequestedAt: null,
    result: null,
    error: null,
    proxy: null,
    proxiesTried: [],
    lateReports: 0,
    after: [],
    afterFailure: 'cancel',
    domains: [],
    ...change,
  }
}

export function queued(id: number, change: Partial<JobSummary> = {}): JobSummary {
  return {
    ...JobSummary.parse({ ...job({ id, state: 'queued', attempt: 0 }), errorMessage: null }),
    ...change,
  }
}

/** Returns a member whose worker was forked and last seen at time 0, and has no deadline yet. */
export function member(change: Partial<MemberView> = {}): MemberView {
  return {
    workerId: 'w1',
    member: 1,
    assignedAt: 0,
    ready: false,
    seenAt: 0,
    mustAnswerAt: null,
    reprievedAt: null,
    stop: null,
    killedAt: null,
    domain: null,
    outcome: null,
    ...change,
  }
}

export function run(members: readonly MemberView[], change: Partial<AttemptView> = {}): AttemptView {
  return {
    job: job(),
    best: null,
    cancelRequested: false,
    refusal: null,
    quorum: 1,
    deadlineAt: null,
    deadlineMs: null,
    proxies: null,
    members,
    ...change,
  }
}
