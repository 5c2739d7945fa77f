/** The result of a search at one place of a text. */
export interface Match {
  /** The end of the longest match; -1 for none. */
  readonly end: number
  /** True if the text ends before the form, or a longer match of it, is complete. */
  readonly isOpen: boolean
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

  matchAt(text: string, start: number): Match {
    let places: number[] = [start]
    let isOpen = false
    for (const forms of this.parts) {
      const next: number[] = []
      for (const place of places)
        for (const form of forms) {
          if (text.length - place < form.length) isOpen ||= form.startsWith(text.slice(place))
          else if (text.startsWith(form, place) && !next.includes(place + form.length))
            next.push(place + form.length)
        }
      if (next.length === 0) return { end: -1, isOpen }
      places = next
    }
    return { end: Math.max(...places), isOpen }
  }
}

/** How many characters of a form a search compares before it compares the form. */
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
