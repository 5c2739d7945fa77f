import { compileSafeRegex } from '../../lib/core/text/safe-regex.ts'

/** What is looked for in lines: a text, whatever its case, or a regular expression. */
export interface Pattern {
  readonly text: string
  readonly regex: boolean
  /** Where it is found first; null when it is not there. */
  readonly find: (text: string) => Found | null
}

export interface Found {
  readonly from: number
  readonly to: number
}

export type Parsed =
  { readonly ok: true; readonly pattern: Pattern } | { readonly ok: false; readonly problem: string }

/** Where a line is longer it is not looked into any more: it is a page's, and may be endless. */
const LOOKED_INTO = 1_000

/** The part that is looked into; where it was cut there is no end of the line. */
const lookedInto = (line: string) => (line.length > LOOKED_INTO ? `${line.slice(0, LOOKED_INTO)}…` : line)

/** Makes a pattern of what was typed; tells what is wrong with a regular expression that cannot be used. */
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
