import type { LogLevel } from '../../lib/model/log-line.ts'
import type { Pattern } from './pattern.ts'

/** What is looked for in a log, and what it leaves out. */
export interface LogSearch {
  readonly find: Pattern | null
  readonly filter: Pattern | null
  /** The least level that is shown. */
  readonly level: LogLevel
  /** Whose lines alone are shown, as `writerOf` names them. */
  readonly writer: string | null
}

export const NO_SEARCH: LogSearch = { find: null, filter: null, level: 'debug', writer: null }
