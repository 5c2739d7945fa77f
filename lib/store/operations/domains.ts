import { z } from 'zod'
import { Domain, DomainHold, LONGEST_PAUSE_MS } from '../../domain/domains.ts'
import { JobId } from '../../domain/job.ts'
import { Instant, Milliseconds } from '../../domain/json.ts'
import type { Database } from '../engine/database.ts'
import { defineOperation } from './define.ts'
import { readJob } from './find-job.ts'
import { readable } from './readable.ts'

/** The first pause of a domain that does not say how long it wants to be left alone; it doubles with each that follows on the one before. */
const FIRST_PAUSE_MS = 5_000

/** A refusal so soon after a pause says that it was too short. */
const FOLLOWS_WITHIN_MS = 60_000

/** Domains that a job is known to visit; more are not noted. */
const MOST_DOMAINS = 20

export const HOLD_COLUMNS = 'domain, until, status, streak'

/** The pauses that are not over. */
const listHolds = defineOperation({
  name: 'domains.holds',
  kind: 'read',
  input: z.object({}),
  output: z.array(DomainHold),
  run: (db, _input, { now }) =>
    db
      .all(`SELECT ${HOLD_COLUMNS} FROM domain_holds WHERE until > $now ORDER BY domain`, { now })
      .flatMap(readable(DomainHold)),
})

/**
 * A domain has refused a worker because it is asked too often: nobody goes there until its pause is over. `retryAfterMs` is what it said; without it the pause grows with each refusal that
 * follows soon on the one before. The answers to what was asked before all knew of a pause prolong it, and do not make it grow.
 */
const refuse = defineOperation({
  name: 'domains.refuse',
  kind: 'write',
  input: z.object({
    domain: Domain,
    status: z.int(),
    retryAfterMs: Milliseconds.nullable(),
    /** The job whose worker was refused: it is known to visit the domain from now on. */
    jobId: JobId.nullable(),
  }),
  output: z.object({ until: Instant }),
  run(db, { domain, status, retryAfterMs, jobId }, { now }) {
    const row = db.one(`SELECT ${HOLD_COLUMNS} FROM domain_holds WHERE domain = $domain`, { domain })
    const before = row === undefined ? undefined : DomainHold.parse(row)
    const pausing = before !== undefined && before.until > now
    const follows = before !== undefined && now - before.until < FOLLOWS_WITHIN_MS
    const streak = pausing ? before.streak : follows ? before.streak + 1 : 1
    const pauseMs = Math.min(LONGEST_PAUSE_MS, retryAfterMs ?? FIRST_PAUSE_MS * 2 ** (streak - 1))
    const asked = Math.ceil(now + pauseMs)
    const until = pausing && (retryAfterMs === null || before.until > asked) ? before.until : asked
    db.run(
      `INSERT INTO domain_holds (domain, until, status, streak) VALUES ($domain, $until, $status, $streak)
       ON CONFLICT (domain) DO UPDATE SET until = excluded.until, status = excluded.status, streak = excluded.streak`,
      { domain, until, status, streak },
    )
    if (jobId !== null) noteDomain(db, jobId, domain)
    // Nothing follows on them any more.
    db.run('DELETE FROM domain_holds WHERE until < $before', { before: now - 2 * FOLLOWS_WITHIN_MS })
    return { until }
  },
})

function noteDomain(db: Database, id: number, domain: string): void {
  const domains = readJob(db, id)?.domains
  if (domains === undefined || domains.includes(domain) || domains.length >= MOST_DOMAINS) return
  db.run('UPDATE jobs SET domains = $domains WHERE id = $id', {
    id,
    domains: JSON.stringify([...domains, domain].sort()),
  })
}

export const domainOperations = { [listHolds.name]: listHolds, [refuse.name]: refuse }
