/** Of a row of `sessions`: whether its lease counts. It does while its job's attempt runs: it ends with the job, however that ends, and at a death of the scheduler. */
export const LEASE_HELD = `holder IS NOT NULL AND EXISTS
  (SELECT 1 FROM jobs WHERE jobs.id = sessions.job_id AND jobs.attempt = sessions.attempt AND jobs.state = 'running')`

/**
 * Of a row of `jobs` that does not run: whether the account that it is known to use is free. A running job that is known to use it counts before its worker has taken
 * the lease; a lease, where several workers of one job use an account each.
 */
export const ACCOUNT_FREE = `(account IS NULL OR NOT (
  EXISTS (SELECT 1 FROM jobs AS other
          WHERE other.account_site = jobs.account_site AND other.account = jobs.account AND other.state = 'running')
  OR EXISTS (SELECT 1 FROM sessions
             WHERE sessions.site = jobs.account_site AND sessions.account = jobs.account AND ${LEASE_HELD})))`
