import type { ErrorRecord, Json } from '../../core/errors/errors.ts'
import { cutForRedaction, mapJson, replaceCredentials } from '../../core/text/redact.ts'
import { sanitiseBlock, sanitiseLine } from '../../core/text/sanitise.ts'
import { withoutColours } from '../../core/secrets/coloured-text.ts'
import { knownSecrets } from '../../core/secrets/known-secrets.ts'
import { redactRecord } from './redact-crash.ts'

/** Longest stored message and stack, because a library may put a whole page into its message. */
export const MESSAGE_LIMIT = 2_000
const STACK_LIMIT = 8_000

/**
 * Returns an error with its texts free of colours, known secrets, and credentials and queries of
 * addresses. Other terminal codes are shown, not obeyed.
 */
export function sanitiseRecord(record: ErrorRecord): ErrorRecord {
  // Redaction comes before the cut, because a part of a secret is no longer found.
  return sanitise(redactRecord(uncoloured(record)))
}

/** Returns an error without the colours of a library, which would split a secret in two. */
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
 * Cuts and sanitises a stack. The first line is the message of the record, and the lines after the
 * message are calls, even if a page wrote line breaks into the message or the message was cut.
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

/** True for a list. `Array.isArray` does not tell a read-only list from an object. */
const isList = (value: Json): value is readonly Json[] => Array.isArray(value)

// Matches web addresses only, because module addresses in stacks contain the position of the line.
// An address without a query also matches, because the search would otherwise restart at each
// "http://" within the address.
const QUERY = /\b(https?:\/\/[^\s?#"'<>]*)(?:[?#][^\s"'<>)]*)?/gi

/**
 * Returns a text without the credentials and queries of its addresses. Text far beyond `limit` is
 * not read.
 */
export function withoutSecrets(text: string, limit: number): string {
  return replaceCredentials(cutForRedaction(text, limit), '').replace(QUERY, '$1')
}

// Matches puppeteer's place of a function that the page ran: a line `pptr:…` after the message, and
// frames with another frame in their brackets.
const PAGE_PLACE = /\n[ \t]*pptr:\S*/g
const PAGE_FRAME = /^([ \t]*at )(?=[^\n]*\( at )[^\n]*, (<anonymous>:\d+:\d+)\)$/gm

/** Removes puppeteer's lines `pptr:…` and reduces the frames of a page to their useful part. */
function withoutPlaces(text: string): string {
  return text.replace(PAGE_PLACE, '').replace(PAGE_FRAME, '$1the page ($2)')
}

/** Longest address, because Chrome accepts addresses of two million characters. */
const ADDRESS_LIMIT = 500

/**
 * Returns a page's address for display and storage: without credentials, query and fragment. Of a
 * data address only the kind remains.
 */
export function publicAddress(address: string): string {
  if (address.startsWith('data:')) return 'data:'
  const shown = knownSecrets.redact(withoutCredentials(address))
  return sanitiseLine(withoutSecrets(shown, ADDRESS_LIMIT), ADDRESS_LIMIT)
}

/**
 * Removes the credentials that Chrome leaves in a page's address. A cut before their end would show
 * a user name as the host.
 */
function withoutCredentials(address: string): string {
  const url = address.includes('@') ? URL.parse(address) : null
  if (url === null || url.username + url.password === '') return address
  url.username = ''
  url.password = ''
  return url.href
}
