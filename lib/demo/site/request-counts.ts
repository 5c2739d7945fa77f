/** How often each path was asked for: `{ total: 3, paths: { '/': 1, '/shops/old-mill': 2 } }`. */
export interface SiteStats {
  readonly total: number
  /** By path without its query; other methods than GET stand before it ("POST /account/login"). */
  readonly paths: Readonly<Record<string, number>>
}

/** All requests to paths that the site does not have are one entry, so that the counts stay small. */
export const NOT_FOUND = '(not found)'

export class RequestCounts {
  private total = 0
  private readonly byPath = new Map<string, number>()

  /** Counts a request, and returns how many there were of it before. */
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
