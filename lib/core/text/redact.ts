import type { Json } from '../errors/errors.ts'
import { KnownSecrets, REDACTED, knownSecrets } from '../secrets/known-secrets.ts'

export { REDACTED }

/** Names of variables, fields and parameters with a secret value, whatever else stands in the name. */
const PLAIN_SECRET_NAME = 'token|secret|passw|passphrase|(?:api|access|private)[-_]?key|credential'

/** What a field or parameter is called whose value nobody else may see; an author or a side is none. */
const SECRET_NAME = `(?:${PLAIN_SECRET_NAME}|pwd|auth(?!or(?!i))|session|sess|sid(?!e)|signature|jwt|otp|nonce|csrf|xsrf|ticket|assertion)`

const IS_SECRET_NAME = new RegExp(`${SECRET_NAME}|^(?:sig|code|pin|key|state|pass|user|username|login)$`, 'i')

const IS_SECRET_FIELD = new RegExp(`${SECRET_NAME}|^(?:set-)?cookies?2?$`, 'i')

/*
 * Pages choose these texts, so every expression below takes linear time: a match begins where a run of its characters
 * begins and at no place within the run, and lookaheads (which never backtrack) find what else the run must hold.
 */

/** A parameter in an address, whether it stands in its query or its fragment. */
const PARAMETER = new RegExp(
  `([?&#;](?=[\\w.%[\\]-]*?${SECRET_NAME}|(?:sig|code|pin|key|state|pass|user|username|login)=)[\\w.%[\\]-]+=)[^&#;\\s"'<>\\\\)]+`,
  'gi',
)

/** A value after a name in running text: `password: x`, `token=x`; not what follows the name of an error. */
const NAMED_VALUE = new RegExp(
  `(?<![\\w-])(?![\\w-]*(?:Error|Exception)(?![\\w-]))(?=[\\w-]*?${SECRET_NAME})([\\w-]+\\\\?["']?\\s{0,3}[:=]\\s{0,3}\\\\?["']?)[^\\s"'\\\\,;&}]+`,
  'gi',
)

/** User and password in an address. A password may hold "@", so the last one before the host counts. */
const CREDENTIALS = /:\/\/[^\s/?#"'\\]+@/g
const BEARER = /\b(Bearer|Basic|Digest|Negotiate)\s+[\w.+/=~-]{6,}/gi
/** A JSON web token, wherever it stands. */
const JSON_WEB_TOKEN = /(?<![\w-])(?=[\w-]+\.[\w-]{4})([\w-]*?\b)eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*)?/g

/** Tells whether the value of a header, parameter or field of this name is a secret. */
export function isSecretName(name: string): boolean {
  return IS_SECRET_NAME.test(name) || /^(?:set-)?cookie2?$/i.test(name)
}

/**
 * Narrower than the names of fields: the environment is full of sessions and states that are everyday words, and so are
 * the objects under such names.
 */
const IS_PLAIN_SECRET_NAME = new RegExp(PLAIN_SECRET_NAME, 'i')

/** Of the fields of a document: `state` and `code` are no secrets there. */
function isSecretField(name: string): boolean {
  return IS_SECRET_FIELD.test(name)
}

/** A secret that begins within a limit is read to its end. */
const LONGEST_SECRET = 4_000

/** Returns as much of a text as its redaction must read so that its first `limit` characters hold no half of a secret. */
export function cutForRedaction(text: string, limit: number): string {
  return knownSecrets.head(text, limit + LONGEST_SECRET)
}

/** Returns a text with the credentials of the addresses in it replaced. */
export function replaceCredentials(text: string, replacement: string): string {
  return text.replace(CREDENTIALS, `://${replacement}`)
}

/** Text without credentials, and without what looks like a token in the addresses in it. */
export function redactAddresses(text: string): string {
  return replaceCredentials(text, `${REDACTED}@`)
    .replace(PARAMETER, `$1${REDACTED}`)
    .replace(BEARER, `$1 ${REDACTED}`)
    .replace(JSON_WEB_TOKEN, `$1${REDACTED}`)
}

/** Text for people, such as a line on the page's console: as `redactAddresses`, and without values after a name that says what they are. */
export function redactText(text: string): string {
  return redactAddresses(text).replace(NAMED_VALUE, `$1${REDACTED}`)
}

/** Headers with the values of those that carry secrets redacted. */
export function redactHeaders(headers: Readonly<Record<string, string>>): { name: string; value: string }[] {
  return Object.entries(headers).map(([name, value]) => ({
    name,
    value: isSecretName(name) ? REDACTED : value,
  }))
}

/** Takes what nobody else may see out of a text. */
export type Redact = (text: string) => string

/** Redacts secrets that are known, in each of their forms, and beside them all that `redactText` finds. */
export function redactorOf(secrets: Iterable<string>): Redact {
  const known = new KnownSecrets(secrets)
  return text => redactText(known.redact(text))
}

/** Redacts the secrets that this process knows, and beside them all that `redactText` finds. */
export const redactKnown: Redact = text => redactText(knownSecrets.redact(text))

/** Returns a JSON value with every text in it redacted, and with each value under the name of a secret hidden. */
export function redactJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return redact(value)
  return mapJson(value, redact, (item, name) =>
    IS_PLAIN_SECRET_NAME.test(name) || (isSecretField(name) && !isContainer(item))
      ? hideValues(item, redact)
      : redactJson(item, redact),
  )
}

/** Returns a JSON value with each text, number and truth value in it hidden; its structure stays. */
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

/** `Array.isArray` does not tell a read-only list from an object. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

/** A shorter value of such a variable or field is a switch or a name. */
const SHORTEST_SECRET_VALUE = 8

/**
 * Returns what an input holds under the names of secrets: all texts and numbers at any depth, but under the names that
 * variables do not count only a text itself, because the objects there hold everyday words.
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

/** What the environment holds under the names of secrets. */
export function secretsOfEnvironment(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env).flatMap(([name, value]) =>
    value !== undefined && value.length >= SHORTEST_SECRET_VALUE && IS_PLAIN_SECRET_NAME.test(name)
      ? [value]
      : [],
  )
}
