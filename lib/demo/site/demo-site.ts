import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { systemClock } from '../../core/time/clock.ts'
import type { Clock } from '../../core/time/clock.ts'
import { AutomateError, systemCode } from '../../core/errors/errors.ts'
import { accountRoutes } from './routes/account-routes.ts'
import { apiRoutes } from './routes/api-routes.ts'
import type { PriceOverrides } from './catalogue.ts'
import { orderRoutes } from './routes/order-routes.ts'
import type { SiteStats } from './request-counts.ts'
import { answerWith } from './server.ts'
import { shopRoutes } from './routes/shop-routes.ts'
import type { Customers } from './sessions.ts'
import { Street } from './street.ts'

/** Loopback address, so that only this machine can reach the site. */
const HOST = '127.0.0.1'
/**
 * Default length of a session, long enough for any demo. Tests of expired sessions set a shorter
 * one.
 */
const DEFAULT_SESSION_MS = 30 * 60_000

export interface DemoSiteOptions {
  /** Port to listen on. 0, the default, takes any free port. */
  readonly port?: number
  /** Seed of the street's prices, stock, failures and order numbers. Default 1. */
  readonly seed?: number
  /** Exact prices by `<shop>/<bottle>`, in cents. */
  readonly data?: PriceOverrides
  /** Factor by which every latency is multiplied. 0 responds at once. Default 1. */
  readonly pace?: number
  /** Length of a session in ms. Default 30 minutes. */
  readonly sessionMs?: number
  /** Accounts in addition to the demo's own: passwords by user name. */
  readonly customers?: Customers
  readonly clock?: Clock
}

export interface DemoSite {
  /** Address of the index page, with a trailing slash: `http://127.0.0.1:41234/`. */
  readonly url: string
  /** Returns the number of requests so far, by path. */
  stats(): SiteStats
  /**
   * Ends all sessions. The next request for a page that requires a login reports an expired
   * session.
   */
  endSessions(): void
  /**
   * Closes every connection, abandons pending replies and frees the port. A second call does
   * nothing.
   */
  close(): Promise<void>
}

/**
 * Starts the site of the demo's workflows, a street of wine shops.
 * @throws `environment-unfit` if the port is in use.
 * @throws `usage` if an override names no shop or bottle.
 */
export async function startDemoSite(options: DemoSiteOptions = {}): Promise<DemoSite> {
  const street = new Street({
    seed: options.seed ?? 1,
    data: options.data ?? {},
    pace: options.pace ?? 1,
    sessionMs: options.sessionMs ?? DEFAULT_SESSION_MS,
    customers: options.customers ?? {},
    clock: options.clock ?? systemClock,
  })
  const routes = [
    ...shopRoutes(street),
    ...accountRoutes(street),
    ...orderRoutes(street),
    ...apiRoutes(street),
  ]
  const server = createServer(
    (request, response) => void answerWith(routes, street.counts, request, response),
  )
  const port = await listen(server, options.port ?? 0)

  let closed: Promise<void> | undefined
  return {
    url: `http://${HOST}:${port}/`,
    stats: () => street.counts.stats(),
    endSessions: () => street.sessions.endAll(),
    close: () => {
      closed ??= new Promise(resolve => {
        street.close()
        server.close(() => resolve())
        server.closeAllConnections()
      })
      return closed
    },
  }
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', error =>
      reject(
        new AutomateError(
          'environment-unfit',
          `The demo site cannot listen on port ${port} (${systemCode(error) ?? error.message}). Choose another port with --port, or 0 for any free port.`,
          { facts: { port }, cause: error },
        ),
      ),
    )
    server.listen(port, HOST, () => {
      const address = server.address()
      resolve(typeof address === 'object' && address !== null ? address.port : port)
    })
  })
}
