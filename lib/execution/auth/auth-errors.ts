import { AutomateError } from '../../core/errors/errors.ts'
import type { ProxyFault } from '../../model/proxy/proxy.ts'

/** Thrown when a proxy did not take the credentials that it was given, or asks for some and there are none. `server` is its address. */
export function proxyRefused(server: string, had: boolean): AutomateError {
  const what = had
    ? 'refused the user name and password that "proxies" has for it (407). Correct them there.'
    : 'asks for a user name and a password (407), and "proxies" has none for it. Write it as http://name:secret@host:port.'
  const fault: ProxyFault = { kind: had ? 'refuses' : 'no-login' }
  return new AutomateError('proxy', `The proxy ${server} ${what}`, {
    facts: { proxy: server, status: 407, fault },
  })
}

/** Thrown when a site did not take the credentials of its origin. Trying again would only lock the account. */
export function siteRefused(origin: string): AutomateError {
  return new AutomateError(
    'hard-fail',
    `${origin} refused the user name and password that "credentials" has for it (401). Correct them there, and retry the job.`,
    { facts: { origin, status: 401 } },
  )
}
