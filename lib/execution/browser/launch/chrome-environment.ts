import type { LaunchProfile } from '../../../model/worker/documents.ts'
import type { ChromeFolders } from './chrome-flags.ts'

/**
 * The environment of a Chrome: this process's own. On Linux one without windows gets no session bus. Over that it would have systemd move it out of the service
 * that it belongs to, into a scope of its own (Chromium's `components/dbus/xdg/systemd.cc`), which a shutdown ends at once, while the service drains.
 */
export function chromeEnvironment(
  { kind, headless }: LaunchProfile,
  { crashDumps }: Pick<ChromeFolders, 'crashDumps'>,
): NodeJS.ProcessEnv {
  // Only the headless shell takes its folder of dumps from an argument; the others put them into the user's own profile.
  const env = { ...process.env, BREAKPAD_DUMP_LOCATION: crashDumps }
  const windowless = kind === 'headless-shell' || headless
  if (process.platform !== 'linux' || !windowless) return env
  // Where the variable is missing, the bus is looked for in its usual place.
  return { ...env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' }
}
