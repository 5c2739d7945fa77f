import { page, redirect } from '../http.ts'
import type { SiteReply, SiteRequest, SiteRoute } from '../http.ts'
import { layout } from '../pages/layout.ts'
import { markup } from '../pages/markup.ts'
import type { Markup } from '../pages/markup.ts'
import { DEMO_ACCOUNT, noSessionCookie, sessionCookie } from '../sessions.ts'
import type { Session } from '../sessions.ts'
import type { Street } from '../street.ts'

const LOGIN_LATENCY_MS = 150
/** Page shown after the login if the login page was opened directly. */
const HOME = '/account'

/** Returns the routes of login, logout and the account's own page. */
export function accountRoutes(street: Street): readonly SiteRoute[] {
  return [
    {
      method: 'GET',
      path: '/account/login',
      answer: ({ query }) =>
        page(
          loginPage(
            localPath(query.get('next')),
            query.get('reason') === 'expired' ? 'Your session has expired. Please sign in again.' : undefined,
          ),
        ),
    },
    {
      method: 'POST',
      path: '/account/login',
      answer: async ({ form }) => {
        await street.linger(LOGIN_LATENCY_MS)
        const next = localPath(form.get('next'))
        const session = street.sessions.signIn(form.get('username') ?? '', form.get('password') ?? '')
        return session === undefined
          ? page(loginPage(next, undefined, 'The user name or the password is wrong.'), 401)
          : redirect(next, sessionCookie(session))
      },
    },
    {
      method: 'POST',
      path: '/account/logout',
      answer: request => {
        street.sessions.signOut(request)
        return redirect('/', noSessionCookie)
      },
    },
    {
      method: 'GET',
      path: '/account',
      answer: signedIn(street, ({ user }) =>
        page(
          layout(
            'Your account',
            markup`<h1>Welcome, ${user}</h1>
<table class="orders"><thead><tr><th>Order</th><th>Reference</th><th>Bottles</th></tr></thead><tbody>
${street.orders
  .all()
  .filter(order => order.user === user)
  .map(
    order => markup`<tr><td>${order.number}</td><td>${order.reference}</td>
<td>${order.lines.reduce((sum, line) => sum + line.quantity, 0)}</td></tr>
`,
  )}
</tbody></table>
<form method="post" action="/account/logout"><p><button class="quiet">Sign out</button></p></form>`,
            user,
          ),
        ),
      ),
    },
  ]
}

/**
 * Returns a handler that replies to signed-in visitors and redirects all others to the login page.
 * That page reports an expired session.
 */
export function signedIn(
  street: Street,
  answer: (session: Session, request: SiteRequest) => SiteReply | Promise<SiteReply>,
): (request: SiteRequest) => SiteReply | Promise<SiteReply> {
  return request => {
    const visitor = street.sessions.visitor(request)
    if (visitor.kind === 'signed-in') return answer(visitor.session, request)
    const next = request.method === 'GET' ? request.path : HOME
    const reason = visitor.kind === 'expired' ? '&reason=expired' : ''
    return redirect(`/account/login?next=${encodeURIComponent(next)}${reason}`)
  }
}

function loginPage(next: string, notice?: string, error?: string): Markup {
  return layout(
    'Sign in',
    markup`<h1>Sign in</h1>
<p class="lead">Orders are for the street's own customers.</p>
${notice === undefined ? undefined : markup`<p class="notice" role="status">${notice}</p>`}
<form class="panel" method="post" action="/account/login">
${error === undefined ? undefined : markup`<p class="error" role="alert">${error}</p>`}
<input type="hidden" name="next" value="${next}">
<label>User name <input type="text" name="username" autocomplete="username"></label>
<label>Password <input type="password" name="password" autocomplete="current-password"></label>
<button>Sign in</button>
<p class="soft">The demo's account: ${DEMO_ACCOUNT.username} / ${DEMO_ACCOUNT.password}</p>
</form>`,
  )
}

/**
 * Returns the path to redirect to after the login. Any value other than a path of this site is
 * replaced, because the login must not redirect to another host.
 */
function localPath(path: string | null): string {
  return path !== null && /^\/(?![/\\])/.test(path) ? path : HOME
}
