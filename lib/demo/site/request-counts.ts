/** Number of requests by path: `{ total: 3, paths: { '/': 1, '/shops/old-mill': 2 } }`. */
export interface SiteStats {
  readonly total: number
  /**
   * Counts by path without its query. Methods other than GET come before the path ("POST
   * /account/login").
   */
  readonly paths: Readonly<Record<string, number>>
}

/** The common entry of all requests to unknown paths, so that the counts stay small. */
export const NOT_FOUND = '(not found)'

export class RequestCounts {
  private total = 0
  private readonly byPath = new Map<string, number>()

  /** Counts a request, and returns the number of earlier equal requests. */
  count(method: string, path: string): number {
    const key = method === 'GET' ? path : `${method} ${path}`
    const before = this.byPath.get(key) ?? 0
    this.byPath.set(key, before + 1)
    this.total += 1
    return before
  }

  stats(): SiteStats {
    return { total: this.total, paths: Object.fromEntries(this.byPath) }
  }
}
