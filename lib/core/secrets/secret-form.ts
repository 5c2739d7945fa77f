/** The result of a search at one place of a text. */
export interface Match {
  /** The end of the longest match; -1 for none. */
  readonly end: number
  /** True if the text ends before the form, or a longer match of it, is complete. */
  readonly isOpen: boolean
}

/**
 * The matches of parts that a search through one text has already followed. Without it, a run of one
 * character, such as a backslash, is followed again from each of its places and in each combination.
 */
export class SearchMemory {
  private readonly byForm = new Map<SecretForm, { furthest: number; readonly matches: Map<number, Match> }>()

  /** Returns the matches of a form that a search from `start` on can meet again. */
  matchesOf(form: SecretForm, start: number): Map<number, Match> {
    const known = this.byForm.get(form)
    if (known === undefined) return new Map()
    if (start > known.furthest) known.matches.clear()
    return known.matches
  }

  remember(form: SecretForm, matches: Map<number, Match>, furthest: number): void {
    const known = this.byForm.get(form)
    if (known === undefined) this.byForm.set(form, { furthest, matches })
    else known.furthest = Math.max(known.furthest, furthest)
  }
}

/**
 * A text that a secret can stand as: a sequence of parts, each of which has several forms. It is
 * searched without a regular expression, because the forms of many secrets would take one that is
 * compiled again with each secret, and because the time for a search must not grow with the ways of
 * combining the forms.
 */
export class SecretForm {
  private readonly parts: readonly (readonly string[])[]

  /** Takes the forms of each character. */
  constructor(characters: Iterable<readonly string[]>) {
    this.parts = joined(characters)
  }

  /** Returns the first two characters of every text that matches. */
  heads(): ReadonlySet<string> {
    const heads = new Set<string>()
    const follow = (at: number, before: string) => {
      for (const form of this.parts[at] ?? []) {
        const head = before + form
        if (head.length >= HEAD_LENGTH) heads.add(head.slice(0, HEAD_LENGTH))
        else follow(at + 1, head)
      }
    }
    follow(0, '')
    return heads
  }

  /** Searches at one place. Searches in the same text share a memory. */
  matchAt(text: string, start: number, memory = new SearchMemory()): Match {
    const matches = memory.matchesOf(this, start)
    const layers = this.placesOfParts(text, start, matches)
    // The last part comes first, because the match of a part is the match of the next one.
    for (let part = layers.length - 1; part > 0; part--)
      for (const place of layers[part] ?? [])
        matches.set(this.keyOf(part, place), this.matchOfPart(text, part, place, matches))
    const match = this.matchOfPart(text, 0, start, matches)
    if (layers.length > 1) memory.remember(this, matches, Math.max(...layers.map(last)))
    return match
  }

  /** Returns the places at which each part can begin, without those of which the match is known. */
  private placesOfParts(text: string, start: number, matches: ReadonlyMap<number, Match>): number[][] {
    const layers = [[start]]
    for (const [part, forms] of this.parts.slice(0, -1).entries()) {
      const next = new Set<number>()
      for (const place of layers[part] ?? [])
        for (const form of forms) {
          const end = place + form.length
          if (text.startsWith(form, place) && !matches.has(this.keyOf(part + 1, end))) next.add(end)
        }
      if (next.size === 0) break
      layers.push([...next].sort((a, b) => a - b))
    }
    return layers
  }

  private matchOfPart(text: string, part: number, place: number, matches: ReadonlyMap<number, Match>): Match {
    let end = -1
    let isOpen = false
    for (const form of this.parts[part] ?? []) {
      if (text.length - place < form.length) isOpen ||= form.startsWith(text.slice(place))
      else if (text.startsWith(form, place)) {
        const after = place + form.length
        const rest = matches.get(this.keyOf(part + 1, after))
        end = Math.max(end, part === this.parts.length - 1 ? after : (rest?.end ?? -1))
        isOpen ||= rest?.isOpen === true
      }
    }
    return { end, isOpen }
  }

  private keyOf(part: number, place: number): number {
    return place * this.parts.length + part
  }
}

const last = (places: readonly number[]): number => places.at(-1) ?? -1

/** Number of characters that a search compares before it compares the whole form. */
export const HEAD_LENGTH = 2

/** Joins neighbours that have one form each. */
function joined(characters: Iterable<readonly string[]>): string[][] {
  const parts: string[][] = []
  let literal = ''
  const close = () => {
    if (literal !== '') parts.push([literal])
    literal = ''
  }
  for (const forms of characters) {
    const [only = ''] = forms
    if (forms.length === 1) literal += only
    else {
      close()
      parts.push([...forms])
    }
  }
  close()
  return parts
}
