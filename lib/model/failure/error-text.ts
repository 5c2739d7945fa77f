import type { ErrorRecord, Json } from '../../core/errors/errors.ts'
import { cutForRedaction, mapJson, replaceCredentials } from '../../core/text/redact.ts'
import { sanitiseBlock, sanitiseLine } from '../../core/text/sanitise.ts'
import { withoutColours } from '../../core/secrets/coloured-text.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { redactRecord } from './redact-crash.ts'

/**
 * Maximum length of a stored message and of a stored stack, in characters. A library may put a
 * whole page into its message.
 */
export const MESSAGE_LIMIT = 2_000
const STACK_LIMIT = 8_000

/**
 * Returns an error without colours and known secrets, and without the credentials and queries of
 * addresses. Other control characters are made visible.
 */
export function sanitiseRecord(record: ErrorRecord): ErrorRecord {
  // Redaction comes before the cut, because a secret that was cut could no longer be found.
  return sanitise(redactRecord(uncoloured(record)))
}

/**
 * Returns an error without the colour codes that a library wrote, because a code in the middle of a
 * secret would prevent its redaction.
 */
function uncoloured(record: ErrorRecord): ErrorRecord {
  const { name, message, stack, facts, cause } = record
  return {
    ...record,
    name: withoutColours(name),
    message: withoutColours(message),
    stack: withoutColours(stack),
    facts: Object.fromEntries(
      Object.entries(facts).map(([fact, value]) => [withoutColours(fact), uncolouredFact(value)]),
    ),
    ...(cause === undefined ? {} : { cause: uncoloured(cause) }),
  }
}

const uncolouredFact = (value: Json): Json =>
  typeof value === 'string' ? withoutColours(value) : mapJson(value, withoutColours, uncolouredFact)

function sanitise(record: ErrorRecord): ErrorRecord {
  const name = sanitiseLine(record.name, 200)
  const message = sanitiseLine(withoutPlaces(withoutSecrets(record.message, MESSAGE_LIMIT)), MESSAGE_LIMIT)
  return {
    ...record,
    name,
    message,
    stack: sanitiseStack(record, `${name}: ${message}`),
    facts: Object.fromEntries(
      Object.entries(record.facts).map(([fact, value]) => [fact, sanitiseFact(value)]),
    ),
    ...(record.cause === undefined ? {} : { cause: sanitise(record.cause) }),
  }
}

/**
 * Returns a stack, cut and sanitised. It begins with the record's message on one line, and the
 * lines after it are calls, even if a page wrote line breaks into the message or the message was
 * cut.
 */
function sanitiseStack({ name, message, stack }: ErrorRecord, header: string): string {
  const raw = `${name}: ${message}`
  if (`${stack}\n`.startsWith(`${raw}\n`)) {
    return header + sanitiseCalls(stack.slice(raw.length), STACK_LIMIT - header.length)
  }
  return sanitiseCalls(stack, STACK_LIMIT)
}

const sanitiseCalls = (text: string, limit: number): string =>
  sanitiseBlock(withoutPlaces(withoutSecrets(text, limit)), limit)

function sanitiseFact(value: Json): Json {
  if (typeof value === 'string') return sanitiseLine(withoutSecrets(value, MESSAGE_LIMIT), MESSAGE_LIMIT)
  if (typeof value !== 'object' || value === null) return value
  if (isList(value)) return value.map(sanitiseFact)
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, sanitiseFact(item)]))
}

/**
 * True for a list. With `Array.isArray`, TypeScript does not distinguish a read-only list from an
 * object.
 */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

// Matches web addresses only, because module addresses in stacks contain the position of the line.
// An address without a query also matches, because the search would otherwise restart at each
// "http://" within the address. Chrome leaves a ")" in a query as it is, so only a ")" at the end
// of a word ends the query.
const QUERY = /\b(https?:\/\/[^\s?#"'<>]*)(?:[?#](?:[^\s"'<>)]|\)[).,:;]*(?=[^\s"'<>).,:;]))*)?/gi

/**
 * Returns a text without the credentials and queries of its addresses. The text is cut somewhat
 * beyond `limit` characters before that.
 */
export function withoutSecrets(text: string, limit: number): string {
  return replaceCredentials(cutForRedaction(text, limit), '').replace(QUERY, '$1')
}

// Matches the location that puppeteer gives to a function that ran in the page: a line `pptr:…`
// after the message, and frames with another frame in their brackets.
const PAGE_PLACE = /\n[ \t]*pptr:\S*/g
const PAGE_FRAME = /^([ \t]*at )(?=[^\n]*\( at )[^\n]*, (<anonymous>:\d+:\d+)\)$/gm

/** Removes puppeteer's lines `pptr:…` and reduces the frames of a page to their useful part. */
function withoutPlaces(text: string): string {
  return text.replace(PAGE_PLACE, '').replace(PAGE_FRAME, '$1the page ($2)')
}

/**
 * Maximum length of an address, in characters. Chrome accepts addresses of two million characters.
 */
const ADDRESS_LIMIT = 500

/**
 * Returns a page's address for display and storage: without credentials, query and fragment. A
 * `data:` address is reduced to its scheme.
 */
export function publicAddress(address: string): string {
  if (address.startsWith('data:')) return 'data:'
  const shown = knownSecrets.redact(withoutPrivateParts(address))
  return sanitiseLine(withoutSecrets(shown, ADDRESS_LIMIT), ADDRESS_LIMIT)
}

/**
 * Removes the credentials, the query and the fragment of a page's address. A cut before the end of
 * the credentials would show a user name as the host.
 */
function withoutPrivateParts(address: string): string {
  const url = URL.parse(address)
  if (url === null) return address
  for (const part of ['username', 'password', 'search', 'hash'] as const) url[part] = ''
  return url.href
}
