import type { FailureGroup, Failure } from '../../../model/failure/failure-group.ts'
import type { ChannelName } from '../../../model/failure/notified-marker.ts'
import type { CrashNotification, Notification } from '../../../model/notify/notification.ts'
import type { FinalFailures } from './final-failures.ts'
import { outcomesOf } from './job-outcomes.ts'
import type { Standings } from './job-outcomes.ts'

/** Maximum number of workers that a notice names. More would not be read on a telephone. */
const MOST_PLACES = 20

/**
 * Returns the notice about a cause for one channel, or null if the workers have already reported
 * all of its failures there themselves. A notice always names all failures, because they have the
 * same cause.
 */
export function crashNotice(
  cause: FailureGroup,
  state: CrashNotification['state'],
  channel: ChannelName,
  standings: Standings,
): Notification | null {
  const { pending, pendingMore, error, frame, since, total } = cause
  const unreported = pending.filter(failure => !knownThere(failure, channel))
  const first = unreported[0]
  if (first === undefined && pendingMore === 0) return null
  const places = pending.map(({ place }) => place).sort((a, b) => a.jobId - b.jobId || a.member - b.member)
  const pictured = pending.find(({ screenshot }) => screenshot !== null)
  return {
    kind: 'crash',
    state,
    jobs: outcomesOf(places, standings).slice(0, MOST_PLACES),
    ...{ error, frame, since, total },
    count: Math.max(1, pending.length + pendingMore),
    places: places.slice(0, MOST_PLACES),
    more: Math.max(0, places.length - MOST_PLACES) + pendingMore,
    crashId: (pictured ?? first ?? pending[0])?.crashId ?? 1,
    screenshot: pictured?.screenshot ?? null,
    mayRepeat: unreported.some(failure => perhapsKnownThere(failure, channel)),
  }
}

/**
 * Returns the notice about jobs that have failed for good, after an earlier notice announced that
 * they would be retried.
 */
export function finalNotice(
  { error: known, frame, since, total }: FailureGroup,
  { jobs, failures }: FinalFailures,
  standings: Standings,
): Notification {
  const places = failures.map(({ place }) => place)
  const pictured = failures.find(({ screenshot }) => screenshot !== null)
  const [first] = failures
  const error =
    first?.error ?? jobs.map(id => standings.get(id)?.error ?? null).find(one => one !== null) ?? known
  return {
    kind: 'crash',
    state: 'final',
    jobs: jobs.slice(0, MOST_PLACES).map(jobId => ({ jobId, outcome: 'failed', triesLeft: 0 })),
    error: { name: error.name, code: error.code, message: error.message },
    ...{ frame, since, total },
    count: Math.max(1, failures.length),
    places: places.slice(0, MOST_PLACES),
    more: Math.max(0, places.length - MOST_PLACES),
    crashId: (pictured ?? first)?.crashId ?? null,
    screenshot: pictured?.screenshot ?? null,
    mayRepeat: false,
  }
}

export function recoveredNotice({ workflow, error, total, since, last }: FailureGroup): Notification {
  return { kind: 'recovered', workflow, error, total, since, last }
}

function knownThere({ notifiedBy }: Failure, channel: ChannelName): boolean {
  return notifiedBy.sure && notifiedBy.channels.includes(channel)
}

/**
 * True if the channel may have received the failure from its worker. If the mark next to the crash
 * report cannot be read, the worker may have used any channel.
 */
function perhapsKnownThere({ notifiedBy }: Failure, channel: ChannelName): boolean {
  return !notifiedBy.sure && (notifiedBy.channels.length === 0 || notifiedBy.channels.includes(channel))
}
