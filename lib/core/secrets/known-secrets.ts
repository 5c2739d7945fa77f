import { UncolouredText, lastColour } from './coloured-text.ts'
import { formsOf } from './secret-forms.ts'
import type { SecretForm } from './secret-forms.ts'
import { SecretSearch } from './secret-search.ts'
import type { Match } from './secret-search.ts'
import { SecretTree } from './secret-tree.ts'

/** Text that replaces a secret. */
export const REDACTED = '***'

/**
 * Number of characters that are read on the other side of a cut, to find a secret that crosses it.
 */
export const READ_BEYOND_CUT = 4_000

/**
 * Number of characters that are searched at once. The search needs at most a few megabytes of
 * working memory for them.
 */
const SEARCHED_AT_ONCE = 65_536

/** A set of secret texts. Finds and redacts them in other texts, in each of their written forms. */
export class KnownSecrets {
  private readonly held = new Map<string, { readonly forms: readonly SecretForm[]; holders: number }>()
  private readonly tree = new SecretTree()
  private readonly search = new SecretSearch(this.tree)
  private onOwn: (() => void) | undefined

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets)
  }

  /** Number of tree nodes that all searches have visited so far, see `SecretSearch`. */
  get visits(): number {
    return this.search.visits
  }

  /** Adds secrets permanently. Values that are too short to be secrets are ignored. */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) this.take(secret, Infinity)
  }

  /**
   * Adds secrets that the parent process already knows, so the listener of `watchOwn` is not
   * called.
   */
  addShared(secrets: Iterable<string>): void {
    for (const secret of secrets) this.take(secret, Infinity, true)
  }

  /** Sets the function to call for each added secret that the parent process does not know. */
  watchOwn(listener: () => void): void {
    this.onOwn = listener
  }

  /**
   * Adds secrets until the returned function is called. A secret with several holders is removed
   * once all of them have released it.
   */
  hold(secrets: Iterable<string>): () => void {
    const taken = new Set(secrets)
    for (const secret of taken) this.take(secret, 1)
    return () => {
      for (const secret of taken) this.release(secret)
      taken.clear()
    }
  }

  /** Returns the text with each secret in it replaced by `***`. */
  readonly redact = (text: string): string => {
    const { redacted, rest } = this.scan(text, false)
    return redacted + rest
  }

  /**
   * Returns the first `limit` characters of a text, or fewer if a secret would be cut at the end,
   * because half of a secret could not be recognised later. Reads only a little beyond the limit,
   * because a page can write megabytes.
   */
  head(text: string, limit: number): string {
    if (text.length <= limit) return text
    const read = text.slice(0, limit + READ_BEYOND_CUT)
    for (const { start, end, isOpen } of this.matchesIn(read, 0, limit)) {
      const isCut = end > limit || (isOpen && read.length < text.length)
      if (isCut) return text.slice(0, start)
    }
    return text.slice(0, limit)
  }

  /**
   * Returns the last `limit` characters of a text, or fewer if a secret would be cut at the
   * beginning.
   */
  tail(text: string, limit: number): string {
    let start = Math.max(0, text.length - limit)
    for (const { end } of this.matchesIn(text, Math.max(0, start - READ_BEYOND_CUT), start))
      start = Math.max(start, end)
    return text.slice(start)
  }

  /** True if the text contains a secret. */
  holds(text: string): boolean {
    if (this.tree.isEmpty) return false
    if (this.search.holds(text)) return true
    const uncoloured = UncolouredText.of(text, 0, false)
    return uncoloured !== undefined && this.search.holds(uncoloured.text)
  }

  /**
   * Redacts a text that will be continued. `rest` is the end of the text that may be the beginning
   * of a secret. It must be redacted together with the text that follows. It never contains a
   * complete secret that could be redacted now.
   */
  redactBeginning(text: string): { readonly redacted: string; readonly rest: string } {
    return this.scan(text, true)
  }

  private scan(text: string, stopsAtOpen: boolean): { readonly redacted: string; readonly rest: string } {
    let redacted = ''
    let from = 0
    for (const { start, end, isOpen } of this.matchesIn(text, 0, text.length, stopsAtOpen)) {
      if (stopsAtOpen && isOpen)
        return { redacted: redacted + text.slice(from, start), rest: text.slice(start) }
      if (end === -1) continue
      // The text after the secret must keep its colour.
      redacted += text.slice(from, start) + REDACTED + lastColour(text.slice(start, end))
      from = end
    }
    return stopsAtOpen
      ? { redacted: redacted + text.slice(from), rest: '' }
      : { redacted, rest: text.slice(from) }
  }

  /** Yields the longest match at each position. No match begins within another one. */
  private *matchesIn(text: string, from: number, until: number, continues = false): Generator<Match> {
    const uncoloured = this.tree.isEmpty ? undefined : UncolouredText.of(text, from, continues)
    if (uncoloured === undefined) {
      yield* this.plainMatches(text, from, until)
      return
    }
    // The plain text is searched too, because a secret itself can contain something like a colour
    // code.
    const all = [...this.plainMatches(text, from, until), ...this.colouredMatches(uncoloured, until)].sort(
      (a, b) => a.start - b.start || Number(b.isOpen) - Number(a.isOpen) || b.end - a.end,
    )
    let at = from
    for (const match of all) {
      if (match.start < at) continue
      yield match
      at = Math.max(at, match.end)
    }
  }

  /** Yields the matches in an uncoloured text, with their positions in the coloured original. */
  private *colouredMatches(uncoloured: UncolouredText, until: number): Generator<Match> {
    const { text } = uncoloured
    for (const { start, end, isOpen } of this.plainMatches(text, 0, text.length)) {
      const place = uncoloured.placeOf(start)
      if (place >= until) return
      yield { start: place, end: end === -1 ? -1 : uncoloured.placeOf(end - 1) + 1, isOpen }
    }
  }

  private *plainMatches(text: string, from: number, until: number): Generator<Match> {
    for (let at = from; at < until && !this.tree.isEmpty;) {
      const searched = Math.min(until, at + SEARCHED_AT_ONCE)
      for (const match of this.search.matches(text, at, searched)) {
        if (match.start < at) continue
        yield match
        at = Math.max(at, match.end)
      }
      at = Math.max(at, searched)
    }
  }

  private take(secret: string, holders: number, isShared = false): void {
    const known = this.held.get(secret)
    if (known !== undefined) {
      known.holders += holders
      return
    }
    const forms = formsOf(secret)
    if (forms.length === 0) return
    this.held.set(secret, { forms, holders })
    for (const form of forms) this.tree.add(form)
    if (!isShared) this.onOwn?.()
  }

  private release(secret: string): void {
    const known = this.held.get(secret)
    if (known === undefined) return
    known.holders -= 1
    if (known.holders > 0) return
    this.held.delete(secret)
    for (const form of known.forms) this.tree.remove(form)
  }
}

/**
 * Secrets that this process knows. They are redacted in every text that the process writes, logs or
 * prints for people.
 */
export const knownSecrets = new KnownSecrets()

/**
 * Minimum length of hidden input that counts as a secret. Shorter input is more likely a choice or
 * a position.
 */
export const SHORTEST_TYPED = 6

/**
 * Adds the hidden input of a person to the secrets that this process knows. The input is a text, or
 * a JSON value whose texts and numbers are added. Numbers are added as text, because a workflow can
 * request a code as a number.
 */
export function addTyped(typed: unknown): void {
  if (typeof typed === 'number') addTyped(String(typed))
  else if (typeof typed === 'string') {
    if (typed.trim().length >= SHORTEST_TYPED) knownSecrets.add([typed, typed.trim()])
  } else if (typeof typed === 'object' && typed !== null) Object.values(typed).forEach(addTyped)
}

/**
 * Fields of a document that must not be redacted, because their reader needs them unchanged. A
 * field is `true`, or an object that names the fields in it.
 */
export interface KeptFields {
  readonly [name: string]: true | KeptFields
}

const NO_FIELDS: KeptFields = {}

/**
 * Returns a JSON text with the secrets in its strings redacted, except in the fields `kept`. Only
 * the path in `kept` is exempt. A field of the same name elsewhere is redacted, because pages and
 * workflows choose the names there. Lists have no exempt fields. A text without a secret is
 * returned unchanged, without being parsed.
 */
export function redactJsonText(
  text: string,
  secrets: KnownSecrets = knownSecrets,
  kept: KeptFields = NO_FIELDS,
): string {
  if (!secrets.holds(text)) return text
  const redactValue = (value: unknown, fields: KeptFields): unknown => {
    if (typeof value === 'string') return secrets.redact(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, NO_FIELDS))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: [string, unknown]) => {
        const field = Object.hasOwn(fields, name) ? fields[name] : undefined
        if (field === undefined) return [secrets.redact(name), redactValue(item, NO_FIELDS)]
        if (field === true) return [name, typeof item === 'string' ? item : redactValue(item, NO_FIELDS)]
        return [name, redactValue(item, field)]
      }),
    )
  }
  return JSON.stringify(redactValue(JSON.parse(text), kept))
}
