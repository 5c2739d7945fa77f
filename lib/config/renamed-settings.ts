import { environmentName } from './config.ts'
import type { Setting } from './config.ts'

const SIZE = ', a size such as "50MB"'

/**
 * Settings of earlier versions, with their present names and, if the value has changed, its present
 * form.
 */
const RENAMED: Readonly<Record<string, readonly [setting: Setting, form: string]>> = {
  drainFor: ['drainTimeout', ''],
  keepFor: ['keepBrowserFor', ''],
  logsMegabytes: ['maxLogs', SIZE],
  recycleMegabytes: ['recycleAt', SIZE],
  traceMegabytes: ['maxTrace', SIZE],
  tracesMegabytes: ['maxTraces', SIZE],
  warm: ['warmWorkers', ''],
}

/**
 * Returns the present name of a setting of an earlier version, quoted and with the form of its
 * value, or undefined for any other name. `key` is the name of the setting or of its environment
 * variable.
 */
export function presentName(key: string): string | undefined {
  for (const [old, [setting, form]] of Object.entries(RENAMED)) {
    if (key === old) return `"${setting}"${form}`
    if (key === environmentName(old)) return `"${environmentName(setting)}"${form}`
  }
  return undefined
}
