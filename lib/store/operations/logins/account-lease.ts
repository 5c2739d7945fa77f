/**
 * Condition on a row of `sessions`: its lease counts. A lease counts while its job's attempt runs,
 * so it ends with the job at any end, and with the scheduler.
 */
export const LEASE_HELD = `holder IS NOT NULL AND EXISTS
  (SELECT 1 FROM jobs WHERE jobs.id = sessions.job_id AND jobs.attempt = sessions.attempt AND jobs.state = 'running')`

/**
 * Condition on a waiting row of `jobs`: its known account is free. A running job with the same
 * account counts before its worker has taken the lease. A lease counts too, because several workers
 * of one job use an account each.
 */
export const ACCOUNT_FREE = `(account IS NULL OR NOT (
  EXISTS (SELECT 1 FROM jobs AS other
          WHERE other.account_site = jobs.account_site AND other.account = jobs.account AND other.state = 'running')
  OR EXISTS (SELECT 1 FROM sessions
             WHERE sessions.site = jobs.account_site AND sessions.account = jobs.account AND ${LEASE_HELD})))`
