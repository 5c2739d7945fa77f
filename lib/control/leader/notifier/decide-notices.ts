import type { FailureGroup, Failure, JobStanding } from '../../../model/failure/failure-group.ts'
import type { ChannelName } from '../../../model/failure/notified-marker.ts'
import type { Notification } from '../../../model/notify/notification.ts'
import { crashNotice, finalNotice, recoveredNotice } from './compose-notice.ts'
import { finalFailures, jobsOfCauses, withoutFinal } from './final-failures.ts'
import { isFinal, isOpen, isUnsettled } from './job-fates.ts'
import type { Standings } from './job-fates.ts'

/** Jobs that fail with one cause do so within this time of each other. */
export const WINDOW_MS = 2_000

/** However many go on to fail, or may: what a person is to know at once does not wait for longer. */
export const MAX_WINDOW_MS = 10_000

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

/** From one message about a cause that goes on to the next: the longer it has gone on, the less is new about it. The last one stays. */
export const SUMMARY_INTERVALS_MS = [5, 15, 60, 240, 720].map(minutes => minutes * MINUTE_MS)

/** Silence after which a success counts as a recovery; doubled each time that the cause has come back after one. */
export const RECOVERED_AFTER_MS = 5 * MINUTE_MS
const LONGEST_SILENCE_MS = 6 * HOUR_MS

/** A cause that was silent for this long is forgotten: what comes then is new. */
export const FORGOTTEN_AFTER_MS = 48 * HOUR_MS

/** So many failures are named; of more it is told how many. */
const MOST_PENDING = 64

/** So many jobs are watched for each cause; a summary counts the others. */
const MOST_WATCHED = 20

export interface NewFailure extends Failure {
  readonly key: string
  readonly frame: string | null
  /** `never`: a person caused it. `if-final`: it is expected, unless its job has failed for good with it. */
  readonly alarm: 'always' | 'if-final' | 'never'
}

export interface NoticesView {
  readonly causes: readonly {
    readonly cause: FailureGroup
    /** When a job of its workflow has last succeeded, since its last failure; null when none has. */
    readonly healedAt: number | null
  }[]
  /** What was not looked at before, oldest first. */
  readonly failures: readonly NewFailure[]
  /** The jobs of failures and causes that are still there. */
  readonly jobs: readonly JobStanding[]
  readonly channels: readonly ChannelName[]
  /** The program ends: what is gathered is told now. */
  readonly hurry?: boolean
}

export interface NoticesDecision {
  /** Crashes that need no further look; the others wait until their jobs are settled. */
  readonly noticed: readonly number[]
  /** Changes of jobs matter: some decision waits for them. */
  readonly watchesJobs: boolean
  /** Causes that have changed. */
  readonly changed: readonly FailureGroup[]
  /** Causes to forget. */
  readonly forgotten: readonly string[]
  readonly notices: readonly { readonly channel: ChannelName; readonly notice: Notification }[]
  /** When something falls due by itself; null for never. */
  readonly wakeAt: number | null
}

/** Says what of the failures is told now: pure and synchronous, so that no race is in it. */
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

/** Returns a cause without the instants of a clock that has been set back since: what waits for them would wait for the old time. */
function notAfter(cause: FailureGroup, now: number): FailureGroup {
  const { heardAt, gatheringSince, toldAt, recoveredAt } = cause
  if (Math.max(heardAt, gatheringSince, toldAt, recoveredAt) <= now) return cause
  return {
    ...cause,
    heardAt: Math.min(heardAt, now),
    gatheringSince: Math.min(gatheringSince, now),
    toldAt: Math.min(toldAt, now),
    recoveredAt: Math.min(recoveredAt, now),
  }
}

function addFailure(
  known: FailureGroup | undefined,
  { key, frame, ...failure }: NewFailure,
  now: number,
): FailureGroup {
  const { at, error } = failure
  const of = { workflow: failure.place.workflow, error, last: at, heardAt: now }
  if (known === undefined || known.state === 'recovered') {
    return {
      ...{ key, frame, state: 'gathering', ...of },
      ...{ since: at, total: 1, gatheringSince: now, toldAt: 0, recoveredAt: 0, summaries: 0 },
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
  /** When a job of the workflow has succeeded, since the last failure with this cause. */
  readonly healedAt: number | null
  /** The same, and nothing of the workflow fails any more. */
  readonly recoveringAt: number | null
  readonly hurry: boolean
}

function judge(cause: FailureGroup, { healedAt, recoveringAt, hurry }: Health, now: number): Verdict {
  if (cause.state === 'gathering') {
    const longest = cause.gatheringSince + MAX_WINDOW_MS
    const until = hasSiblings(cause) ? longest : Math.min(longest, cause.heardAt + WINDOW_MS)
    if (now < until && !hurry) return { what: 'wait', until }
    return { what: cause.returns > 0 ? 'back' : 'new' }
  }
  const forgetAt = Math.max(cause.heardAt, cause.recoveredAt) + FORGOTTEN_AFTER_MS
  if (cause.state === 'recovered')
    return now >= forgetAt ? { what: 'forget' } : { what: 'wait', until: forgetAt }
  // After a success it does not "still" fail: the next failure brings the summary, or the silence the recovery.
  const toSummarise = cause.pending.length > 0 && healedAt === null
  const summaryAt = toSummarise ? cause.toldAt + intervalAfter(cause.summaries) : Infinity
  const silentAt = silentAtOf(cause)
  if (now >= silentAt && recoveringAt !== null) return { what: 'recovered' }
  if (now >= summaryAt) return { what: 'repeated' }
  if (now >= forgetAt) return { what: 'forget' }
  return { what: 'wait', until: Math.min(summaryAt, now < silentAt ? silentAt : Infinity, forgetAt) }
}

const silentAtOf = ({ heardAt, returns }: FailureGroup): number =>
  heardAt + Math.min(RECOVERED_AFTER_MS * 2 ** returns, LONGEST_SILENCE_MS)

/** True if a cause was reported as recovered, or may be by its own history. */
function hasRecovered(cause: FailureGroup, healedAt: number | null, now: number): boolean {
  return (
    cause.state === 'recovered' ||
    (cause.state === 'failing' && healedAt !== null && now >= silentAtOf(cause))
  )
}

/** Whether workers of the same attempt are still to be heard of: on a busy machine ten that fail together take longer to say so than one. */
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
    toldAt: now,
    summaries: what === 'repeated' ? cause.summaries + 1 : 0,
  }
}
