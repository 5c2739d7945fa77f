import type { LaunchProfile } from '../../domain/documents.ts'

/**
 * The environment of a Chrome: this process's own. On Linux one without windows gets no session bus. Over that it would have systemd move it out of the service
 * that it belongs to, into a scope of its own (Chromium's `components/dbus/xdg/systemd.cc`), which a shutdown ends at once, while the service drains.
 */
export function chromeEnvironment({ kind, headless }: LaunchProfile): NodeJS.ProcessEnv {
  const windowless = kind === 'headless-shell' || headless
  if (process.platform !== 'linux' || !windowless) return process.env
  // Where the variable is missing, the bus is looked for in its usual place.
  return { ...process.env, DBUS_SESSION_BUS_ADDRESS: 'disabled:' }
}
