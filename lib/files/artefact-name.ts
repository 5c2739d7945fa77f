import { isAbsolute, join, relative, sep } from 'node:path'
import { AutomateError } from '../core/errors.ts'
import type { MemberRef } from '../domain/documents.ts'

/** Windows refuses paths beyond 260 characters in many programs; this leaves the larger part to the project's folder. */
const LONGEST_NAME = 120

/** Longest part that a workflow chooses itself. */
const LONGEST_LABEL = 40

/** Names that mean a device on Windows, whatever their ending: `nul`, `com1.png`. */
const DEVICE = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i

export interface ArtefactNameParts extends Pick<MemberRef, 'jobId' | 'attempt' | 'member' | 'workerId'> {
  /** The phase in which it was made, with its 1-based place. */
  readonly phase?: { readonly index: number; readonly name: string }
  /** What the workflow calls it. */
  readonly label?: string
  /** Without the dot: `png`. */
  readonly extension: string
}

/**
 * `job-12_try-1_member-2_w0k3_phase-4-add_step_basket.png`: sorts by job, says where it comes from, is a valid file name on every system.
 * Thrown with code `workflow-invalid` when the label tries to be a path or is not a file name on Windows.
 */
export function artefactName(parts: ArtefactNameParts): string {
  const { jobId, attempt, member, workerId, phase, label, extension } = parts
  const stem = [
    `job-${jobId}`,
    `try-${attempt}`,
    `member-${member}`,
    plain(workerId),
    ...(phase === undefined ? [] : [`phase-${phase.index}-${plain(phase.name)}`]),
    ...(label === undefined ? [] : [plain(requirePlainName(label)).slice(0, LONGEST_LABEL)]),
  ].join('_')
  const ending = `.${plain(extension).replaceAll('.', '-')}`
  return stem.slice(0, LONGEST_NAME - ending.length) + ending
}

/**
 * `name` itself when it is one file name, valid on every system.
 * Thrown with code `workflow-invalid` when it is empty, a path, `..`, a device of Windows, or ends in a dot or space.
 */
export function requirePlainName(name: string): string {
  const fault = faultOf(name)
  if (fault === undefined) return name
  throw new AutomateError(
    'workflow-invalid',
    `"${name.slice(0, LONGEST_NAME)}" cannot name an artefact: ${fault}. Use letters, digits, "-" and "_".`,
    { facts: { name: name.slice(0, LONGEST_NAME) } },
  )
}

/**
 * The absolute path of a file `name` inside `folder`.
 * Thrown with code `workflow-invalid` as by `requirePlainName`, and when the path would leave the folder.
 */
export function artefactPath(folder: string, name: string): string {
  const path = join(folder, requirePlainName(name))
  const inside = relative(folder, path)
  if (inside !== '' && inside !== '..' && !inside.startsWith(`..${sep}`) && !isAbsolute(inside)) return path
  throw new AutomateError('workflow-invalid', `"${name}" leaves the folder ${folder}. Name a file in it.`, {
    facts: { folder, name },
  })
}

function faultOf(name: string): string | undefined {
  if (name.trim() === '') return 'it is empty'
  if (/[/\\]/.test(name) || name === '..' || name === '.') return 'it is a path'
  if (/[<>:"|?*\u0000-\u001f\u007f]/.test(name)) return 'it holds a character that Windows refuses'
  if (/[. ]$/.test(name)) return 'it ends in a dot or a space, which Windows drops'
  if (DEVICE.test(name)) return 'it means a device on Windows'
  return name.length > LONGEST_NAME ? `it is longer than ${LONGEST_NAME} characters` : undefined
}

function plain(text: string): string {
  return text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/\.{2,}/g, '.')
}
