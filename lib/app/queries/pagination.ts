import { AutomateError } from '../../core/errors/errors.ts'

/** Maximum number of rows in a list without `--limit`, more than a person reads at once. */
const LISTED_UNLESS_SAID = 200

/** Maximum number of rows that the store returns at once. */
const PAGE_ROWS = 1_000

/** Rows of a list, newest first. `cut` is true if there are more. */
interface NewestRows<T> {
  readonly rows: readonly T[]
  readonly cut: boolean
}

/**
 * Returns the maximum number of rows in a list from the value of `--limit`.
 * @throws `usage` if the value is not a valid limit.
 */
export function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? LISTED_UNLESS_SAID : Number(text)
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new AutomateError('usage', `--limit must be a whole number of at least 1, got "${text ?? ''}".`)
}

/**
 * Returns the newest rows of a list. Reads page by page, so that other callers of the store are
 * served in between. A page may be shorter than requested, because unreadable rows are left out.
 */
export async function readNewest<T extends { readonly id: number }>(
  limit: number,
  readPage: (page: { readonly limit: number; readonly beforeId?: number }) => Promise<readonly T[]>,
): Promise<NewestRows<T>> {
  const rows: T[] = []
  for (;;) {
    // One row more than the limit is requested, to find out whether there are more.
    const most = Math.min(PAGE_ROWS, limit + 1 - rows.length)
    const last = rows.at(-1)
    const page = await readPage({ limit: most, ...(last === undefined ? {} : { beforeId: last.id }) })
    rows.push(...page)
    if (page.length === 0 || rows.length > limit) {
      return { rows: rows.slice(0, limit), cut: rows.length > limit }
    }
  }
}
