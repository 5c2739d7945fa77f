import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { AutomateError } from '../../core/errors.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { systemCommand } from './system-command.ts'
import { systemdUnit } from './systemd-unit.ts'

/** A user unit, which lingers: it is started with the machine, before anybody logs in. */
export function systemdAutostart(
  name: string,
  service: ServiceCommand,
  { XDG_CONFIG_HOME: config = '' }: NodeJS.ProcessEnv,
): Autostart {
  const unit = `${name}.service`
  const place = join(isAbsolute(config) ? config : join(homedir(), '.config'), 'systemd', 'user', unit)
  const text = systemdUnit(service)
  const user = (...args: string[]) => systemCommand('systemctl', ['--user', ...args])

  return {
    name,
    place,
    text,
    async install() {
      const known = existsSync(place)
      mkdirSync(dirname(place), { recursive: true })
      writeFileSync(place, text)
      for (const args of [['daemon-reload'], ['enable', unit], ['restart', unit]]) {
        const end = await user(...args)
        if (end.code === 0) continue
        // A unit that the system has not taken is not left behind to surprise somebody later.
        if (!known) rmSync(place, { force: true })
        throw refusal(end.missing ? 'there is no systemctl here' : end.output)
      }
      const linger = await systemCommand('loginctl', ['enable-linger'])
      return linger.code === 0 ? [] : [`sudo loginctl enable-linger ${userInfo().username}`]
    },
    async uninstall() {
      if (!existsSync(place)) return false
      // It stops as it does for SIGTERM: what runs may end.
      await user('disable', '--now', unit)
      rmSync(place, { force: true })
      await user('daemon-reload')
      return true
    },
    async status() {
      if (!existsSync(place)) return { installed: false, state: '', stopped: true }
      const { output, missing } = await user('is-active', unit)
      const state = missing ? 'unknown' : (output.split('\n')[0] ?? '')
      return { installed: true, state, stopped: ['inactive', 'failed'].includes(state) }
    },
  }
}

function refusal(why: string): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `systemd does not take the service: ${why}. Log in as the user whose service it is (not by su or sudo), or print the unit with "automate-tui service install --print" and give it to your own system.`,
  )
}
