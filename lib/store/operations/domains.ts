import { z } from 'zod'
import { Domain, DomainPause, MAX_PAUSE_MS, MAX_PAUSES, MIN_PROLONGED_MS } from '../../model/job/domains.ts'
import { JobId } from '../../model/job/job.ts'
import { Instant, Milliseconds } from '../../model/json.ts'
import type { Database } from '../engine/database.ts'
import { defineOperation } from './define.ts'
import { jsonText } from './jobs/job-row.ts'
import { parseRows } from './parse-rows.ts'

/**
 * First pause of a domain that does not name a time. The pause doubles with each refusal that
 * follows soon after a pause.
 */
const FIRST_PAUSE_MS = 5_000

/** Time after a pause during which another refusal means that the pause was too short. */
const FOLLOWS_WITHIN_MS = 60_000

/**
 * Maximum number of domains that are recorded for a job. Further domains are not recorded, and no
 * pauses are recorded for them.
 */
const MAX_DOMAINS = 20

export const PAUSE_COLUMNS = 'domain, until, status, streak'

/**
 * Returns the active pauses, at most `MAX_PAUSES`, because an older version may have recorded more.
 */
const listPauses = defineOperation({
  name: 'domains.pauses',
  kind: 'read',
  input: z.object({}),
  output: z.array(DomainPause),
  run: (db, _input, { now }) =>
    db
      .all(
        `SELECT * FROM (SELECT ${PAUSE_COLUMNS} FROM domain_pauses WHERE until > $now ORDER BY until DESC LIMIT ${MAX_PAUSES})
         ORDER BY domain`,
        { now },
      )
      .flatMap(parseRows(DomainPause)),
})

/**
 * Pauses a domain that has refused a worker because of too many requests. No job visits the domain
 * until the pause is over. `retryAfterMs` is the time that the domain named. Without it, the pause
 * grows with each refusal soon after the previous pause. A refusal of a request that was already
 * under way extends the pause, but does not count for its growth. No new pause is recorded if there
 * are `MAX_PAUSES` already, or if the maximum number of domains is recorded for the job.
 */
const refuse = defineOperation({
  name: 'domains.pause',
  kind: 'write',
  input: z.object({
    domain: Domain,
    status: z.int(),
    retryAfterMs: Milliseconds.nullable(),
    /** Job of the refused worker. The domain is added to the domains that the job visits. */
    jobId: JobId.nullable(),
  }),
  output: z.object({ until: Instant, leftOut: z.enum(['job-full', 'project-full']).nullable() }),
  run(db, { domain, status, retryAfterMs, jobId }, { now }) {
    const row = db.one(`SELECT ${PAUSE_COLUMNS} FROM domain_pauses WHERE domain = $domain`, { domain })
    const before = row === undefined ? undefined : DomainPause.parse(row)
    const pausing = before !== undefined && before.until > now
    const isNoted = jobId === null || noteDomain(db, jobId, domain)
    if (!pausing && !isNoted) return { until: now, leftOut: 'job-full' as const }
    if (!pausing && isFull(db, now)) return { until: now, leftOut: 'project-full' as const }
    const follows = before !== undefined && now - before.until < FOLLOWS_WITHIN_MS
    const streak = pausing ? before.streak : follows ? before.streak + 1 : 1
    const pauseMs = Math.min(MAX_PAUSE_MS, retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (streak - 1))
    const until = Math.ceil(now + pauseMs)
    const prolongs = retryAfterMs !== null && until - (before?.until ?? 0) >= MIN_PROLONGED_MS
    if (pausing && !prolongs) return { until: before.until, leftOut: null }
    db.run(
      `INSERT INTO domain_pauses (domain, until, status, streak) VALUES ($domain, $until, $status, $streak)
       ON CONFLICT (domain) DO UPDATE SET until = excluded.until, status = excluded.status, streak = excluded.streak`,
      { domain, until, status, streak },
    )
    // These pauses ended so long ago that a refusal would not count as following them.
    db.run('DELETE FROM domain_pauses WHERE until < $before', { before: now - 2 * FOLLOWS_WITHIN_MS })
    return { until, leftOut: null }
  },
})

function isFull(db: Database, now: number): boolean {
  const count = `SELECT count(*) AS count FROM (SELECT 1 FROM domain_pauses WHERE until > $now LIMIT ${MAX_PAUSES})`
  return db.one(count, { now })?.['count'] === MAX_PAUSES
}

const Noted = z.object({ domains: jsonText(z.array(Domain)) })

/**
 * Records that the job visits the domain. Returns false if the maximum number of domains is
 * recorded for the job already.
 */
function noteDomain(db: Database, id: number, domain: string): boolean {
  const row = db.one('SELECT domains FROM jobs WHERE id = $id', { id })
  const noted = Noted.safeParse(row)
  if (!noted.success) return row === undefined
  const { domains } = noted.data
  if (domains.includes(domain)) return true
  if (domains.length >= MAX_DOMAINS) return false
  db.run('UPDATE jobs SET domains = $domains WHERE id = $id', {
    id,
    domains: JSON.stringify([...domains, domain].sort()),
  })
  return true
}

export const domainOperations = { [listPauses.name]: listPauses, [refuse.name]: refuse }
