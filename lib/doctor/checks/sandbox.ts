import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { needsNoSandbox } from '../../execution/browser/launch/chrome-flags.ts'
import { findBrowser } from '../../execution/browser/find/find-browser.ts'
import { missingSandbox } from '../../execution/browser/launch/sandbox.ts'
import { ok, warning, problem } from '../check.ts'
import type { Check } from '../check.ts'

const SET_USER_ID = 0o4000

/**
 * Kernel settings of Linux that can prevent programs from creating the namespaces of the sandbox:
 * the file, the value that forbids namespaces, and the setting that allows them.
 */
const SWITCHES = [
  {
    file: '/proc/sys/kernel/unprivileged_userns_clone',
    forbids: '0',
    setting: 'kernel.unprivileged_userns_clone=1',
  },
  {
    file: '/proc/sys/kernel/apparmor_restrict_unprivileged_userns',
    forbids: '1',
    setting: 'kernel.apparmor_restrict_unprivileged_userns=0',
  },
  { file: '/proc/sys/user/max_user_namespaces', forbids: '0', setting: 'user.max_user_namespaces=15000' },
] as const

/**
 * Checks that the browser's sandbox isolates web pages from the machine. If the browser has
 * started, forbidden namespaces are not a problem, because the browser then has another way (such
 * as its own AppArmor profile).
 */
export const sandboxCheck: Check = {
  id: 'sandbox',
  ofProject: false,
  run({ words: { sandbox }, browser, config }) {
    if (missingSandbox(config) !== undefined) {
      const [found, remedy] = needsNoSandbox()
        ? [sandbox.root, sandbox.rootRemedy]
        : [sandbox.argument, sandbox.argumentRemedy]
      return config.sandbox === 'required' ? problem(sandbox.required(found), remedy) : warning(found, remedy)
    }
    const closed = SWITCHES.find(({ file, forbids }) => valueOf(file) === forbids)
    if (closed === undefined || browser.page !== undefined || hasHelper()) return ok(sandbox.good)
    return problem(sandbox.restricted(closed.setting), sandbox.restrictedRemedy(closed.setting))
  },
}

function valueOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    // A system that lacks the setting, such as Windows or macOS, does not forbid the sandbox.
    return undefined
  }
}

/**
 * True if the setuid helper `chrome-sandbox` is installed next to the browser. Packages for older
 * systems include it.
 */
function hasHelper(): boolean {
  try {
    const path = findBrowser()?.path ?? ''
    return (statSync(join(dirname(path), 'chrome-sandbox')).mode & SET_USER_ID) !== 0
  } catch {
    return false
  }
}
