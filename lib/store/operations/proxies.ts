import { z } from 'zod'
import { Instant } from '../../model/json.ts'
import { ProxyId } from '../../model/proxy/proxy-address.ts'
import { ProxyFault, ProxyHealth } from '../../model/proxy/proxy.ts'
import { defineOperation } from './define.ts'
import { jsonText } from './jobs/job-row.ts'
import { parseRows } from './parse-rows.ts'

/**
 * Maximum length of a reason in characters. A longer reason is cut, because a library may put a
 * whole page into its message.
 */
const REASON_LIMIT = 300

export const PROXY_COLUMNS =
  'id, successes, failures, streak, cool_until AS coolUntil, uses, last_used_at AS lastUsedAt, last_error AS lastError, last_fault AS lastFault'

const ProxyRow = ProxyHealth.extend({ lastFault: jsonText(ProxyFault).nullable() })

/**
 * Returns the health of the proxies that were ever used. Unused proxies of the pool are not
 * included.
 */
const listProxies = defineOperation({
  name: 'proxies.list',
  kind: 'read',
  input: z.object({}),
  output: z.array(ProxyHealth),
  run: db => db.all(`SELECT ${PROXY_COLUMNS} FROM proxies ORDER BY id`).flatMap(parseRows(ProxyRow)),
})

/** Records that a proxy was given to a worker. */
const useProxy = defineOperation({
  name: 'proxies.use',
  kind: 'write',
  input: z.object({ id: ProxyId }),
  output: z.object({}),
  run(db, { id }, { now }) {
    db.run(
      `INSERT INTO proxies (id, uses, last_used_at) VALUES ($id, 1, $now)
       ON CONFLICT (id) DO UPDATE SET uses = uses + 1, last_used_at = $now`,
      { id, now },
    )
    return {}
  },
})

/** Records that a worker got its result through the proxy, and resets the proxy's failures. */
const succeedProxy = defineOperation({
  name: 'proxies.succeed',
  kind: 'write',
  input: z.object({ id: ProxyId }),
  output: z.object({}),
  run(db, { id }) {
    db.run(
      `INSERT INTO proxies (id, successes) VALUES ($id, 1)
       ON CONFLICT (id) DO UPDATE SET successes = successes + 1, streak = 0, cool_until = NULL`,
      { id },
    )
    return {}
  },
})

/**
 * Records that a proxy has failed: raises the number of its consecutive failures, and sets the end
 * of its cool-down.
 */
const failProxy = defineOperation({
  name: 'proxies.fail',
  kind: 'write',
  input: z.object({
    id: ProxyId,
    error: z.string(),
    fault: ProxyFault.nullable().default(null),
    streak: z.int().positive(),
    coolUntil: Instant,
  }),
  output: z.object({}),
  run(db, { id, error, fault, streak, coolUntil }) {
    db.run(
      `INSERT INTO proxies (id, failures, streak, cool_until, last_error, last_fault) VALUES ($id, 1, $streak, $coolUntil, $error, $fault)
       ON CONFLICT (id) DO UPDATE SET failures = failures + 1, streak = $streak, cool_until = $coolUntil, last_error = $error,
         last_fault = $fault`,
      { id, streak, coolUntil, error: error.slice(0, REASON_LIMIT), fault: fault && JSON.stringify(fault) },
    )
    return {}
  },
})

export const proxyOperations = {
  [listProxies.name]: listProxies,
  [useProxy.name]: useProxy,
  [succeedProxy.name]: succeedProxy,
  [failProxy.name]: failProxy,
}
