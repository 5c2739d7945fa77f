import { AutomateError } from '../../core/errors/errors.ts'

/** Default limit of a list, more than a person reads at once. */
const LISTED_UNLESS_SAID = 200

/** Most rows that the store returns at once. */
const PAGE_ROWS = 1_000

/** Rows of a list, newest first; `cut` if there are more. */
interface NewestRows<T> {
  readonly rows: readonly T[]
  readonly cut: boolean
}

/**
 * Returns the limit of a list from its `--limit`.
 * @throws `usage`
 */
export function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? LISTED_UNLESS_SAID : Number(text)
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new AutomateError('usage', `--limit must be a whole number of at least 1, got "${text ?? ''}".`)
}

/**
 * Returns the newest rows of a list. Reads page by page, so that other callers of the store have
 * their turns. A page may be shorter than requested, because unreadable rows are omitted.
 */
export async function readNewest<T extends { readonly id: number }>(
  limit: number,
  readPage: (page: { readonly limit: number; readonly beforeId?: number }) => Promise<readonly T[]>,
): Promise<NewestRows<T>> {
  const rows: T[] = []
  for (;;) {
    // One additional row shows whether there are more.
    const most = Math.min(PAGE_ROWS, limit + 1 - rows.length)
    const last = rows.at(-1)
    const page = await readPage({ limit: most, ...(last === undefined ? {} : { beforeId: last.id }) })
    rows.push(...page)
    if (page.length === 0 || rows.length > limit) {
      return { rows: rows.slice(0, limit), cut: rows.length > limit }
    }
  }
}
