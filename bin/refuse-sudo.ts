import { statSync } from 'node:fs'
import { AutomateError } from '../lib/core/errors.ts'
import { TRUST_VARIABLE, isListed } from '../lib/platform/trust/trusted-folders.ts'

const ROOT_UID = 0

/**
 * Refuses to write into the project of the user that called sudo: root would own the folders of the day, and the jobs of that user's scheduler could not write there.
 * @throws {AutomateError} environment-unfit
 */
export function refuseSudo(root: string, env: Readonly<Record<string, string | undefined>>): void {
  if (process.geteuid?.() !== ROOT_UID || isListed(root, env[TRUST_VARIABLE])) return
  const { uid } = statSync(root)
  if (uid === ROOT_UID || env['SUDO_UID'] !== String(uid)) return
  throw new AutomateError(
    'environment-unfit',
    `automate-tui runs by sudo in ${root}, which belongs to you (uid ${uid}). Its files would belong to root, and your own scheduler could not write them. ` +
      `Run it without sudo, or set ${TRUST_VARIABLE}=${root} in the environment if root is meant to own them.`,
    { facts: { path: root } },
  )
}
