import type { Config } from '../../../config/config.ts'
import { AutomateError } from '../../../core/errors/errors.ts'
import { needsNoSandbox } from './chrome-flags.ts'

/** Arguments that disable Chrome's sandbox. */
const WITHOUT_SANDBOX = ['--no-sandbox', '--disable-setuid-sandbox', '--disable-namespace-sandbox']

type SandboxSettings = Pick<Config, 'browserArgs' | 'sandbox'>

/** Returns the reason why Chrome would run without its sandbox; undefined if it has its sandbox. */
export function missingSandbox(
  { browserArgs }: Pick<SandboxSettings, 'browserArgs'>,
  isRoot = needsNoSandbox(),
): string | undefined {
  if (isRoot) return 'automate-tui runs as root, for which Chrome has no sandbox'
  const argument = browserArgs.find(one => WITHOUT_SANDBOX.includes(one))
  return argument === undefined ? undefined : `"browserArgs" has ${argument}`
}

/**
 * Checks the sandbox before browsers start. Returns a warning if they will run without their
 * sandbox, and undefined otherwise.
 * @throws `environment-unfit` if the setting `sandbox` is `required`, and there is none.
 */
export function checkSandbox(settings: SandboxSettings, isRoot = needsNoSandbox()): string | undefined {
  const why = missingSandbox(settings, isRoot)
  if (why === undefined) return undefined
  const remedy = isRoot ? 'Run automate-tui as an ordinary user' : 'Remove the argument'
  if (settings.sandbox === 'required') {
    throw new AutomateError(
      'environment-unfit',
      `No browser starts, because the setting "sandbox" is "required" and ${why}. ${remedy}, or set "sandbox" to "auto".`,
    )
  }
  return `Browsers run without their sandbox, because ${why}. A malicious page can then access everything that this user can. ${remedy}. With the setting sandbox: 'required', no browser starts without its sandbox.`
}
