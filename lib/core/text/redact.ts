import type { Json } from '../errors/errors.ts'
import { KnownSecrets, REDACTED, knownSecrets } from '../secrets/known-secrets.ts'

export { REDACTED }

/** Parts of names that mark a variable, field or parameter as secret. */
const PLAIN_SECRET_NAME = 'token|secret|passw|passphrase|(?:api|access|private)[-_]?key|credential'

/**
 * Parts of names that mark a field or parameter as private. `author` and `side` are excluded,
 * although they contain `auth` and `sid`.
 */
const SECRET_NAME = `(?:${PLAIN_SECRET_NAME}|pwd|auth(?!or(?!i))|session|sess|sid(?!e)|signature|jwt|otp|nonce|csrf|xsrf|ticket|assertion)`

const IS_SECRET_NAME = new RegExp(`${SECRET_NAME}|^(?:sig|code|pin|key|state|pass|user|username|login)$`, 'i')

const IS_SECRET_FIELD = new RegExp(`${SECRET_NAME}|^(?:set-)?cookies?2?$`, 'i')

/*
 * Pages choose these texts, so every expression below takes linear time. A match begins at the
 * start of a run of its characters and at no place within the run, and lookaheads (which never
 * backtrack) find the other parts that the run must hold.
 */

/** Matches a private parameter in the query or the fragment of a URL. */
const PARAMETER = new RegExp(
  `([?&#;](?=[\\w.%[\\]-]*?${SECRET_NAME}|(?:sig|code|pin|key|state|pass|user|username|login)=)[\\w.%[\\]-]+=)[^&#;\\s"'<>\\\\)]+`,
  'gi',
)

/**
 * Matches a value after a private name in running text: `password: x`, `token=x`. The text after
 * the name of an error, such as `AuthError: x`, is not matched.
 */
const NAMED_VALUE = new RegExp(
  `(?<![\\w-])(?![\\w-]*(?:Error|Exception)(?![\\w-]))(?=[\\w-]*?${SECRET_NAME})([\\w-]+\\\\?["']?\\s{0,3}[:=]\\s{0,3}\\\\?["']?)[^\\s"'\\\\,;&}]+`,
  'gi',
)

/**
 * Matches the user and the password in a URL. A password may contain "@", so the match extends to
 * the last "@" before the host.
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
 * Matches fewer names than `IS_SECRET_FIELD`. Environment variables, and fields with an object,
 * often have names with "session" or "auth" although their values are not secret.
 */
const IS_PLAIN_SECRET_NAME = new RegExp(PLAIN_SECRET_NAME, 'i')

/**
 * True if a field of this name in a document is secret. `state` and `code` are not secret in
 * documents.
 */
function isSecretField(name: string): boolean {
  return IS_SECRET_FIELD.test(name)
}

/**
 * Number of characters beyond a limit that are read, so that a secret that begins before the limit
 * is read to its end.
 */
const LONGEST_SECRET = 4_000

/**
 * Returns the beginning of a text that must be redacted, so that the first `limit` characters of
 * the result contain no half of a secret.
 */
export function cutForRedaction(text: string, limit: number): string {
  return knownSecrets.head(text, limit + LONGEST_SECRET)
}

/** Replaces the credentials in the URLs of a text. */
export function replaceCredentials(text: string, replacement: string): string {
  return text.replace(CREDENTIALS, `://${replacement}`)
}

/**
 * Redacts the credentials and the private parameters in the URLs of a text, and everything in the
 * text that looks like a token.
 */
export function redactAddresses(text: string): string {
  return replaceCredentials(text, `${REDACTED}@`)
    .replace(PARAMETER, `$1${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(JSON_WEB_TOKEN, `$1${REDACTED}`)
}

/**
 * Redacts text for people, such as a line from the page's console. In addition to
 * `redactAddresses`, redacts the values that follow a private name.
 */
export function redactText(text: string): string {
  return redactAddresses(text).replace(NAMED_VALUE, `$1${REDACTED}`)
}

/** Returns the headers as a list, with the values of secret headers redacted. */
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
 * Returns a JSON value with every text in it redacted, and with every value under a secret name
 * hidden.
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
 * Returns a JSON value with each string, number and boolean in it replaced by `***`. The structure
 * stays the same.
 */
function hideValues(value: Json, redact: Redact): Json {
  if (value === null) return null
  return isContainer(value) ? mapJson(value, redact, item => hideValues(item, redact)) : REDACTED
}

/**
 * Applies `change` to the items of a list or to the fields of an object, and redacts the names of
 * the fields. Returns any other value unchanged.
 */
export function mapJson(value: Json, redact: Redact, change: (item: Json, name: string) => Json): Json {
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(item => change(item, ''))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [redact(name), change(item, name)]))
}

const isContainer = (value: Json): boolean => typeof value === 'object' && value !== null

/**
 * True if a value is a list. A type guard, because `Array.isArray` does not narrow a read-only
 * array.
 */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/**
 * Minimum length of a value that counts as secret by the name of its variable or field. Shorter
 * values are switches or names.
 */
const SHORTEST_SECRET_VALUE = 8

/**
 * Returns the values in an input that have a secret name: all texts and numbers in them, at any
 * depth. Under a name that is private but not plainly secret, such as `session`, only a string
 * counts, because objects under such names contain ordinary words.
 */
export function secretsOfInput(input: Json): string[] {
  if (typeof input !== 'object' || input === null) return []
  return Object.entries(input).flatMap(([name, value]) => {
    const isSecret = IS_PLAIN_SECRET_NAME.test(name) || (typeof value === 'string' && isSecretField(name))
    if (!isSecret) return secretsOfInput(value)
    return textsOf(value).filter(text => text.length >= SHORTEST_SECRET_VALUE)
  })
}

/** Returns all strings and numbers in a value, at any depth, as texts. */
export function textsOf(value: Json): string[] {
  if (typeof value === 'string') return [value]
  if (typeof value === 'number') return [String(value)]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsOf) : []
}

/** Returns the values of the environment variables that have a secret name. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST_SECRET_VALUE && IS_PLAIN_SECRET_NAME.test(name)
      ? [value]
      : [],
  )
}
