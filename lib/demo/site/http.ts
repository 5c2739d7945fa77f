import type { Markup } from './pages/markup.ts'

/** Parsed request. */
export interface SiteRequest {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly form: URLSearchParams
  readonly cookies: ReadonlyMap<string, string>
  /**
   * Returns the decoded value of a named part of the route's path (`:shop`), or '' if the route has
   * no part of this name.
   */
  param(name: string): string
}

/** The site's reply to a request. */
export type SiteReply =
  | {
      readonly kind: 'page'
      readonly status: number
      readonly page: Markup
      readonly headers: Readonly<Record<string, string>>
    }
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'redirect'; readonly to: string; readonly headers: Readonly<Record<string, string>> }
  /** The connection is closed without a response. */
  | { readonly kind: 'drop' }

export interface SiteRoute {
  readonly method: 'GET' | 'POST'
  /**
   * Path pattern, such as `/shops/:shop/:item`. A part that begins with a colon matches any one
   * part of the request's path.
   */
  readonly path: string
  readonly answer: (request: SiteRequest) => SiteReply | Promise<SiteReply>
}

export function page(
  content: Markup,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): SiteReply {
  return { kind: 'page', status, page: content, headers }
}

/**
 * Returns a redirect with status 303 (See Other), which the browser follows with GET after any
 * method.
 */
export function redirect(to: string, headers: Readonly<Record<string, string>> = {}): SiteReply {
  return { kind: 'redirect', to, headers }
}

/**
 * Returns the route that matches a request, with the values of the route's named parts, or
 * undefined if no route matches.
 */
export function matchRoute(
  routes: readonly SiteRoute[],
  method: string,
  path: string,
): { route: SiteRoute; params: ReadonlyMap<string, string> } | undefined {
  const parts = path.split('/')
  for (const route of routes) {
    if (route.method !== method) continue
    const params = matchPath(route.path.split('/'), parts)
    if (params !== undefined) return { route, params }
  }
  return undefined
}

function matchPath(
  pattern: readonly string[],
  parts: readonly string[],
): ReadonlyMap<string, string> | undefined {
  if (pattern.length !== parts.length) return undefined
  const params = new Map<string, string>()
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? ''
    if (expected.startsWith(':')) params.set(expected.slice(1), part)
    else if (expected !== part) return undefined
  }
  return params
}
