import type { Json } from '../errors/errors.ts'
import { KnownSecrets, REDACTED, knownSecrets } from '../secrets/known-secrets.ts'

export { REDACTED }

/** Parts of the names of variables, fields and parameters with a secret value. */
const PLAIN_SECRET_NAME = 'token|secret|passw|passphrase|(?:api|access|private)[-_]?key|credential'

/**
 * Parts of the names of fields or parameters with a private value. Names with `author` or `side` do
 * not count.
 */
const SECRET_NAME = `(?:${PLAIN_SECRET_NAME}|pwd|auth(?!or(?!i))|session|sess|sid(?!e)|signature|jwt|otp|nonce|csrf|xsrf|ticket|assertion)`

const IS_SECRET_NAME = new RegExp(`${SECRET_NAME}|^(?:sig|code|pin|key|state|pass|user|username|login)$`, 'i')

const IS_SECRET_FIELD = new RegExp(`${SECRET_NAME}|^(?:set-)?cookies?2?$`, 'i')

/*
 * Pages choose these texts, so every expression below takes linear time. A match begins at the
 * start of a run of its characters and at no place within the run, and lookaheads (which never
 * backtrack) find the other parts that the run must hold.
 */

/** Matches a parameter in the query or the fragment of an address. */
const PARAMETER = new RegExp(
  `([?&#;](?=[\\w.%[\\]-]*?${SECRET_NAME}|(?:sig|code|pin|key|state|pass|user|username|login)=)[\\w.%[\\]-]+=)[^&#;\\s"'<>\\\\)]+`,
  'gi',
)

/**
 * Matches a value after a name in running text: `password: x`, `token=x`. The text after the name
 * of an error does not count.
 */
const NAMED_VALUE = new RegExp(
  `(?<![\\w-])(?![\\w-]*(?:Error|Exception)(?![\\w-]))(?=[\\w-]*?${SECRET_NAME})([\\w-]+\\\\?["']?\\s{0,3}[:=]\\s{0,3}\\\\?["']?)[^\\s"'\\\\,;&}]+`,
  'gi',
)

/**
 * Matches the user and the password in an address. A password may hold "@", so the last one before
 * the host counts.
 */
const CREDENTIALS = /:\/\/[^\s/?#"'\\]+@/g
const BEARER = /\b(Bearer|Basic|Digest|Negotiate)\s+[\w.+/=~-]{6,}/gi
/** Matches a JSON web token anywhere. */
const JSON_WEB_TOKEN = /(?<![\w-])(?=[\w-]+\.[\w-]{4})([\w-]*?\b)eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g

/** True if the value of a header, parameter or field of this name is a secret. */
export function isSecretName(name: string): boolean {
  return IS_SECRET_NAME.test(name) || /^(?:set-)?cookie2?$/i.test(name)
}

/**
 * Narrower than the names of fields, because the environment has many sessions and states that are
 * everyday words, and so do the objects under such names.
 */
const IS_PLAIN_SECRET_NAME = new RegExp(PLAIN_SECRET_NAME, 'i')

/**
 * True if a document's field of this name holds a secret. `state` and `code` are no secrets there.
 */
function isSecretField(name: string): boolean {
  return IS_SECRET_FIELD.test(name)
}

/** Longest secret that is read to its end if it begins within a limit. */
const LONGEST_SECRET = 4_000

/**
 * Returns the part of a text that its redaction must read so that its first `limit` characters hold
 * no half of a secret.
 */
export function cutForRedaction(text: string, limit: number): string {
  return knownSecrets.head(text, limit + LONGEST_SECRET)
}

/** Replaces the credentials of the addresses in a text. */
export function replaceCredentials(text: string, replacement: string): string {
  return text.replace(CREDENTIALS, `://${replacement}`)
}

/** Removes credentials from a text, and values that look like a token from the addresses in it. */
export function redactAddresses(text: string): string {
  return replaceCredentials(text, `${REDACTED}@`)
    .replace(PARAMETER, `$1${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(JSON_WEB_TOKEN, `$1${REDACTED}`)
}

/**
 * Redacts text for people, such as a line on the page's console. Redacts more than
 * `redactAddresses`: also the values after a name that marks a secret.
 */
export function redactText(text: string): string {
  return redactAddresses(text).replace(NAMED_VALUE, `$1${REDACTED}`)
}

/** Returns headers with the values of secret ones redacted. */
export function redactHeaders(headers: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({
    name,
    value: isSecretName(name) ? REDACTED : value,
  }))
}

/** Removes private values from a text. */
export type Redact = (text: string) => string

/**
 * Returns a function that redacts known secrets in each of their forms, and everything that
 * `redactText` finds.
 */
export function redactorOf(secrets: Iterable<string>): Redact {
  const known = new KnownSecrets(secrets)
  return text => redactText(known.redact(text))
}

/** Redacts the secrets that this process knows, and everything that `redactText` finds. */
export const redactKnown: Redact = text => redactText(knownSecrets.redact(text))

/**
 * Returns a JSON value with every text in it redacted, and with each value under the name of a
 * secret hidden.
 */
export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value)
  return mapJson(value, redact, (item, name) =>
    IS_PLAIN_SECRET_NAME.test(name) || (isSecretField(name) && !isContainer(item))
      ? hideValues(item, redact)
      : redactJson(item, redact),
  )
}

/**
 * Returns a JSON value with each text, number and truth value in it hidden; its structure stays.
 */
function hideValues(value: Json, redact: Redact): Json {
  if (value === null) return null
  return isContainer(value) ? mapJson(value, redact, item => hideValues(item, redact)) : REDACTED
}

/** Changes the items of a list, and the fields of an object with its names redacted. */
export function mapJson(value: Json, redact: Redact, change: (item: Json, name: string) => Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(item => change(item, ''))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [redact(name), change(item, name)]))
}

const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null

/** `Array.isArray` does not distinguish a read-only list from an object. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** Shortest secret value of such a variable or field. A shorter value is a switch or a name. */
const SHORTEST_SECRET_VALUE = 8

/**
 * Returns the values of an input under the names of secrets: all texts and numbers at any depth.
 * Under the names that do not count for variables, only a text itself counts, because the objects
 * there hold everyday words.
 */
export function secretsOfInput(input: Json): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, value]) => {
    const isSecret = IS_PLAIN_SECRET_NAME.test(name) || (typeof value === 'string' && isSecretField(name))
    if (!isSecret) return secretsOfInput(value)
    return textsOf(value).filter(text => text.length >= SHORTEST_SECRET_VALUE)
  })
}

/** Returns the texts and numbers of a value at any depth. */
export function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** Returns the values of the environment under the names of secrets. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST_SECRET_VALUE && IS_PLAIN_SECRET_NAME.test(name)
      ? [value]
      : [],
  )
}
