/**
 * SQL condition for rows of `sessions` with a valid lease. A lease is valid while the attempt of
 * its job is running. So it always ends with the job, however the job ends, and with the scheduler.
 */
export const LEASE_HELD = `holder IS NOT NULL AND EXISTS
  (SELECT 1 FROM jobs WHERE jobs.id = sessions.job_id AND jobs.attempt = sessions.attempt AND jobs.state = 'running')`

/**
 * SQL condition for waiting rows of `jobs` whose account is not known or is free. A running job
 * uses its account even before its worker has the lease. The leases count too, because each of
 * several workers of one job may use its own account.
 */
export const ACCOUNT_FREE = `(account IS NULL OR NOT (
  EXISTS (SELECT 1 FROM jobs AS other
          WHERE other.account_site = jobs.account_site AND other.account = jobs.account AND other.state = 'running')
  OR EXISTS (SELECT 1 FROM sessions
             WHERE sessions.site = jobs.account_site AND sessions.account = jobs.account AND ${LEASE_HELD})))`
