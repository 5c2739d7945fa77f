/** Number of requests by path: `{ total: 3, paths: { '/': 1, '/shops/old-mill': 2 } }`. */
export interface SiteStats {
  readonly total: number
  /**
   * Number of requests by path, without the query. A method other than GET comes before the path
   * (`POST /account/login`).
   */
  readonly paths: Readonly<Record<string, number>>
}

/**
 * Entry under which all requests for unknown paths are counted, so that the number of entries stays
 * small.
 */
export const NOT_FOUND = '(not found)'

export class RequestCounts {
  private total = 0
  private readonly byPath = new Map<string, number>()

  /** Counts a request, and returns the number of earlier requests with the same method and path. */
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
