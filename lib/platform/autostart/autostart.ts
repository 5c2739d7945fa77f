import { serviceName } from './service-command.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { systemdAutostart } from './systemd.ts'
import { windowsAutostart } from './windows.ts'

/**
 * Returns the autostart for this operating system; null if the system has no supported service
 * manager.
 */
export function autostartOf(
  service: ServiceCommand,
  platform: NodeJS.Platform,
  env: NodeJS.ProcessEnv,
): Autostart | null {
  const name = serviceName(service.root)
  if (platform === 'linux') return systemdAutostart(name, service, env)
  return platform === 'win32' ? windowsAutostart(name, service, env) : null
}
