import { UncolouredText, lastColour } from './coloured-text.ts'
import { formsOf } from './secret-forms.ts'
import type { SecretForm } from './secret-forms.ts'
import { SecretSearch } from './secret-search.ts'
import type { Match } from './secret-search.ts'
import { SecretTree } from './secret-tree.ts'

/** Replacement of a secret. */
export const REDACTED = '***'

/** Number of characters that are read beyond a cut to find a secret across it. */
export const READ_BEYOND_CUT = 4_000

/** Places that are searched at once. The notes about them take some megabytes at most. */
const SEARCHED_AT_ONCE = 65_536

/** Secrets as texts. Finds and redacts them in other texts in each of their forms. */
export class KnownSecrets {
  private readonly held = new Map<string, { readonly forms: readonly SecretForm[]; holders: number }>()
  private readonly tree = new SecretTree()
  private readonly search = new SecretSearch(this.tree)
  private onOwn: (() => void) | undefined

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets)
  }

  /** Work of all searches so far, as `SecretSearch` counts it. */
  get visits(): number {
    return this.search.visits
  }

  /**
   * Adds secrets until the process ends. A value that is too short for a secret changes nothing.
   */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) this.take(secret, Infinity)
  }

  /** Adds secrets that the parent process knows as well. */
  addShared(secrets: Iterable<string>): void {
    for (const secret of secrets) this.take(secret, Infinity, true)
  }

  /** Calls `listener` for each secret that becomes known to this process alone. */
  watchOwn(listener: () => void): void {
    this.onOwn = listener
  }

  /**
   * Adds secrets until the returned function is called. A secret with several holders stays until
   * all of them have released it.
   */
  hold(secrets: Iterable<string>): () => void {
    const taken = new Set(secrets)
    for (const secret of taken) this.take(secret, 1)
    return () => {
      for (const secret of taken) this.release(secret)
      taken.clear()
    }
  }

  /** Returns the text without the secrets in it. */
  readonly redact = (text: string): string => {
    const { redacted, rest } = this.scan(text, false)
    return redacted + rest
  }

  /**
   * Returns the beginning of a text, at most `limit` characters, without half a secret at its end,
   * because half a secret is not found later. Reads little more than that, because a page can write
   * megabytes.
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
   * Returns the end of a text, at most `limit` characters, without half a secret at its beginning.
   */
  tail(text: string, limit: number): string {
    let start = Math.max(0, text.length - limit)
    for (const { end } of this.matchesIn(text, Math.max(0, start - READ_BEYOND_CUT), start))
      start = Math.max(start, end)
    return text.slice(start)
  }

  /** True if the text holds a secret. */
  holds(text: string): boolean {
    if (this.tree.isEmpty) return false
    if (this.search.holds(text)) return true
    const uncoloured = UncolouredText.of(text, 0, false)
    return uncoloured !== undefined && this.search.holds(uncoloured.text)
  }

  /**
   * Redacts a text that continues. `rest` is its end that can be the beginning of a secret, and
   * must be redacted together with the text that follows. `rest` never holds a whole secret that
   * could be redacted now.
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
      // The text behind the secret must stay coloured.
      redacted += text.slice(from, start) + REDACTED + lastColour(text.slice(start, end))
      from = end
    }
    return stopsAtOpen
      ? { redacted: redacted + text.slice(from), rest: '' }
      : { redacted, rest: text.slice(from) }
  }

  /** Yields the longest matches. None begins within another one. */
  private *matchesIn(text: string, from: number, until: number, continues = false): Generator<Match> {
    const uncoloured = this.tree.isEmpty ? undefined : UncolouredText.of(text, from, continues)
    if (uncoloured === undefined) {
      yield* this.plainMatches(text, from, until)
      return
    }
    // A secret itself can contain a text like a colour code.
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

  /** Yields the matches of an uncoloured text by their places in the coloured original. */
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
 * Secrets that this process knows. Every text that it writes, logs or prints for people is redacted
 * with them.
 */
export const knownSecrets = new KnownSecrets()

/** Shortest hidden input that counts as a secret. A shorter one is rather a choice or a place. */
export const SHORTEST_TYPED = 6

/**
 * Adds hidden input of a person to the secrets that this process knows: a text, or the texts and
 * numbers of a JSON value. A number counts as its text, because a code can be requested as a
 * number.
 */
export function addTyped(typed: unknown): void {
  if (typeof typed === 'number') addTyped(String(typed))
  else if (typeof typed === 'string') {
    if (typed.trim().length >= SHORTEST_TYPED) knownSecrets.add([typed, typed.trim()])
  } else if (typeof typed === 'object' && typed !== null) Object.values(typed).forEach(addTyped)
}

/**
 * Fields of a document with texts that its reader needs unchanged, by their places: `true` for such
 * a field, and the fields in it for an object.
 */
export interface KeptFields {
  readonly [name: string]: true | KeptFields
}

const NO_FIELDS: KeptFields = {}

/**
 * Returns a JSON text with the secrets in its strings redacted, except in the fields `kept`. A
 * field of the same name at another place is redacted, because pages and workflows choose the names
 * there. In a list no field is exempt. Returns a text without a secret unchanged and without
 * parsing it.
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
