import { readFileSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { needsNoSandbox } from '../../execution/browser/launch/chrome-flags.ts'
import { findBrowser } from '../../execution/browser/find/find-browser.ts'
import { missingSandbox } from '../../execution/browser/launch/sandbox.ts'
import { ok, warning, problem } from '../check.ts'
import type { Check } from '../check.ts'

const SET_USER_ID = 0o4000

/**
 * Switches of Linux that can prevent programs from creating the namespaces of the sandbox, each
 * with the value that allows them.
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
 * Checks that web pages are isolated from the machine. A started browser shows that it needs no
 * such switch (an AppArmor profile of its own).
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
    // A system without the switch, such as Windows and macOS, does not forbid the sandbox.
    return undefined
  }
}

/**
 * True if a helper trusted by root is installed. Packages for older systems include such a helper.
 */
function hasHelper(): boolean {
  try {
    const path = findBrowser()?.path ?? ''
    return (statSync(join(dirname(path), 'chrome-sandbox')).mode & SET_USER_ID) !== 0
  } catch {
    return false
  }
}
