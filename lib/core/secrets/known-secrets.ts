import { formsOf } from './secret-forms.ts'

/** Stands where a secret was. */
export const REDACTED = '***'

/** Secrets as texts, which can be found and redacted in other texts in each of their forms. */
export class KnownSecrets {
  private readonly values = new Set<string>()
  private forms: readonly string[] = []
  private pattern: RegExp | undefined

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets)
  }

  /** Adds secrets; a value that is too short to be a secret changes nothing. */
  add(secrets: Iterable<string>): void {
    const fresh = [...secrets].filter(secret => !this.values.has(secret))
    if (fresh.length === 0) return
    for (const secret of fresh) this.values.add(secret)
    const forms = new Set([...this.forms, ...fresh.flatMap(formsOf)])
    // A secret that begins with another one has to be found first, or its rest would stay.
    this.forms = [...forms].sort((a, b) => b.length - a.length)
    // One pattern reads a text once, however many forms there are.
    this.pattern = this.forms.length === 0 ? undefined : new RegExp(this.forms.map(literal).join('|'), 'g')
  }

  /** Returns the text without the secrets in it. */
  readonly redact = (text: string): string =>
    this.pattern === undefined ? text : text.replace(this.pattern, REDACTED)

  /** Returns whether a secret stands in the text. */
  holds(text: string): boolean {
    return this.pattern !== undefined && text.search(this.pattern) >= 0
  }

  /**
   * Redacts a text of which more is to come. `rest` is its end that can be the beginning of a secret, and has to be redacted together with what comes next; it never
   * holds a whole secret that could be redacted now.
   */
  redactBeginning(text: string): { readonly redacted: string; readonly rest: string } {
    if (this.pattern === undefined) return { redacted: text, rest: '' }
    let from = 0
    let redacted = ''
    let open = this.openFrom(text, 0)
    for (const { index, 0: found } of text.matchAll(this.pattern)) {
      if (index >= open) break
      redacted += text.slice(from, index) + REDACTED
      from = index + found.length
      if (from > open) open = this.openFrom(text, from)
    }
    return { redacted: redacted + text.slice(from, open), rest: text.slice(open) }
  }

  /** Where the longest end of the text begins, not before `from`, with which a longer form begins; the text's length for none. */
  private openFrom(text: string, from: number): number {
    const longest = (this.forms[0] ?? '').length - 1
    for (let at = Math.max(from, text.length - longest); at < text.length; at++) {
      const end = text.slice(at)
      if (this.forms.some(form => form.length > end.length && form.startsWith(end))) return at
    }
    return text.length
  }
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')

/** The secrets that this process knows. Everything that it writes, logs or prints for people is redacted with them. */
export const knownSecrets = new KnownSecrets()

/** A shorter text that a person typed unseen is rather a choice or a place than a secret. */
const SHORTEST_TYPED = 6

/** Adds what a person typed unseen, a text or the texts of a JSON value, to the secrets that this process knows. */
export function addTyped(typed: unknown): void {
  if (typeof typed === 'string') {
    if (typed.trim().length >= SHORTEST_TYPED) knownSecrets.add([typed, typed.trim()])
  } else if (typeof typed === 'object' && typed !== null) Object.values(typed).forEach(addTyped)
}

/**
 * Returns a JSON text with the secrets in its strings redacted, but in those under one of the names `kept`, which the reader of the document needs as they are. A text
 * without a secret is returned as it is, unread.
 */
export function redactJsonText(
  text: string,
  secrets: KnownSecrets = knownSecrets,
  kept: ReadonlySet<string> = new Set(),
): string {
  if (!secrets.holds(text)) return text
  return JSON.stringify(
    JSON.parse(text, (name, value: unknown) => {
      if (kept.has(name)) return value
      if (typeof value === 'string') return secrets.redact(value)
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [secrets.redact(key), item]))
    }),
  )
}
