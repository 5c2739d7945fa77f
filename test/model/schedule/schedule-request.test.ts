import t from 'tap'
import { SchedulesSetting } from '../../../lib/config/settings/schedules-setting.ts'
import { describeIssues } from '../../../lib/model/issues.ts'
import { dueTimes } from '../../../lib/model/schedule/due-times.ts'
import { ScheduleRequest } from '../../../lib/model/schedule/schedule-request.ts'

const GOOD = { name: 'nightly', workflow: 'orders', cron: '0 3 * * *' }

t.test('a schedule takes the given values and defaults', async t => {
  t.strictSame(ScheduleRequest.parse(GOOD), {
    name: 'nightly',
    workflow: 'orders',
    input: {},
    workers: null,
    priority: 0,
    timing: { kind: 'cron', expression: '0 3 * * *' },
    timeZone: null,
    activeHours: null,
    jitterMs: 0,
    catchUpMs: 3_600_000,
    overlap: 'skip',
  })
  t.match(
    ScheduleRequest.parse({
      ...{ name: 'often', workflow: 'orders', every: '15m', timeZone: 'Europe/Rome', overlap: 'replace' },
      ...{
        activeHours: '22:00-06:30',
        jitter: '90s',
        catchUp: '0',
        workers: 3,
        priority: -5,
        input: { a: 1 },
      },
    }),
    {
      timing: { kind: 'every', ms: 900_000 },
      activeHours: { from: 1_320, to: 390 },
      ...{ jitterMs: 90_000, catchUpMs: 0, workers: 3, priority: -5, input: { a: 1 } },
    },
  )
})

t.test('the ten thousandth run of the longest interval has a date', async t => {
  const spec = ScheduleRequest.parse({ ...GOOD, cron: undefined, every: '3650d' })
  const times = dueTimes({ ...spec, startsAt: Date.UTC(2026, 0) })
  let at = 0
  for (let runs = 0; runs < 10_000; runs++) at = times.next(at) ?? NaN
  t.notOk(Number.isNaN(new Date(at).getTime()), `${at}`)
})

const WRONG: readonly (readonly [change: Record<string, unknown>, says: string])[] = [
  [{ name: 'No!' }, '"name": must have at most 60 characters: lower-case letters, digits and "-"'],
  [{ cron: undefined }, '"cron": must be set, or "every", but not both'],
  [{ every: '5m' }, '"cron": must be set, or "every", but not both'],
  [{ cron: '61 * * * *' }, '"cron": is not valid: Invalid value for minute: 61'],
  [{ cron: 'a b c d e' }, '"cron": is not valid: configuration entry 1 (a) contains illegal characters'],
  [{ cron: 'daily' }, '"cron": must have five fields such as "0 3 * * *", or six if the first is the second'],
  [
    { cron: '0 0 3 * * * *' },
    '"cron": must have five fields such as "0 3 * * *", or six if the first is the second',
  ],
  [{ cron: '0 0 30 2 *' }, '"cron": never matches a time'],
  [{ activeHours: '08:00-20:00' }, '"cron": never matches a time within the active hours'],
  [{ activeHours: '8 to 20' }, '"activeHours": must be hours such as "08:00-20:00"'],
  [{ activeHours: '03:00-03:00' }, '"activeHours": must not start and end at the same time'],
  [{ cron: undefined, every: '10ms' }, '"every": must be 1s to 3650d'],
  [{ cron: undefined, every: '3651d' }, '"every": must be 1s to 3650d'],
  [{ cron: undefined, every: 'soon' }, '"every": must be a duration such as "15m"'],
  [{ timeZone: 'Mars' }, '"timeZone": is not a known time zone: "Mars"'],
  [{ overlap: 'both' }, '"overlap": must be one of skip, queue, replace'],
  [{ jitter: '-1s' }, '"jitter": must be a duration such as "15m", or 0'],
  [{ catchUp: 'x' }, '"catchUp": must be a duration such as "15m", or 0'],
  [{ workers: 0 }, '"workers": must be 1 to 64'],
  [{ colour: 'red' }, 'colour'],
]

t.test('names each wrong field, in the configuration with its schedule', async t => {
  for (const [change, says] of WRONG) {
    const said = { ...GOOD, ...change }
    const { error } = ScheduleRequest.safeParse(said)
    t.ok(error !== undefined && describeIssues(error).includes(says), says)
    const setting = SchedulesSetting.safeParse([GOOD, said]).error?.issues[0]?.message ?? ''
    const which = said.name === GOOD.name ? 'schedule nightly: ' : 'schedule No!: '
    t.ok(setting.startsWith(which) && setting.includes(says), setting)
  }
  t.match(SchedulesSetting.safeParse([GOOD, GOOD]).error?.issues, [
    { message: 'schedule nightly is defined twice' },
  ])
  t.match(SchedulesSetting.safeParse([{ workflow: 'orders' }]).error?.issues, [
    { message: /^schedule number 1: "name"/ },
  ])
  for (const wrong of [5, 'nightly', '{}', { nightly: GOOD }]) {
    t.match(SchedulesSetting.safeParse(wrong).error?.issues, [{ message: /must be a list of .* as JSON/ }])
  }
  t.equal(SchedulesSetting.parse(JSON.stringify([GOOD]))[0]?.name, 'nightly', 'the environment contains JSON')
})
