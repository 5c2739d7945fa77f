import { percentDecoded } from '../../core/text/percent-decoded.ts'
import { isSecretName } from '../../core/text/redact.ts'

/**
 * Minimum length of a user name that counts as a secret. A shorter name is likely to be a word,
 * such as "hook", that is part of many other words.
 */
const SHORTEST_NAME = 8

/**
 * Minimum length of a path segment or query value that counts as a secret. A shorter text is likely
 * to be a word, such as "notifications", or a number.
 */
const SHORTEST_PART = 16

/**
 * Minimum length of the value of a parameter with a secret's name that counts as a secret. A
 * shorter value is likely to be a switch.
 */
const SHORTEST_NAMED = 8

const SCHEME = /^(Bearer|Basic|Token)\s+(?=\S)/i
const ANY_SCHEME = /^([a-z][\w-]*)\s+(?=\S)/i

/** Matches the parameters after an authentication scheme, `token="x"`. */
const SCHEME_PARAMETER = /(?:^|[\s,])[\w-]+="?([^\s",]+)/g

/**
 * Returns the secrets of a request's address: the address itself, and the parts of it that may be
 * printed without the rest.
 */
export function secretsOfAddress(address: string): string[] {
  const url = URL.parse(address)
  if (url === null) return [address]
  const parts = url.pathname.split('/').map(decoded)
  const long = [...parts, ...url.searchParams.values()].filter(({ length }) => length >= SHORTEST_PART)
  const named = [...url.searchParams].flatMap(([name, value]) =>
    isSecretName(name) && value.length >= SHORTEST_NAMED ? [value] : [],
  )
  const [name = '', password = ''] = [url.username, url.password].map(decoded)
  const login = secretsOfLogin(name, password)
  return [...new Set([address, ...login, ...long, ...named])]
}

/**
 * Returns the secrets of a request header: its value, and the token or the login after the
 * authentication scheme.
 */
export function secretsOfHeader(name: string, value: string): string[] {
  const text = value.trim()
  const [whole, scheme = ''] = (isSecretName(name) ? ANY_SCHEME : SCHEME).exec(text) ?? []
  if (whole === undefined) return [value]
  const token = text.slice(whole.length)
  const named = [...token.matchAll(SCHEME_PARAMETER)].flatMap(([, parameter = '']) =>
    parameter.length >= SHORTEST_NAMED ? [parameter] : [],
  )
  return [...new Set([value, token, ...named, ...(/^basic$/i.test(scheme) ? secretsOfBasic(token) : [])])]
}

/** Returns the secrets in the token of the scheme "Basic": the user name and the password. */
function secretsOfBasic(token: string): string[] {
  const text = Buffer.from(token, 'base64').toString()
  const colon = text.indexOf(':')
  return colon === -1 ? [] : secretsOfLogin(text.slice(0, colon), text.slice(colon + 1))
}

/**
 * Returns the secrets of a login. The user name counts too, because it is often a token without a
 * password.
 */
const secretsOfLogin = (name: string, password: string): string[] => [
  ...(name.length >= SHORTEST_NAME ? [name] : []),
  ...(password === '' ? [] : [password]),
]

const decoded = (part: string): string => percentDecoded(part) ?? part
