import { compileSafeRegex } from '../../lib/core/text/safe-regex.ts'

/**
 * Pattern that is searched for in lines: a text in upper or lower case, or a regular expression.
 */
export interface Pattern {
  readonly text: string
  readonly regex: boolean
  /** Returns the first match; null without a match. */
  readonly find: (text: string) => Found | null
}

export interface Found {
  readonly from: number
  readonly to: number
}

export type Parsed =
  { readonly ok: true; readonly pattern: Pattern } | { readonly ok: false; readonly problem: string }

/**
 * Maximum number of characters of a line that are searched. A line may be very long, because a page
 * can write it.
 */
const LOOKED_INTO = 1_000

/** Returns the part of a line that is searched. The ellipsis prevents a match of "$" at the cut. */
const lookedInto = (line: string) => (line.length > LOOKED_INTO ? `${line.slice(0, LOOKED_INTO)}…` : line)

/** Parses a typed pattern. Returns the problem of an invalid regular expression. */
export function parsePattern(text: string, regex: boolean): Parsed {
  if (!regex) return { ok: true, pattern: { text, regex, find: textFinder(text) } }
  const compiled = compileSafeRegex(text)
  if (!compiled.ok) return compiled
  const { expression } = compiled
  const find = (line: string): Found | null => {
    const match = expression.exec(lookedInto(line))
    return match === null ? null : { from: match.index, to: match.index + match[0].length }
  }
  return { ok: true, pattern: { text, regex, find } }
}

function textFinder(text: string): Pattern['find'] {
  const wanted = text.toLowerCase()
  return line => {
    const folded = lookedInto(line).toLowerCase()
    const from = folded.indexOf(wanted)
    return from === -1 ? null : { from, to: from + wanted.length }
  }
}
