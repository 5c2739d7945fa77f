import { statSync } from 'node:fs'
import { AutomateError, isAutomateError } from '../../../core/errors/errors.ts'
import { TRUST_VARIABLE } from '../../../platform/trust/trusted-folders.ts'

/** Reason in every refusal. */
export const REASON = 'Its files decide which code runs as your user, so the project is not loaded.'

/** Most paths that a message names. Its commands repair all of them. */
const MOST_NAMED = 12

/**
 * Returns the texts with commas between them. Of many texts, returns the first ones and the number
 * of the others.
 */
export function listed(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMED
  return more <= 0 ? texts.join(', ') : `${texts.slice(0, MOST_NAMED).join(', ')} and ${more} more`
}

/** Returns `Run "…" and "…"`. */
export const runText = (commands: readonly string[]): string =>
  `Run ${commands.map(command => `"${command}"`).join(' and ')}`

/**
 * Returns the error that refuses a project that another user can change, or for which that cannot
 * be determined.
 */
export function trustRefusal(path: string, message: string, cause?: unknown): AutomateError {
  return new AutomateError('config-invalid', message, { facts: { path, trusted: false }, cause })
}

/**
 * True for an error of `trustRefusal`. Nothing in the project may then be read, created or removed.
 */
export const isTrustRefusal = (thrown: unknown): boolean =>
  isAutomateError(thrown) && thrown.facts['trusted'] === false

/**
 * Returns the refusal of a project that others can write. `repair` is the beginning of a sentence.
 */
export function sharedRefusal(path: string, root: string, what: string, repair: string): AutomateError {
  return trustRefusal(
    path,
    `${what} ${REASON} ${repair}, set ${TRUST_VARIABLE}=${root} in the environment if you trust all of them, or name another project with --root <folder>.`,
  )
}

interface Foreign {
  readonly what: string
  /** A sentence, or empty. */
  readonly repair: string
  readonly owners: string
  /** True if the owners own the project's folder, because `--root` trusts only its owner. */
  readonly ownFolder: boolean
}

/** Returns the refusal of a project that other users own in part. */
export function foreignRefusal(
  path: string,
  root: string,
  { what, repair, owners, ownFolder }: Foreign,
): AutomateError {
  const first = [what, REASON, repair].filter(text => text !== '').join(' ')
  const variable = `set ${TRUST_VARIABLE}=${root} in the environment`
  const consent = ownFolder
    ? `If you trust ${owners}, name the project with --root ${root}, or ${variable}.`
    : `Remove the files of other users, or make your own copy of the project. If you trust ${owners}, ${variable}.`
  return trustRefusal(path, `${first} ${consent}`)
}

/** Returns a path quoted for a shell. */
export const quoted = (text: string): string => (/[\s()*&;'$]/.test(text) ? `"${text}"` : text)

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
