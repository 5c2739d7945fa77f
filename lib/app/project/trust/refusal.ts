import { statSync } from 'node:fs'
import { AutomateError, isAutomateError } from '../../../core/errors/errors.ts'
import { TRUST_VARIABLE } from '../../../platform/trust/trusted-folders.ts'

/** Reason that every refusal states. */
export const REASON = 'Its files decide which code runs as your user, so the project is not loaded.'

/** Maximum number of paths that a message names. Its commands repair all of them. */
const MOST_NAMED = 12

/**
 * Returns the texts separated by commas. If there are too many, returns the first ones and the
 * number of the others.
 */
export function listed(texts: readonly string[]): string {
  const more = texts.length - MOST_NAMED
  return more <= 0 ? texts.join(', ') : `${texts.slice(0, MOST_NAMED).join(', ')} and ${more} more`
}

/** Returns `Run "…" and "…"`. */
export const runText = (commands: readonly string[]): string =>
  `Run ${commands.map(command => `"${command}"`).join(' and ')}`

/**
 * Returns the error for a project that another user can change, or for which this cannot be
 * determined.
 */
export function trustRefusal(path: string, message: string, cause?: unknown): AutomateError {
  return new AutomateError('config-invalid', message, { facts: { path, trusted: false }, cause })
}

/**
 * True for an error of `trustRefusal`. After such an error, nothing in the project may be read,
 * created or removed.
 */
export const isTrustRefusal = (thrown: unknown): boolean =>
  isAutomateError(thrown) && thrown.facts['trusted'] === false

/**
 * Returns the error for a project that other users can write to. `repair` is the beginning of a
 * sentence.
 */
export function sharedRefusal(path: string, root: string, what: string, repair: string): AutomateError {
  return trustRefusal(
    path,
    `${what} ${REASON} ${repair}, set ${TRUST_VARIABLE}=${root} in the environment if you trust all of them, or name another project with --root <folder>.`,
  )
}

interface Foreign {
  readonly what: string
  /** Sentence with the remedy, or empty. */
  readonly repair: string
  readonly owners: string
  /**
   * True if the other owner owns the project's folder itself. The message then offers `--root`,
   * which trusts only that owner.
   */
  readonly ownFolder: boolean
}

/** Returns the error for a project of which other users own a part. */
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

/** Returns a path, quoted if a shell would not take it as one word. */
export const quoted = (text: string): string => (/[\s()*&;'$]/.test(text) ? `"${text}"` : text)

export const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
