import type { FailureGroup, Failure, JobStanding } from '../../../model/failure/failure-group.ts'
import type { ChannelName } from '../../../model/failure/notified-marker.ts'
import type { Notification } from '../../../model/notify/notification.ts'
import { crashNotice, finalNotice, recoveredNotice } from './compose-notice.ts'
import { finalFailures, jobsOfCauses, withoutFinal } from './final-failures.ts'
import { isFinal, isOpen, isUnsettled } from './job-outcomes.ts'
import type { Standings } from './job-outcomes.ts'

/**
 * Time without a further failure after which the failures that share a cause are reported together.
 */
export const WINDOW_MS = 2_000

/**
 * Longest time for which further failures are awaited, because an urgent notice must not wait
 * longer.
 */
export const MAX_WINDOW_MS = 10_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/**
 * Pauses between the notices about a lasting cause. They grow, because there is less and less news.
 * The last pause repeats.
 */
export const SUMMARY_INTERVALS_MS = [5, 15, 60, 240, 720].map(minutes => minutes * MINUTE_MS)

/**
 * Time without a failure after which a success of the workflow counts as a recovery. It doubles
 * each time that the cause returns after a recovery.
 */
export const RECOVERED_AFTER_MS = 5 * MINUTE_MS
const LONGEST_SILENCE_MS = 6 * HOUR_MS

/**
 * Time without a failure after which a cause is forgotten, so that its next failure counts as new.
 */
export const FORGOTTEN_AFTER_MS = 48 * HOUR_MS

/** Maximum number of failures that are collected for a notice. The others are only counted. */
const MOST_PENDING = 64

/** Maximum number of jobs that are watched for each cause. The others are counted in a summary. */
const MOST_WATCHED = 20

export interface NewFailure extends Failure {
  readonly key: string
  readonly frame: string | null
  /**
   * Rule for notifying people of the failure. `never`: a person caused it. `if-final`: the failure
   * is expected, so people are notified only if its job has failed for good with it.
   */
  readonly alarm: 'always' | 'if-final' | 'never'
}

export interface NoticesView {
  readonly causes: readonly {
    readonly cause: FailureGroup
    /**
     * Epoch ms of the last success of the cause's workflow since the last failure; null if there
     * was none.
     */
    readonly healedAt: number | null
  }[]
  /** Failures that have not been processed yet, oldest first. */
  readonly failures: readonly NewFailure[]
  /** The jobs of these failures and causes, as far as they still exist. */
  readonly jobs: readonly JobStanding[]
  readonly channels: readonly ChannelName[]
  /** True if the program is ending, so that people are notified of all collected failures now. */
  readonly hurry?: boolean
}

export interface NoticesDecision {
  /** Ids of the failures that were processed. The others wait until their jobs are settled. */
  readonly noticed: readonly number[]
  /** True if a change of the jobs may lead to another decision. */
  readonly watchesJobs: boolean
  /** Causes that have changed. */
  readonly changed: readonly FailureGroup[]
  /** Causes to remove. */
  readonly forgotten: readonly string[]
  readonly notices: readonly { readonly channel: ChannelName; readonly notice: Notification }[]
  /** Epoch ms of the next decision; null if only a change requires one. */
  readonly wakeAt: number | null
}

/**
 * Decides which failures people are notified of now. Pure and synchronous, so that race conditions
 * are impossible.
 */
export function decideNotices(view: NoticesView, now: number): NoticesDecision {
  const { channels, hurry = false } = view
  const standings: Standings = new Map(view.jobs.map(job => [job.id, job]))
  const before = new Map(view.causes.map(({ cause }) => [cause.key, cause]))
  const causes = new Map(view.causes.map(({ cause }) => [cause.key, notAfter(cause, now)]))
  const healed = new Map(view.causes.map(({ cause, healedAt }) => [cause.key, healedAt]))
  const settled = view.failures.filter(one => one.alarm !== 'if-final' || !isUnsettled(one.place, standings))
  for (const failure of settled) {
    if (failure.alarm === 'never') continue
    if (failure.alarm === 'if-final' && !isFinal(failure.place, standings)) continue
    causes.set(failure.key, addFailure(causes.get(failure.key), failure, now))
    healed.set(failure.key, null)
  }

  const known = [...causes.values()]
  const failing = new Set(
    known
      .filter(cause => !hasRecovered(cause, healed.get(cause.key) ?? null, now))
      .map(({ workflow }) => workflow),
  )
  const jobs = jobsOfCauses(known, standings)
  const notices: { channel: ChannelName; notice: Notification }[] = []
  const forgotten = new Set<string>()
  let wakeAt = Infinity
  for (const [key, old] of causes) {
    const final = finalFailures(old, jobs, standings)
    const cause = withoutFinal(old, final, standings)
    causes.set(key, cause)
    if (final.jobs.length > 0) {
      for (const channel of channels) notices.push({ channel, notice: finalNotice(old, final, standings) })
    }
    const healedAt = healed.get(key) ?? null
    const recoveringAt = failing.has(cause.workflow) ? null : healedAt
    const verdict = judge(cause, { healedAt, recoveringAt, hurry }, now)
    if (verdict.what === 'wait') wakeAt = Math.min(wakeAt, verdict.until)
    else if (verdict.what === 'forget') forgotten.add(key)
    else {
      const after = markReported(cause, verdict.what, now, standings)
      causes.set(key, after)
      for (const channel of channels) {
        const notice =
          verdict.what === 'recovered'
            ? recoveredNotice(cause)
            : crashNotice(cause, verdict.what, channel, standings)
        if (notice !== null) notices.push({ channel, notice })
      }
      const next = judge(after, { healedAt: null, recoveringAt: null, hurry: false }, now)
      if (next.what === 'wait') wakeAt = Math.min(wakeAt, next.until)
    }
  }
  const changed = [...causes.values()].filter(
    cause => cause !== before.get(cause.key) && !forgotten.has(cause.key),
  )
  return {
    noticed: settled.map(({ crashId }) => crashId),
    watchesJobs:
      settled.length < view.failures.length || [...causes.values()].some(one => one.watched.length > 0),
    changed,
    forgotten: [...forgotten],
    notices,
    wakeAt: wakeAt === Infinity ? null : wakeAt,
  }
}

/**
 * Returns the cause with all times that are in the future set to `now`. They are in the future if
 * the clock was set back. Otherwise a wait that is based on them would last until the clock has
 * caught up.
 */
function notAfter(cause: FailureGroup, now: number): FailureGroup {
  const { reportedAt, gatheringSince, notifiedAt, recoveredAt } = cause
  if (Math.max(reportedAt, gatheringSince, notifiedAt, recoveredAt) <= now) return cause
  return {
    ...cause,
    reportedAt: Math.min(reportedAt, now),
    gatheringSince: Math.min(gatheringSince, now),
    notifiedAt: Math.min(notifiedAt, now),
    recoveredAt: Math.min(recoveredAt, now),
  }
}

function addFailure(
  known: FailureGroup | undefined,
  { key, frame, ...failure }: NewFailure,
  now: number,
): FailureGroup {
  const { at, error } = failure
  const of = { workflow: failure.place.workflow, error, last: at, reportedAt: now }
  if (known === undefined || known.state === 'recovered') {
    return {
      ...{ key, frame, state: 'gathering', ...of },
      ...{ since: at, total: 1, gatheringSince: now, notifiedAt: 0, recoveredAt: 0, summaries: 0 },
      returns: known === undefined ? 0 : known.returns + 1,
      ...{ pending: [failure], pendingMore: 0, watched: [] },
    }
  }
  const room = known.pending.length < MOST_PENDING
  return {
    ...known,
    ...of,
    last: Math.max(known.last, at),
    total: known.total + 1,
    pending: room ? [...known.pending, failure] : known.pending,
    pendingMore: known.pendingMore + (room ? 0 : 1),
  }
}

type Verdict =
  | { readonly what: 'new' | 'back' | 'repeated' | 'recovered' | 'forget' }
  | { readonly what: 'wait'; readonly until: number }

interface Health {
  /**
   * Epoch ms of the last success of a job of the workflow since the last failure with this cause;
   * null if there was none.
   */
  readonly healedAt: number | null
  /** Value of `healedAt` if no cause of the workflow is failing now; null otherwise. */
  readonly recoveringAt: number | null
  readonly hurry: boolean
}

function judge(cause: FailureGroup, { healedAt, recoveringAt, hurry }: Health, now: number): Verdict {
  if (cause.state === 'gathering') {
    const longest = cause.gatheringSince + MAX_WINDOW_MS
    const until = hasSiblings(cause) ? longest : Math.min(longest, cause.reportedAt + WINDOW_MS)
    if (now < until && !hurry) return { what: 'wait', until }
    return { what: cause.returns > 0 ? 'back' : 'new' }
  }
  const forgetAt = Math.max(cause.reportedAt, cause.recoveredAt) + FORGOTTEN_AFTER_MS
  if (cause.state === 'recovered')
    return now >= forgetAt ? { what: 'forget' } : { what: 'wait', until: forgetAt }
  // After a success, a summary must not claim that the cause still fails. The summary follows with
  // the next failure, or a notice of the recovery after enough time without one.
  const toSummarise = cause.pending.length > 0 && healedAt === null
  const summaryAt = toSummarise ? cause.notifiedAt + intervalAfter(cause.summaries) : Infinity
  const silentAt = silentAtOf(cause)
  if (now >= silentAt && recoveringAt !== null) return { what: 'recovered' }
  if (now >= summaryAt) return { what: 'repeated' }
  if (now >= forgetAt) return { what: 'forget' }
  return { what: 'wait', until: Math.min(summaryAt, now < silentAt ? silentAt : Infinity, forgetAt) }
}

const silentAtOf = ({ reportedAt, returns }: FailureGroup): number =>
  reportedAt + Math.min(RECOVERED_AFTER_MS * 2 ** returns, LONGEST_SILENCE_MS)

/**
 * True if a cause was reported as recovered, or has been without failures for long enough after a
 * success.
 */
function hasRecovered(cause: FailureGroup, healedAt: number | null, now: number): boolean {
  return (
    cause.state === 'recovered' ||
    (cause.state === 'failing' && healedAt !== null && now >= silentAtOf(cause))
  )
}

/**
 * True if other workers of the same attempt have not reported a failure yet. On a busy machine, ten
 * failing workers need longer to report than one.
 */
function hasSiblings({ pending }: FailureGroup): boolean {
  return pending.some(({ place }) => {
    const recent = pending.filter(
      one => one.place.jobId === place.jobId && one.place.attempt === place.attempt,
    )
    return recent.length < place.members
  })
}

function intervalAfter(summaries: number): number {
  return SUMMARY_INTERVALS_MS[Math.min(summaries, SUMMARY_INTERVALS_MS.length - 1)] ?? HOUR_MS
}

function markReported(
  cause: FailureGroup,
  what: 'new' | 'back' | 'repeated' | 'recovered',
  now: number,
  standings: Standings,
): FailureGroup {
  const rest = { ...cause, pending: [], pendingMore: 0 }
  if (what === 'recovered') return { ...rest, state: 'recovered', recoveredAt: now, watched: [] }
  const jobs = new Set([...cause.watched, ...cause.pending.map(({ place }) => place.jobId)])
  const watched = [...jobs].filter(id => isOpen(id, standings)).slice(0, MOST_WATCHED)
  return {
    ...rest,
    watched,
    state: 'failing',
    notifiedAt: now,
    summaries: what === 'repeated' ? cause.summaries + 1 : 0,
  }
}
