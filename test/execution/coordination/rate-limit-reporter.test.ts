import t from 'tap'
import { systemClock } from '../../../lib/core/time/clock.ts'
import { RateLimitReporter } from '../../../lib/execution/coordination/rate-limit-reporter.ts'
import type { DomainPort } from '../../../lib/execution/coordination/domain-port.ts'
import { runningJob, timedStore } from '../../helpers/store/job-store.ts'

t.test('logs and records only the first domains of a page refused by thousands', async t => {
  const { store } = await timedStore(t)
  const jobId = await runningJob(store)
  const warnings: string[] = []
  const log = {
    ...{ info: () => undefined, error: () => undefined, inPhase: () => undefined, lastLines: () => [] },
    warn: (message: string) => warnings.push(message),
  }
  let calls = 0
  const port: DomainPort = {
    call: (name, input) => {
      calls += 1
      return store.call(name, input)
    },
  }
  const teller = new RateLimitReporter({ jobId, store: () => Promise.resolve(port), log, clock: systemClock })
  for (let n = 0; n < 10_000; n += 1) {
    teller.onRateLimited({ domain: `x${n}.evil.example`, status: 429, retryAfterMs: 3_600_000 })
    if (n % 10 === 0) await teller.flush()
  }
  t.ok(calls <= 40, `${calls} calls`)
  t.ok(warnings.length <= 41, `${warnings.length} lines`)
  t.equal(warnings.filter(line => line.includes('neither stored nor logged')).length, 1)
  teller.onRateLimited({ domain: 'x3.evil.example', status: 429, retryAfterMs: 3_600_000 })
  t.match(warnings.at(-1), 'x3.evil.example', 'a recorded domain is still logged')
  await teller.flush()
})
