import t from 'tap'
import {
  decideNotices,
  FORGOTTEN_AFTER_MS,
  MAX_WINDOW_MS,
  RECOVERED_AFTER_MS,
  SUMMARY_INTERVALS_MS,
  WINDOW_MS,
} from '../../../../lib/control/leader/notifier/decide-notices.ts'
import type { NoticesView } from '../../../../lib/control/leader/notifier/decide-notices.ts'
import type { FailureGroup, JobStanding } from '../../../../lib/model/failure/failure-group.ts'
import type { NotifiedBy } from '../../../../lib/model/failure/notified-marker.ts'
import type { CrashNotification, Notification } from '../../../../lib/model/notify/notification.ts'
import { failedPlace } from '../../../helpers/builders/notices.ts'

const NOT_NOTIFIED: NotifiedBy = { channels: [], sure: true }
type Failed = NoticesView['failures'][number]

let crashId = 0
const failure = (change: Partial<Failed> & { member?: number } = {}): Failed => {
  // The only member, unless the change names a member of ten.
  const { member = 1, ...rest } = change
  const members = change.member === undefined ? 1 : 10
  return {
    ...{
      key: 'a',
      frame: null,
      crashId: ++crashId,
      at: 0,
      screenshot: null,
      notifiedBy: NOT_NOTIFIED,
      alarm: 'always',
    },
    place: failedPlace({ member, members, workerId: `w${member}` }),
    error: { name: 'ElementError', code: 'element', message: 'No button' },
    ...rest,
  }
}

/** Decisions of a project over time, with the state that the store would hold. */
class History {
  private causes = new Map<string, FailureGroup>()
  private healedAt: number | null = null
  now = 0
  wakeAt: number | null = null
  readonly told: { at: number; channel: string; notice: Notification }[] = []
  channels: readonly string[] = ['telegram']
  noticed: readonly number[] = []
  private readonly jobs = new Map<number, JobStanding>()

  at(now: number, ...failures: Failed[]): readonly Notification[] {
    this.now = now
    const causes = [...this.causes.values()].map(cause => ({
      cause,
      healedAt: this.healedAt !== null && this.healedAt >= cause.reportedAt ? this.healedAt : null,
    }))
    const decision = decideNotices(
      { causes, failures, channels: this.channels, jobs: [...this.jobs.values()] },
      now,
    )
    this.noticed = decision.noticed
    for (const cause of decision.changed) this.causes.set(cause.key, cause)
    for (const key of decision.forgotten) this.causes.delete(key)
    this.wakeAt = decision.wakeAt
    this.told.push(...decision.notices.map(one => ({ at: now, ...one })))
    return decision.notices.map(({ notice }) => notice)
  }

  /** Sets the state of job 7, which has three retries. */
  job(state: JobStanding['state'], attempt: number, failures: number): void {
    this.jobs.set(7, { id: 7, state, attempt, failures, retries: 3, error: null })
  }

  heals(): void {
    this.healedAt = this.now
  }

  get known(): number {
    return this.causes.size
  }
}

const shape = (notice: Notification) =>
  notice.kind === 'crash' ? `${notice.state} ${notice.count}/${notice.total}` : notice.kind

t.test('ten workers with one cause are one notice that names each, at the end of the window', t => {
  const history = new History()
  t.strictSame(history.at(0, ...[3, 1, 2].map(member => failure({ member }))), [])
  t.equal(history.wakeAt, MAX_WINDOW_MS, 'their siblings may follow')
  t.strictSame(history.at(1_500, ...[4, 5, 6, 7, 8, 9, 10].map(member => failure({ member }))), [])
  t.equal(history.wakeAt, 1_500 + WINDOW_MS, 'all siblings have failed')
  const [notice] = history.at(1_500 + WINDOW_MS) as [CrashNotification]
  t.match(notice, { state: 'new', count: 10, total: 10, more: 0 })
  t.strictSame(
    notice.places.map(({ member }) => member),
    [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
  )
  t.equal(history.told.length, 1)
  t.end()
})

t.test('notifies of a failure without end too', t => {
  const history = new History()
  for (let now = 0; now < MAX_WINDOW_MS; now += 1_000) t.strictSame(history.at(now, failure()), [])
  t.strictSame(history.at(MAX_WINDOW_MS, failure()).map(shape), ['new 11/11'])
  t.end()
})

t.test('a failure a minute for a night is one message and ever rarer summaries; a new cause is sent', t => {
  const history = new History()
  const night = 8 * 60
  for (let minute = 0; minute <= night; minute += 1) {
    const now = minute * 60_000
    history.at(now, failure(), ...(minute === 100 ? [failure({ key: 'other' })] : []))
    history.at(now + WINDOW_MS)
  }
  const of = (state: string) =>
    history.told.filter(({ notice }) => notice.kind === 'crash' && notice.state === state)
  t.strictSame(
    of('new').map(({ at }) => at),
    [WINDOW_MS, 100 * 60_000 + WINDOW_MS],
  )
  const summaries = of('repeated').map(({ at }) => at / 60_000)
  t.ok(
    summaries.length <= 5,
    `${summaries.length} summaries, at minutes ${summaries.map(Math.round).join(', ')}`,
  )
  t.ok(
    summaries.every(
      (at, n) => at - (summaries[n - 1] ?? 0) >= (SUMMARY_INTERVALS_MS[n] ?? Infinity) / 60_000,
    ),
  )
  const counted = history.told.flatMap(({ notice }) =>
    notice.kind === 'crash' && notice.total > 1 ? [notice.count] : [],
  )
  t.ok(
    counted.every(count => count >= 5),
    'a summary has the number of failures',
  )
  t.end()
})

t.test('notifies once of a recovery, after the failures have stopped and a job succeeds', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  history.at(RECOVERED_AFTER_MS + WINDOW_MS)
  t.equal(history.told.length, 1, 'silence alone is no recovery')
  history.heals()
  t.match(history.at(history.now + 1), [{ kind: 'recovered', total: 1, workflow: 'wine' }])
  t.strictSame(history.at(history.now + 1), [])
  t.end()
})

t.test('a success among failures is no recovery', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  history.heals()
  t.strictSame(history.at(RECOVERED_AFTER_MS - 1, failure()), [])
  t.strictSame(history.at(RECOVERED_AFTER_MS + WINDOW_MS).map(shape), ['repeated 1/2'])
  t.end()
})

t.test('a failure before a standstill with a success since counts as recovered, not as repeated', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  history.at(WINDOW_MS + 1, failure())
  history.heals()
  // Simulates a program that was stopped, or a machine that slept.
  t.match(history.at(FORGOTTEN_AFTER_MS / 2), [{ kind: 'recovered', total: 2 }])
  t.strictSame(history.at(history.now + 1), [])
  t.end()
})

t.test('notifies of a returning cause at once, and requires a longer silence each time', t => {
  const history = new History()
  let silence = RECOVERED_AFTER_MS
  for (const state of ['new', 'back', 'back']) {
    const began = history.now + 1
    history.at(began, failure())
    t.strictSame(history.at(began + WINDOW_MS).map(shape), [`${state} 1/1`])
    history.heals()
    t.strictSame(history.at(began + silence - 1), [])
    t.strictSame(history.at(began + silence).map(shape), ['recovered'])
    silence *= 2
  }
  t.end()
})

t.test('forgets a cause without failures for a long time', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  t.equal(history.wakeAt, RECOVERED_AFTER_MS)
  history.at(FORGOTTEN_AFTER_MS)
  t.equal(history.known, 0)
  t.equal(history.wakeAt, null)
  t.end()
})

const SURE: NotifiedBy = { channels: ['telegram'], sure: true }
const UNSURE: NotifiedBy = { channels: ['telegram'], sure: false }

for (const { name, tolds, telegram, webhook } of [
  { name: 'no process', tolds: [NOT_NOTIFIED], telegram: false, webhook: false },
  { name: 'its worker', tolds: [SURE], telegram: null, webhook: false },
  { name: 'its worker, uncertainly', tolds: [UNSURE], telegram: true, webhook: false },
  {
    name: 'an unknown channel, uncertainly',
    tolds: [{ channels: [], sure: false }],
    telegram: true,
    webhook: true,
  },
  { name: 'one of two workers', tolds: [SURE, NOT_NOTIFIED], telegram: false, webhook: false },
] as const) {
  t.test(`already notified by ${name}`, t => {
    const history = new History()
    history.channels = ['telegram', 'webhook']
    history.at(
      0,
      ...tolds.map((told, index) =>
        failure({ member: index + 1, notifiedBy: { ...told, channels: [...told.channels] } }),
      ),
    )
    history.at(MAX_WINDOW_MS)
    const on = (channel: string) => {
      const found = history.told.find(one => one.channel === channel)
      return found?.notice.kind === 'crash' ? found.notice.mayRepeat : null
    }
    t.equal(on('telegram'), telegram)
    t.equal(on('webhook'), webhook)
    t.end()
  })
}

t.test('names some of very many failures, and counts all', t => {
  const history = new History()
  history.at(0, ...Array.from({ length: 300 }, (_, n) => failure({ member: n + 1 })))
  const [notice] = history.at(WINDOW_MS) as [CrashNotification]
  t.match(notice, { count: 300, total: 300 })
  t.equal(notice.places.length + notice.more, 300)
  t.end()
})

const [FIRST_SUMMARY_MS = 0] = SUMMARY_INTERVALS_MS
const outcomes = (notice: Notification) =>
  notice.kind === 'crash' ? [notice.state, ...(notice.jobs ?? [])] : []
const attempt = (number: number) => ({ place: failedPlace({ attempt: number }) })

t.test('a notice reports whether its job is retried, and the final failure is notified', t => {
  const history = new History()
  history.job('retrying', 1, 1)
  history.at(0, failure())
  t.strictSame(history.at(WINDOW_MS).flatMap(outcomes), ['new', { jobId: 7, outcome: 'retry', triesLeft: 3 }])

  history.job('running', 4, 3)
  t.strictSame(history.at(20_000, failure(attempt(4))), [], 'its attempt is not settled')
  history.job('failed', 4, 4)
  t.strictSame(history.at(21_000).flatMap(outcomes), ['final', { jobId: 7, outcome: 'failed', triesLeft: 0 }])
  t.strictSame(history.at(22_000), [], 'once')
  t.strictSame(history.at(20_000 + FIRST_SUMMARY_MS), [], 'nothing of it remains for a summary')
  t.end()
})

t.test('notifies once, as a final failure, of a job without another try', t => {
  const history = new History()
  history.job('failed', 1, 1)
  history.at(0, failure())
  t.strictSame(history.at(WINDOW_MS).flatMap(outcomes), [
    'new',
    { jobId: 7, outcome: 'failed', triesLeft: 0 },
  ])
  t.strictSame(history.at(WINDOW_MS + 1_000), [])
  t.end()
})

t.test('notifies of a final failure without another crash, or with another cause', t => {
  const alone = new History()
  alone.job('running', 1, 0)
  alone.at(0, failure())
  alone.at(WINDOW_MS)
  alone.job('failed', 1, 1)
  t.strictSame(alone.at(20_000).flatMap(outcomes), ['final', { jobId: 7, outcome: 'failed', triesLeft: 0 }])

  const other = new History()
  other.job('retrying', 1, 1)
  other.at(0, failure(), failure({ key: 'b' }))
  t.equal(other.at(WINDOW_MS).length, 2)
  other.job('failed', 2, 2)
  t.strictSame(other.at(20_000, failure({ key: 'b', ...attempt(2) })).map(shape), ['final 1/2'])
  t.end()
})

t.test("a person's refusal is no alarm, and an expired login only if the job is lost", t => {
  const history = new History()
  history.job('failed', 1, 1)
  const refused = failure({ alarm: 'never' })
  history.at(0, refused)
  t.strictSame(history.noticed, [refused.crashId])
  t.strictSame(history.at(WINDOW_MS), [])

  history.job('running', 1, 0)
  const expired = failure({ alarm: 'if-final', key: 'login' })
  history.at(20_000, expired)
  t.strictSame(history.noticed, [], 'its job is not settled, so it is considered again')
  history.job('retrying', 1, 1)
  history.at(21_000, expired)
  t.strictSame(history.noticed, [expired.crashId])
  t.strictSame(history.at(MAX_WINDOW_MS + 21_000), [], 'it heals by itself')

  history.job('failed', 2, 2)
  history.at(60_000, failure({ alarm: 'if-final', key: 'login', ...attempt(2) }))
  t.strictSame(history.at(60_000 + WINDOW_MS).map(shape), ['new 1/1'])
  t.end()
})

t.test('nothing has recovered while another cause of the workflow fails', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  history.heals()
  const later = RECOVERED_AFTER_MS - 1_000
  history.at(later, failure({ key: 'other' }))
  history.at(later + WINDOW_MS)
  t.strictSame(history.at(2 * RECOVERED_AFTER_MS + WINDOW_MS).map(shape), [], 'the workflow fails')
  history.heals()
  t.strictSame(history.at(history.now + 1).map(shape), ['recovered', 'recovered'])
  t.end()
})

t.test('a success prevents a summary of repeated failures', t => {
  const history = new History()
  history.at(0, failure())
  history.at(WINDOW_MS)
  history.at(FIRST_SUMMARY_MS - 60_000, failure())
  history.heals()
  t.strictSame(history.at(FIRST_SUMMARY_MS + WINDOW_MS), [], 'the summary would be due')
  t.strictSame(history.at(FIRST_SUMMARY_MS + WINDOW_MS + 1, failure()).map(shape), ['repeated 2/3'])
  t.end()
})

t.test('setting the clock back does not delay the notice of a cause', t => {
  const history = new History()
  const days = (count: number) => count * 86_400_000
  history.at(days(365), failure({ at: days(365) }))
  t.strictSame(history.at(days(335)), [])
  t.ok((history.wakeAt ?? Infinity) <= days(335) + MAX_WINDOW_MS)
  t.equal(history.at(days(335) + MAX_WINDOW_MS).length, 1)
  history.at(days(305), failure({ at: days(305) }))
  const [first = 0] = SUMMARY_INTERVALS_MS
  t.ok((history.wakeAt ?? Infinity) <= days(305) + first)
  t.equal(history.at(days(305) + first).length, 1)
  t.end()
})

t.test('a site that makes thousands of causes costs only a few reads for each', t => {
  let reads = 0
  const jobs: JobStanding[] = []
  const causes = Array.from({ length: 300 }, (_, index) => {
    const place = failedPlace({ jobId: index + 1 })
    jobs.push({ id: place.jobId, state: 'retrying', attempt: 1, failures: 1, retries: 3, error: null })
    const { key, frame, ...pending } = failure({ key: `cause ${index}`, place })
    const cause: FailureGroup = {
      ...{ key, frame, state: 'failing', workflow: place.workflow, error: pending.error },
      ...{ since: 0, last: 0, reportedAt: 0, total: 1, gatheringSince: 0, notifiedAt: 0, recoveredAt: 0 },
      ...{ summaries: 0, returns: 0, pending: [], pendingMore: 0 },
      get watched() {
        reads++
        return [place.jobId]
      },
    }
    return { cause, healedAt: null }
  })
  const { changed } = decideNotices({ causes, failures: [], channels: ['telegram'], jobs }, 1_000)
  t.strictSame(changed, [])
  t.ok(reads <= 10 * causes.length, `${reads} reads`)
  t.end()
})
