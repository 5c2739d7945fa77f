import { FormIndex } from './form-index.ts'
import { formsOf } from './secret-forms.ts'
import { SearchMemory } from './secret-form.ts'
import type { SecretForm } from './secret-form.ts'

/** Stands where a secret was. */
export const REDACTED = '***'

/** Number of characters that are read beyond a cut to find a secret across it. */
export const READ_BEYOND_CUT = 4_000

/** Secrets as texts, which can be found and redacted in other texts in each of their forms. */
export class KnownSecrets {
  private readonly held = new Map<string, { readonly forms: readonly SecretForm[]; holders: number }>()
  private readonly index = new FormIndex()

  constructor(secrets: Iterable<string> = []) {
    this.add(secrets)
  }

  /**
   * Adds secrets until the process ends; a value that is too short to be a secret changes nothing.
   */
  add(secrets: Iterable<string>): void {
    for (const secret of secrets) this.take(secret, Infinity)
  }

  /**
   * Adds secrets until the returned function is called. A secret that others hold stays until all
   * of them have released it.
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
   * Returns the beginning of a text, at most `limit` characters, without the half of a secret at its
   * end: a half is not found later. Reads little more than that, because a page can write megabytes.
   */
  head(text: string, limit: number): string {
    if (text.length <= limit) return text
    const read = text.slice(0, limit + READ_BEYOND_CUT)
    const memory = new SearchMemory()
    for (let at = 0; at < limit;) {
      const match = this.index.matchAt(read, at, memory)
      const isCut = match !== undefined && (match.end > limit || (match.isOpen && read.length < text.length))
      if (isCut) return text.slice(0, at)
      at = Math.max(at + 1, match?.end ?? 0)
    }
    return text.slice(0, limit)
  }

  /** Returns the end of a text, at most `limit` characters, without the half of a secret at its beginning. */
  tail(text: string, limit: number): string {
    let start = Math.max(0, text.length - limit)
    const memory = new SearchMemory()
    for (let at = Math.max(0, start - READ_BEYOND_CUT); at < start;) {
      const end = this.index.matchAt(text, at, memory)?.end ?? -1
      at = Math.max(at + 1, end)
      start = Math.max(start, end)
    }
    return text.slice(start)
  }

  /** Returns whether a secret stands in the text. */
  holds(text: string): boolean {
    if (this.index.isEmpty) return false
    const memory = new SearchMemory()
    for (let at = 0; at < text.length; at++)
      if ((this.index.matchAt(text, at, memory)?.end ?? -1) >= 0) return true
    return false
  }

  /**
   * Redacts a text of which more is to come. `rest` is its end that can be the beginning of a
   * secret, and has to be redacted together with what comes next; it never holds a whole secret
   * that could be redacted now.
   */
  redactBeginning(text: string): { readonly redacted: string; readonly rest: string } {
    return this.scan(text, true)
  }

  private scan(text: string, stopsAtOpen: boolean): { readonly redacted: string; readonly rest: string } {
    let redacted = ''
    let from = 0
    const memory = new SearchMemory()
    for (let at = 0; at < text.length && !this.index.isEmpty;) {
      const match = this.index.matchAt(text, at, memory)
      if (stopsAtOpen && match?.isOpen === true)
        return { redacted: redacted + text.slice(from, at), rest: text.slice(at) }
      if (match === undefined || match.end === -1) at++
      else {
        redacted += text.slice(from, at) + REDACTED
        at = from = match.end
      }
    }
    return stopsAtOpen
      ? { redacted: redacted + text.slice(from), rest: '' }
      : { redacted, rest: text.slice(from) }
  }

  private take(secret: string, holders: number): void {
    const known = this.held.get(secret)
    if (known !== undefined) {
      known.holders += holders
      return
    }
    const forms = formsOf(secret)
    if (forms.length === 0) return
    this.held.set(secret, { forms, holders })
    for (const form of forms) this.index.add(form)
  }

  private release(secret: string): void {
    const known = this.held.get(secret)
    if (known === undefined) return
    known.holders -= 1
    if (known.holders > 0) return
    this.held.delete(secret)
    for (const form of known.forms) this.index.remove(form)
  }
}

/**
 * The secrets that this process knows. Everything that it writes, logs or prints for people is
 * redacted with them.
 */
export const knownSecrets = new KnownSecrets()

/** A shorter text that a person typed unseen is rather a choice or a place than a secret. */
export const SHORTEST_TYPED = 6

/**
 * Adds what a person typed unseen, a text or the texts and numbers of a JSON value, to the secrets
 * that this process knows. A number counts as its text: a code can be asked for as one.
 */
export function addTyped(typed: unknown): void {
  if (typeof typed === 'number') addTyped(String(typed))
  else if (typeof typed === 'string') {
    if (typed.trim().length >= SHORTEST_TYPED) knownSecrets.add([typed, typed.trim()])
  } else if (typeof typed === 'object' && typed !== null) Object.values(typed).forEach(addTyped)
}

const NO_NAMES: ReadonlySet<string> = new Set()

/**
 * Returns a JSON text with the secrets in its strings redacted, but in those under one of the names
 * `kept`, which the reader of the document needs as they are. In a list no name is kept: lists hold
 * what a page says, in its own names. A text without a secret is returned as it is, unread.
 */
export function redactJsonText(
  text: string,
  secrets: KnownSecrets = knownSecrets,
  kept: ReadonlySet<string> = NO_NAMES,
): string {
  if (!secrets.holds(text)) return text
  const redactValue = (value: unknown, names: ReadonlySet<string>): unknown => {
    if (typeof value === 'string') return secrets.redact(value)
    if (typeof value !== 'object' || value === null) return value
    if (Array.isArray(value)) return value.map((item: unknown) => redactValue(item, NO_NAMES))
    return Object.fromEntries(
      Object.entries(value).map(([name, item]: [string, unknown]) => [
        secrets.redact(name),
        names.has(name) && typeof item === 'string' ? item : redactValue(item, names),
      ]),
    )
  }
  return JSON.stringify(redactValue(JSON.parse(text), kept))
}
