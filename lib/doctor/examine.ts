import { accessSync, constants } from 'node:fs'
import { withTimeout } from '../core/time/timeout.ts'
import { messageOf, systemCode } from '../core/errors/errors.ts'
import { sanitiseLine } from '../core/text/sanitise.ts'
import { knownSecrets } from '../core/secrets/known-secrets.ts'
import { ok, problem, warning } from './check.ts'
import type { Check, DoctorWorld, Finding } from './check.ts'

/**
 * Time limit of a check. The longest check may download a browser over a slow connection; all
 * others take seconds.
 */
const LIMIT_MS = 20 * 60_000

/** Codes of errors that mean that this user cannot write a file or folder. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS']

export interface Examined {
  readonly id: Check['id']
  readonly finding: Finding
}

/**
 * Runs the checks one after the other and yields their findings. Known secrets are redacted,
 * because a finding can quote a setting. If there is no project, its checks are skipped. Never
 * throws.
 */
export async function* examine(
  world: DoctorWorld,
  checks: readonly Check[],
  onStart: (id: Check['id']) => void,
): AsyncGenerator<Examined> {
  for (const check of checks) {
    if (check.ofProject && world.project === null) continue
    onStart(check.id)
    yield { id: check.id, finding: redacted(await find(check, world)) }
  }
}

/**
 * True if a check is skipped because its project is not trusted. Such a check would read, lock and
 * repair files of another user, so only the refusal is reported.
 */
const isBarred = ({ id, ofProject }: Check, { isTrusted }: DoctorWorld): boolean =>
  ofProject && !isTrusted && id !== 'configuration'

async function find(check: Check, world: DoctorWorld): Promise<Finding> {
  const { words, clock } = world
  if (isBarred(check, world)) return warning(words.untrusted, words.untrustedRemedy)
  const run = async () => check.run(world)
  try {
    return await withTimeout(run(), LIMIT_MS, words.names[check.id], clock)
  } catch (error) {
    if (world.project !== null && isUnwritable(error, world.project.root)) {
      // The check of the folders reports the same condition, as a problem.
      return warning(words.unwritable, words.unwritableRemedy)
    }
    return problem(words.failed(sanitiseLine(messageOf(error))), words.failedRemedy)
  }
}

function redacted(finding: Finding): Finding {
  const { redact } = knownSecrets
  const message = redact(finding.message)
  switch (finding.status) {
    case 'ok':
      return ok(message, finding.repaired === undefined ? undefined : redact(finding.repaired))
    case 'warning':
      return warning(message, redact(finding.remedy))
    case 'problem':
      return problem(message, redact(finding.remedy), finding.kind)
  }
}

/**
 * True if the check failed because the project cannot be written. The error's code is not enough:
 * on a read-only disk, Node's recursive mkdir reports ENOENT.
 */
function isUnwritable(error: unknown, root: string): boolean {
  if (UNWRITABLE.includes(systemCode(error) ?? '')) return true
  try {
    accessSync(root, constants.W_OK)
    return false
  } catch {
    return true
  }
}
