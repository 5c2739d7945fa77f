import { FormIndex } from './form-index.ts'
import { formsOf } from './secret-forms.ts'
import type { SecretForm } from './secret-form.ts'

/** Stands where a secret was. */
export const REDACTED = '***'

/** A secret that begins within a limit is read to its end, except for the end of a longer one. */
const READ_BEHIND_LIMIT = 4_000

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
   * Returns at most the first `limit` characters of the redacted text. Reads little more of the
   * text than that, because a page can write megabytes, and leaves no half of a secret at the end.
   */
  readonly redactExcerpt = (text: string, limit: number): string => {
    const read = text.slice(0, limit + READ_BEHIND_LIMIT)
    const redacted = read.length < text.length ? this.scan(read, true).redacted : this.redact(text)
    return redacted.slice(0, limit)
  }

  /** Returns whether a secret stands in the text. */
  holds(text: string): boolean {
    if (this.index.isEmpty) return false
    for (let at = 0; at < text.length; at++) if ((this.index.matchAt(text, at)?.end ?? -1) >= 0) return true
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
    for (let at = 0; at < text.length && !this.index.isEmpty;) {
      const match = this.index.matchAt(text, at)
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
const SHORTEST_TYPED = 6

/**
 * Adds what a person typed unseen, a text or the texts of a JSON value, to the secrets that this
 * process knows.
 */
export function addTyped(typed: unknown): void {
  if (typeof typed === 'string') {
    if (typed.trim().length >= SHORTEST_TYPED) knownSecrets.add([typed, typed.trim()])
  } else if (typeof typed === 'object' && typed !== null) Object.values(typed).forEach(addTyped)
}

/**
 * Returns a JSON text with the secrets in its strings redacted, but in those under one of the names
 * `kept`, which the reader of the document needs as they are. A text without a secret is returned
 * as it is, unread.
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
