import { newToken } from '../../core/ids.ts'
import type { Clock } from '../../core/time/clock.ts'
import type { OrderDraft } from './orders.ts'
import type { SiteRequest } from './http.ts'

/** Account of the demo, shown on the login page. */
export const DEMO_ACCOUNT = { username: 'operator', password: 'red-or-white' } as const

const COOKIE = 'street-session'

/**
 * Lifetime of the cookie: a day. It is longer than the session's, so that the site can report an
 * expired session.
 */
const COOKIE_SECONDS = 24 * 60 * 60

export interface Session {
  readonly id: string
  readonly user: string
  readonly expiresAt: number
  draft: OrderDraft | undefined
}

/**
 * The sender of a request: a signed-in visitor, a visitor with an expired session, or an anonymous
 * visitor.
 */
export type Visitor =
  | { readonly kind: 'signed-in'; readonly session: Session }
  | { readonly kind: 'expired' }
  | { readonly kind: 'stranger' }

/** Customers of the site in addition to the demo's own: passwords by user name. */
export type Customers = Readonly<Record<string, string>>

/** The sessions of the site, in memory. */
export class Sessions {
  private readonly open = new Map<string, Session>()
  private readonly clock: Clock
  private readonly lifetimeMs: number
  private readonly customers: ReadonlyMap<string, string>

  constructor(clock: Clock, lifetimeMs: number, customers: Customers = {}) {
    this.clock = clock
    this.lifetimeMs = lifetimeMs
    this.customers = new Map([...Object.entries(customers), [DEMO_ACCOUNT.username, DEMO_ACCOUNT.password]])
  }

  /** Creates and returns a session, or returns undefined if the name or the password is wrong. */
  signIn(username: string, password: string): Session | undefined {
    if (this.customers.get(username) !== password) return undefined
    this.forgetExpired()
    const session = {
      id: newToken(),
      user: username,
      expiresAt: this.clock.now() + this.lifetimeMs,
      draft: undefined,
    }
    this.open.set(session.id, session)
    return session
  }

  signOut(request: SiteRequest): void {
    this.open.delete(request.cookies.get(COOKIE) ?? '')
  }

  /** Ends every session at once, as a restart of a server does. */
  endAll(): void {
    this.open.clear()
  }

  visitor(request: SiteRequest): Visitor {
    const id = request.cookies.get(COOKIE)
    if (id === undefined || id === '') return { kind: 'stranger' }
    const session = this.open.get(id)
    if (session === undefined || session.expiresAt <= this.clock.now()) return { kind: 'expired' }
    return { kind: 'signed-in', session }
  }

  private forgetExpired(): void {
    const now = this.clock.now()
    for (const session of this.open.values()) {
      if (session.expiresAt <= now) this.open.delete(session.id)
    }
  }
}

export function sessionCookie(session: Session): Readonly<Record<string, string>> {
  return {
    'set-cookie': `${COOKIE}=${session.id}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${COOKIE_SECONDS}`,
  }
}

export const noSessionCookie: Readonly<Record<string, string>> = {
  'set-cookie': `${COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`,
}
