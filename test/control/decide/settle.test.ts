import t from 'tap'
import { retryDelayMs } from '../../../lib/control/decide/backoff.ts'
import type { AttemptView } from '../../../lib/control/decide/attempt-view.ts'
import { settle } from '../../../lib/control/decide/settle.ts'
import type { ErrorCode } from '../../../lib/core/errors/errors.ts'
import type { Outcome, StopReason } from '../../../lib/model/job/outcome.ts'
import { errorRecord } from '../../helpers/builders/error-record.ts'
import { job, member, run } from '../../helpers/builders/attempt.ts'

const won = (result: number): Outcome => ({ status: 'succeeded', result })
const failed = (code: ErrorCode = 'navigate'): Outcome => ({
  status: 'failed',
  error: errorRecord('bad', code),
  phase: null,
})
const crashed: Outcome = {
  status: 'crashed',
  error: errorRecord('dead', 'worker-exit'),
  phase: null,
  exitCode: 1,
  signal: null,
}
const timedOut: Outcome = { status: 'timed-out', error: errorRecord('slow', 'phase-timeout'), phase: null }
const stopped = (reason: StopReason): Outcome => ({ status: 'cancelled', reason, phase: null })

const target = { best: { result: 7, targetMet: true } }
const best = { best: { result: 8, targetMet: false } }
const lastTry = { job: job({ failures: 2, retries: 2 }) }

const loggedOut = (login: string) => ({ ...errorRecord('logged out', 'session-expired'), facts: { login } })
const expired = (login: string): Outcome => ({ status: 'failed', error: loggedOut(login), phase: null })

const refusal = (retryAfterMs: number) => ({ ...errorRecord('not now'), facts: { retryAfterMs } })
const refused = (ms: number): Outcome => ({ status: 'failed', error: refusal(ms), phase: null })

const own = { ...errorRecord('sold out'), recovery: { retry: 'never', browser: 'close' } } as const

const TABLE: readonly [
  rule: string,
  outcomes: Outcome[],
  change: Partial<AttemptView>,
  settlement: object,
][] = [
  ['a success is the result', [won(1)], {}, { state: 'succeeded', result: 1 }],
  [
    'the best offer is the result, not the first returned value',
    [won(1), won(2)],
    best,
    { state: 'succeeded', result: 8 },
  ],
  [
    'one success among deaths is a success',
    [crashed, failed(), won(3)],
    {},
    { state: 'succeeded', result: 3 },
  ],
  [
    'a met target wins over failures, cancel and shutdown',
    [failed(), stopped('shutdown'), stopped('target-met')],
    { ...target, cancelRequested: true },
    { state: 'succeeded', result: 7 },
  ],
  [
    'a cancelled job is cancelled, whatever its workers reached',
    [won(1), failed()],
    { cancelRequested: true },
    { state: 'cancelled' },
  ],
  [
    'the best offer is the result at the deadline',
    [stopped('deadline'), crashed],
    best,
    { state: 'succeeded', result: 8 },
  ],
  [
    'a value returned in time is the result at the deadline without an offer',
    [stopped('deadline'), won(3)],
    { quorum: 2 },
    { state: 'succeeded', result: 3 },
  ],
  [
    'a reached quorum is a success',
    [won(1), crashed, won(2)],
    { ...best, quorum: 2 },
    { state: 'succeeded', result: 8 },
  ],
  [
    'a missed quorum is a failure, whatever was offered',
    [won(1), crashed, stopped('sibling-failed')],
    { ...best, ...lastTry, quorum: 2 },
    { state: 'failed', error: errorRecord('dead', 'worker-exit') },
  ],
  [
    'all workers are enough if they are fewer than the quorum',
    [won(1), won(2)],
    { quorum: 3 },
    { state: 'succeeded', result: 1 },
  ],
  [
    'a shutdown interrupts a job despite one success',
    [stopped('shutdown'), won(1)],
    {},
    { state: 'interrupted' },
  ],
  [
    'a shutdown next to a failure interrupts the job, which continues later',
    [failed(), stopped('shutdown')],
    {},
    { state: 'interrupted' },
  ],
  [
    'a hard fail of one of several workers ends the job',
    [failed(), failed('hard-fail')],
    {},
    { state: 'failed', error: errorRecord('bad', 'hard-fail') },
  ],
  [
    'retries a crashed browser at once',
    [failed('browser-crash')],
    {},
    { state: 'retrying', error: errorRecord('bad', 'browser-crash'), dueAt: 1_000 },
  ],
  [
    'retries with another proxy soon, however often it failed',
    [failed('proxy')],
    { job: job({ failures: 5, retries: 9 }) },
    { state: 'retrying', error: errorRecord('bad', 'proxy'), dueAt: 1_750 },
  ],
  [
    'an expired saved login gives a job one additional try',
    [expired('saved')],
    lastTry,
    { state: 'retrying', error: loggedOut('saved'), dueAt: 1_750 },
  ],
  [
    'an expired saved login gives a job only one additional try',
    [expired('saved')],
    { job: job({ failures: 3, retries: 2 }) },
    { state: 'failed', error: loggedOut('saved') },
  ],
  [
    'an expired fresh login is an ordinary failure',
    [expired('fresh')],
    lastTry,
    { state: 'failed', error: loggedOut('fresh') },
  ],
  [
    'retries with another session soon, and before another proxy',
    [failed('proxy'), failed('session-expired')],
    {},
    { state: 'retrying', error: errorRecord('bad', 'session-expired'), dueAt: 1_750 },
  ],
  [
    'the recovery of an error wins over that of its code',
    [{ status: 'failed', phase: null, error: own }],
    {},
    { state: 'failed', error: own },
  ],
  ['a job without workers is interrupted', [], {}, { state: 'interrupted' }],
  [
    'a job that could not begin has failed, whatever tries remain',
    [],
    { refusal: errorRecord('gone', 'workflow-missing') },
    { state: 'failed', error: errorRecord('gone', 'workflow-missing') },
  ],
  [
    'stopped siblings do not hide a failure',
    [stopped('sibling-failed'), failed()],
    lastTry,
    { state: 'failed', error: errorRecord('bad') },
  ],
  [
    'retries a failure after a pause',
    [failed()],
    {},
    { state: 'retrying', error: errorRecord('bad'), dueAt: 1_750 },
  ],
  [
    'waits as long as a site asks if its own pause is shorter',
    [refused(30_000)],
    {},
    { state: 'retrying', error: refusal(30_000), dueAt: 31_000 },
  ],
  [
    'waits at least as long as after any other failure',
    [refused(5)],
    {},
    { state: 'retrying', error: refusal(5), dueAt: 1_750 },
  ],
  [
    'rounds a fraction of a millisecond up',
    [refused(1_500.5)],
    {},
    { state: 'retrying', error: refusal(1_500.5), dueAt: 2_501 },
  ],
  [
    'waits at most an hour for a site',
    [refused(1e12)],
    {},
    { state: 'retrying', error: refusal(1e12), dueAt: 3_601_000 },
  ],
  [
    'retries a crashed worker',
    [crashed],
    {},
    { state: 'retrying', error: errorRecord('dead', 'worker-exit'), dueAt: 1_750 },
  ],
  [
    'retries a worker that timed out',
    [timedOut],
    {},
    { state: 'retrying', error: errorRecord('slow', 'phase-timeout'), dueAt: 1_750 },
  ],
  [
    'the last failed retry ends the job',
    [crashed],
    lastTry,
    { state: 'failed', error: errorRecord('dead', 'worker-exit') },
  ],
  [
    'does not retry without retries',
    [failed()],
    { job: job({ retries: 0 }) },
    { state: 'failed', error: errorRecord('bad') },
  ],
  ...(['hard-fail', 'workflow-invalid', 'input-invalid'] as const).map(
    code =>
      [
        `${code} is not retried`,
        [failed(code)],
        {},
        { state: 'failed', error: errorRecord('bad', code) },
      ] as [string, Outcome[], object, object],
  ),
]

for (const [rule, outcomes, change, settlement] of TABLE) {
  t.test(rule, async t => {
    const members = outcomes.map((outcome, n) => member({ workerId: `w${n}`, outcome }))
    t.strictSame(settle(run(members, change), 1_000, 0.5), settlement)
  })
}

t.test('a job without an offer at its deadline has failed for that reason', async t => {
  const late = run([member({ outcome: stopped('deadline') })], { deadlineMs: 90_000 })
  t.match(settle(late, 90_000, 0.5), {
    state: 'retrying',
    error: { code: 'deadline', message: 'No worker offered a result within 90 s.' },
  })
})

t.test(
  'retries wait twice as long each time, up to five minutes, in the upper half of that time',
  async t => {
    for (let failures = 1; failures <= 2_000; failures++) {
      const longest = Math.min(300_000, 1_000 * 2 ** (failures - 1))
      t.equal(retryDelayMs(failures, 0), longest / 2)
      t.ok(retryDelayMs(failures, 0.999_999) <= longest)
      if (failures > 12) failures += 400
    }
  },
)
