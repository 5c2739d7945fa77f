import { z } from 'zod'
import { AutomateError } from '../../core/errors.ts'
import { sanitiseLine } from '../../core/sanitise.ts'
import { sizeText } from '../../core/size.ts'
import { MAX_LOGIN_BYTES } from '../../domain/account.ts'
import type { BrowserState } from './browser-state.ts'

/** Longest name of a database or a key that a message shows: pages choose them. */
const NAME_LIMIT = 80

const Named = z.looseObject({ name: z.string() })

/** One database, or one entry of local storage, of an origin. */
interface Part {
  readonly origin: string
  readonly name: string
  readonly bytes: number
  readonly kind: 'IndexedDB' | 'localStorage'
}

/**
 * Returns the text of a browser state that is saved as the login of an account.
 * @throws `hard-fail` if it is too large; another attempt would be as large.
 */
export function loginText(state: BrowserState, account: string): string {
  const text = JSON.stringify(state)
  const bytes = Buffer.byteLength(text)
  if (bytes <= MAX_LOGIN_BYTES) return text
  const largest = partsOf(state).reduce<Part | undefined>(
    (most, part) => (most === undefined || part.bytes > most.bytes ? part : most),
    undefined,
  )
  throw new AutomateError(
    'hard-fail',
    `The login of ${account} cannot be saved: the browser holds ${sizeText(bytes)} of cookies, local storage and IndexedDB, and at most ${sizeText(MAX_LOGIN_BYTES)} can be saved.${largest === undefined ? '' : remedy(largest)}`,
    { facts: { account, bytes, limitBytes: MAX_LOGIN_BYTES, ...(largest && { largest: { ...largest } }) } },
  )
}

function remedy({ origin, name, bytes, kind }: Part): string {
  const remove = kind === 'IndexedDB' ? 'indexedDB.deleteDatabase' : 'localStorage.removeItem'
  return ` Most of it is ${kind} "${name}" of ${origin} (${sizeText(bytes)}). If the site does not need it to recognise the user, let "login" remove it while its page shows that site: page.evaluate(name => { ${remove}(name) }, ${JSON.stringify(name)}).`
}

function partsOf({ origins }: BrowserState): Part[] {
  return origins.flatMap(({ origin, storage }) => [
    ...storage.localStorage.map(([key, value]) => part(origin, 'localStorage', key, value)),
    ...storage.databases.map(one =>
      part(origin, 'IndexedDB', Named.safeParse(one).data?.name ?? '', JSON.stringify(one)),
    ),
  ])
}

function part(origin: string, kind: Part['kind'], name: string, text: string): Part {
  return { origin, kind, name: sanitiseLine(name, NAME_LIMIT), bytes: Buffer.byteLength(text) }
}
