import { AutomateError } from '../../core/errors/errors.ts'

/** More than a person reads at once. */
const LISTED_UNLESS_SAID = 200

/** The store gives no more at once. */
const PAGE_ROWS = 1_000

/** Rows of a list, newest first; `cut` when there are more. */
interface NewestRows<T> {
  readonly rows: readonly T[]
  readonly cut: boolean
}

/** How many rows a list has at most, by its `--limit`. Thrown with code `usage`. */
export function parseLimit(text: string | undefined): number {
  const limit = text === undefined ? LISTED_UNLESS_SAID : Number(text)
  if (Number.isSafeInteger(limit) && limit > 0) return limit
  throw new AutomateError('usage', `--limit takes a whole number from 1, got "${text ?? ''}".`)
}

/** The newest rows of a list that is read page by page, so that others are served in between. A page may be shorter than asked for: unreadable rows are left out. */
export async function readNewest<T extends { readonly id: number }>(
  limit: number,
  readPage: (page: { readonly limit: number; readonly beforeId?: number }) => Promise<readonly T[]>,
): Promise<NewestRows<T>> {
  const rows: T[] = []
  for (;;) {
    // One more than is wanted tells whether there are more.
    const most = Math.min(PAGE_ROWS, limit + 1 - rows.length)
    const last = rows.at(-1)
    const page = await readPage({ limit: most, ...(last === undefined ? {} : { beforeId: last.id }) })
    rows.push(...page)
    if (page.length === 0 || rows.length > limit) {
      return { rows: rows.slice(0, limit), cut: rows.length > limit }
    }
  }
}
