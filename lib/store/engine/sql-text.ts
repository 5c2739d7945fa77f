/** What of an SQL text is not code: strings, quoted names and comments. Quoted names stay, since tables may be quoted. */
const STRINGS_AND_COMMENTS = /'(?:[^']|'')*'|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g

const NAMED = /[$:@]([A-Za-z_]\w*)/g

const WRITES =
  /\b(?:insert(?:\s+or\s+\w+)?\s+into|replace\s+into|update(?:\s+or\s+\w+)?|delete\s+from)\s+["`[]?(\w+)/gi

export interface SqlFacts {
  /** Names of the parameters, without their sign. */
  readonly parameters: ReadonlySet<string>
  /** The prefixed form that sql.js wants, by name. */
  readonly prefixed: ReadonlyMap<string, string>
  /** Number of `?`. */
  readonly positions: number
  /** Tables that the statement may write. */
  readonly writes: readonly string[]
}

/** Reads from one SQL statement what SQLite inside sql.js does not tell. */
export function readSql(sql: string): SqlFacts {
  const code = sql.replaceAll(STRINGS_AND_COMMENTS, ' ')
  const prefixed = new Map([...code.matchAll(NAMED)].map(match => [match[1] ?? '', match[0]]))
  const tables = [...code.matchAll(WRITES)].map(match => match[1] ?? '')
  return {
    parameters: new Set(prefixed.keys()),
    prefixed,
    positions: [...code.matchAll(/\?/g)].length,
    // "ON CONFLICT DO UPDATE SET" names no table.
    writes: [...new Set(tables.filter(table => table.toLowerCase() !== 'set'))],
  }
}
