import type { LogLevel } from '../../lib/model/log-line.ts'
import type { Pattern } from './pattern.ts'

/** Search and filters of a log. */
export interface LogSearch {
  readonly find: Pattern | null
  readonly filter: Pattern | null
  /** Lowest level of a visible line. */
  readonly level: LogLevel
  /** Writer of the visible lines, as `writerOf` names it; null for all. */
  readonly writer: string | null
}

export const NO_SEARCH: LogSearch = { find: null, filter: null, level: 'debug', writer: null }
