import type { IncomingMessage } from 'node:http'

/** The forms of the site are a few hundred bytes; whoever sends more is not one of its pages. */
const BODY_LIMIT_BYTES = 64 * 1024

/** The fields of a form's body, or undefined when the body is too large. */
export async function readForm(message: IncomingMessage): Promise<URLSearchParams | undefined> {
  let text = ''
  message.setEncoding('utf8')
  for await (const chunk of message) {
    text += String(chunk)
    if (text.length > BODY_LIMIT_BYTES) return undefined
  }
  return new URLSearchParams(text)
}

/** The cookies of a request, by name. */
export function readCookies(header: string | undefined): ReadonlyMap<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    if (at > 0) cookies.set(pair.slice(0, at).trim(), pair.slice(at + 1).trim())
  }
  return cookies
}
