import { inspect } from 'node:util'

/** A shorter value stands in too many words, and could be guessed anyway. */
const SHORTEST_SECRET = 4

/** A line of a secret that has several, such as a private key, counts alone from this length on. */
const SHORTEST_LINE = 12

/** A shorter excerpt of base64 stands in too many other texts. */
const SHORTEST_BASE64 = 6

/**
 * Returns all forms in which a secret can stand in a text: as it is, in JSON, in an address, in markup, in base64, and as Node prints it. A value that is too short to
 * be a secret has none.
 */
export function formsOf(secret: string): string[] {
  if (secret.trim().length < SHORTEST_SECRET) return []
  const lines = secret.split(/\r?\n/).map(line => line.trim())
  const parts = lines.length === 1 ? [] : lines.filter(line => line.length >= SHORTEST_LINE)
  return [...new Set([secret, ...parts].flatMap(text => [...writtenForms(text), ...base64Forms(text)]))]
}

function writtenForms(text: string): string[] {
  const json = inJson(text)
  const encoded = encodeURIComponent(text.toWellFormed())
  const form = new URLSearchParams({ x: text }).toString().slice('x='.length)
  const addresses = [encoded, form, encodeURI(text.toWellFormed())]
  return [
    text,
    // A JSON text can stand in another one.
    ...[json, inJson(json)],
    ...[inAscii(json), inspect(text).slice(1, -1)],
    ...addresses.flatMap(address => [address, inLowerCase(address)]),
    // Browsers escape other signs in a text than in an attribute, and libraries escape all of them.
    ...['&<>', '&"', '&<>"', `&<>"'`].map(signs => inMarkup(text, signs)),
  ]
}

const inJson = (text: string): string => JSON.stringify(text).slice(1, -1)

/** Many programs write JSON without a character beyond ASCII. */
const inAscii = (json: string): string =>
  json.replace(/[^\u0020-\u007e]/g, unit => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)

const inLowerCase = (address: string): string => address.replace(/%[0-9A-F]{2}/g, one => one.toLowerCase())

const MARKUP: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

const inMarkup = (text: string, escaped: string): string =>
  text.replace(/[&<>"']/g, sign => (escaped.includes(sign) ? MARKUP[sign] : undefined) ?? sign)

/**
 * Base64 of the value alone, and of any text that holds the value: three bytes make four characters, so that what stands before the value shifts its characters
 * in one of three ways.
 */
function base64Forms(text: string): string[] {
  const bytes = Buffer.from(text)
  const excerpts = [0, 1, 2].map(shift => {
    const shifted = Buffer.concat([Buffer.alloc(shift), bytes])
    const first = Math.ceil((shift * 8) / 6)
    return shifted.toString('base64').slice(first, Math.floor((shifted.length * 8) / 6))
  })
  const alone = bytes.toString('base64')
  return [alone, alone.replaceAll('=', ''), ...excerpts]
    .filter(form => form.length >= SHORTEST_BASE64)
    .flatMap(form => [form, form.replaceAll('+', '-').replaceAll('/', '_')])
}
