import t from 'tap'
import { ON_TIME_MS, decideSchedule } from '../../../../lib/control/leader/schedules/decide-schedule.ts'
import type { Verdict } from '../../../../lib/control/leader/schedules/decide-schedule.ts'
import { dueTimes } from '../../../../lib/model/schedule/due-times.ts'
import { runAt } from '../../../../lib/model/job/run-times.ts'
import { chosenSeed, randomFrom } from '../../../fault/random.ts'
import { schedule, utc } from '../../../helpers/builders/schedule.ts'

const HOURLY = { cron: '0 * * * *', timeZone: 'UTC' }
const DAILY = { cron: '0 3 * * *', timeZone: 'UTC' }

const CASES: readonly (readonly [
  what: string,
  said: Parameters<typeof schedule>[0],
  since: string,
  now: string,
  verdict: Verdict,
])[] = [
  [
    'waits until the due time',
    HOURLY,
    '2026-06-01 09:30',
    '2026-06-01 09:59',
    { do: 'wait', until: utc('2026-06-01 10:00') },
  ],
  [
    'runs at the due time',
    HOURLY,
    '2026-06-01 09:30',
    '2026-06-01 10:00',
    { do: 'run', dueAt: utc('2026-06-01 10:00'), missed: 0 },
  ],
  [
    'a settled due time is not due again',
    HOURLY,
    '2026-06-01 10:00',
    '2026-06-01 10:00',
    { do: 'wait', until: utc('2026-06-01 11:00') },
  ],
  [
    'runs only the last due time after a night of sleep',
    HOURLY,
    '2026-06-01 22:00',
    '2026-06-02 07:30',
    { do: 'run', dueAt: utc('2026-06-02 07:00'), missed: 8 },
  ],
  [
    'misses a run after its catch-up window',
    DAILY,
    '2026-06-01 03:00',
    '2026-06-02 04:00:01',
    { do: 'miss', dueAt: utc('2026-06-02 03:00'), missed: 0, reason: 'late' },
  ],
  [
    'still runs at the end of the window',
    DAILY,
    '2026-06-01 03:00',
    '2026-06-02 04:00',
    { do: 'run', dueAt: utc('2026-06-02 03:00'), missed: 0 },
  ],
  [
    'without a window a timer may still be late',
    { ...DAILY, catchUp: '0' },
    '2026-06-01 03:00',
    '2026-06-02 03:01',
    { do: 'run', dueAt: utc('2026-06-02 03:00'), missed: 0 },
  ],
  [
    'without a window only a minute of lateness is allowed',
    { ...DAILY, catchUp: '0' },
    '2026-06-01 03:00',
    '2026-06-02 03:01:01',
    { do: 'miss', dueAt: utc('2026-06-02 03:00'), missed: 0, reason: 'late' },
  ],
  [
    'catches up only within the active hours',
    { ...HOURLY, activeHours: '08:00-18:00', catchUp: '1d' },
    '2026-06-01 16:00',
    '2026-06-02 03:00',
    { do: 'wait', until: utc('2026-06-02 08:00') },
  ],
  [
    'misses a run if the active hours begin too late for it',
    { ...HOURLY, activeHours: '08:00-18:00', catchUp: '12h' },
    '2026-06-01 15:00',
    '2026-06-02 03:00',
    { do: 'miss', dueAt: utc('2026-06-01 17:00'), missed: 1, reason: 'inactive' },
  ],
  [
    'active hours over midnight',
    { ...HOURLY, activeHours: '22:00-02:00' },
    '2026-06-01 23:00',
    '2026-06-02 00:10',
    { do: 'run', dueAt: utc('2026-06-02 00:00'), missed: 0 },
  ],
  [
    'not due outside active hours',
    { ...HOURLY, activeHours: '22:00-02:00' },
    '2026-06-02 01:00',
    '2026-06-02 12:00',
    { do: 'wait', until: utc('2026-06-02 22:00') },
  ],
  [
    'correcting a clock by minutes repeats nothing',
    HOURLY,
    '2026-06-01 10:00',
    '2026-06-01 09:55',
    { do: 'wait', until: utc('2026-06-01 11:00') },
  ],
  [
    'setting a clock back by an hour starts the schedule over',
    HOURLY,
    '2026-06-01 10:00',
    '2026-06-01 09:00',
    { do: 'start-over' },
  ],
  [
    'a clock that was years ahead starts the schedule over',
    HOURLY,
    '2031-06-01 10:00',
    '2026-06-01 07:30',
    { do: 'start-over' },
  ],
  [
    'a skipped hour during sleep',
    { cron: '30 2 * * *', timeZone: 'Europe/Rome', catchUp: '3h' },
    '2027-03-27 12:00',
    '2027-03-28 03:30',
    { do: 'run', dueAt: utc('2027-03-28 01:00'), missed: 0 },
  ],
  [
    'a repeated hour runs only once',
    { cron: '30 2 * * *', timeZone: 'Europe/Rome' },
    '2026-10-25 00:30',
    '2026-10-25 01:30',
    { do: 'wait', until: utc('2026-10-26 01:30') },
  ],
]

for (const [what, said, since, now, verdict] of CASES) {
  t.test(`decide: ${what}`, async t => {
    const { timing, ...rest } = schedule(said, utc(since))
    t.strictSame(decideSchedule({ timing, ...rest }, utc(now)), verdict)
  })
}

t.test('a run begins with its jitter, and a late check of it is no miss', async t => {
  const said = schedule({ ...HOURLY, jitter: '30m', catchUp: '0' }, utc('2026-06-01 09:30'))
  const dueAt = utc('2026-06-01 10:00')
  const begins = runAt(said, dueAt)
  t.ok(begins > dueAt)
  t.strictSame(decideSchedule(said, dueAt), { do: 'wait', until: begins })
  t.strictSame(decideSchedule(said, begins - 1), { do: 'wait', until: begins })
  t.strictSame(decideSchedule(said, begins), { do: 'run', dueAt, missed: 0 })
  t.strictSame(decideSchedule(said, begins + ON_TIME_MS), { do: 'run', dueAt, missed: 0 })
  t.match(decideSchedule(said, begins + ON_TIME_MS + 1), { do: 'miss', dueAt })
  const short = schedule({ every: '1m', jitter: '1h' }, dueAt)
  const last = runAt(short, dueAt + 60_000)
  const next = dueAt + 120_000
  t.strictSame(
    decideSchedule(short, Math.max(last, next)),
    { do: 'run', dueAt: dueAt + 60_000, missed: 0 },
    'a run whose jitter ends after the next due time goes first',
  )
})

const SEED = chosenSeed()

t.test('settles each due time once, however a machine sleeps through two clock changes', async t => {
  const random = randomFrom(SEED)
  const kinds = [
    { cron: '30 2 * * *', timeZone: 'Europe/Rome', jitter: '20m' },
    { cron: '*/7 * * * *', timeZone: 'America/New_York', jitter: '5m' },
    { cron: '15 1,2,3 * * *', timeZone: 'America/New_York' },
    { every: '47m', activeHours: '21:00-05:00', timeZone: 'Europe/Rome', jitter: '1h', catchUp: '4h' },
  ]
  for (const said of kinds) {
    for (const [from, to] of [
      [utc('2026-10-23 12:00'), utc('2026-11-03 12:00')],
      [utc('2027-03-12 12:00'), utc('2027-03-30 12:00')],
    ] as const) {
      let one = schedule(said, from)
      const due = dueTimes(one)
      const all: number[] = []
      for (let at = due.next(from); at !== null && at <= to; at = due.next(at)) all.push(at)
      const settled: number[] = []
      let missed = 0
      // Wakes on time, a little late, or hours late.
      for (let now = from; now < to;) {
        const verdict = decideSchedule(one, now)
        if (verdict.do === 'start-over') throw new Error('no clock was set back')
        if (verdict.do === 'wait') {
          if (verdict.until === null || verdict.until > to) break
          t.ok(verdict.until > now, 'it waits for a future time')
          now = verdict.until + Math.floor(random() < 0.2 ? random() * 9 * 3_600_000 : random() * 2_000)
        } else {
          t.ok(verdict.dueAt > one.consideredAt && verdict.dueAt <= now)
          missed += verdict.missed
          settled.push(verdict.dueAt)
          one = { ...one, consideredAt: verdict.dueAt }
        }
      }
      const seen = all.filter(at => at <= one.consideredAt)
      t.equal(new Set(settled).size, settled.length, `no due time twice (FAULT_SEED=${SEED})`)
      t.equal(settled.length + missed, seen.length, `no due time is forgotten (FAULT_SEED=${SEED})`)
      t.ok(settled.every(at => all.includes(at)))
      t.ok(settled.length > 3)
    }
  }
})
