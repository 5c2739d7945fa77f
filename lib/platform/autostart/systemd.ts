import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { PATIENCE_MS, systemCommand } from './system-command.ts'

const SECOND_MS = 1_000
/**
 * Delay before systemd restarts a scheduler that has ended. A scheduler that could not start
 * because of an invalid configuration is retried in this way too.
 */
const RESTART_S = 10
/**
 * Exit code of a scheduler whose database is damaged. It is not restarted, because only a person
 * can repair the database.
 */
const DATABASE_DAMAGED = 5
/** Time after the end of the jobs, for closing browsers and writing the database. */
const GRACE_MS = 30_000

/**
 * Manages a systemd user unit of a lingering user, which starts with the machine, before any login.
 */
export function systemdAutostart(
  name: string,
  service: ServiceCommand,
  { XDG_CONFIG_HOME: config = '' }: NodeJS.ProcessEnv,
): Autostart {
  const unit = `${name}.service`
  const place = join(isAbsolute(config) ? config : join(homedir(), '.config'), 'systemd', 'user', unit)
  const text = systemdUnit(service)
  const removalMs = stopLimitMs(service)
  // Some of these commands wait until the running scheduler has ended.
  const user = (...args: string[]) => systemCommand('systemctl', ['--user', ...args], PATIENCE_MS + removalMs)

  return {
    name,
    place,
    text,
    removalMs,
    async install() {
      const known = existsSync(place)
      makeFolder(dirname(place))
      writeFileSync(place, text)
      for (const args of [['daemon-reload'], ['enable', unit], ['restart', unit]]) {
        const end = await user(...args)
        if (end.code === 0) continue
        // A rejected unit is removed, so that it is not started unexpectedly later.
        if (!known) rmSync(place, { force: true })
        throw refusal(end.missing ? 'systemctl is missing' : end.output)
      }
      const { username } = userInfo()
      return (await lingers(username)) ? [] : [`sudo loginctl enable-linger ${username}`]
    },
    async uninstall() {
      if (!existsSync(place)) return false
      // This stops the unit with SIGTERM, so running jobs can end.
      await user('disable', '--now', unit)
      rmSync(place, { force: true })
      await user('daemon-reload')
      return true
    },
    async status() {
      if (!existsSync(place)) return { installed: false, state: '', stopped: true, pid: 0 }
      const { output, missing } = await user('is-active', unit)
      const state = missing ? 'unknown' : (output.split('\n')[0] ?? '')
      const shown = await user('show', unit, '--property=MainPID', '--value')
      const pid = shown.code === 0 ? Number.parseInt(shown.output, 10) || 0 : null
      return { installed: true, state, stopped: ['inactive', 'failed'].includes(state), pid }
    },
  }
}

/**
 * Enables lingering, so that the user's services also run when the user is not logged in. Resolves
 * with true if lingering is enabled now, even if the user may not change it and an administrator
 * enabled it earlier.
 */
async function lingers(username: string): Promise<boolean> {
  if ((await systemCommand('loginctl', ['enable-linger'])).code === 0) return true
  const asked = await systemCommand('loginctl', ['show-user', username, '--property=Linger', '--value'])
  return asked.code === 0 && asked.output === 'yes'
}

function refusal(why: string): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `systemd rejected the service: ${why}. Log in as the user of the service (not with su or sudo), or print the unit with "automate-tui autostart enable --print" and install it yourself.`,
  )
}

/** Returns the time that systemd gives the scheduler to end, in milliseconds. */
const stopLimitMs = ({ stopMs }: Pick<ServiceCommand, 'stopMs'>): number => stopMs + GRACE_MS

/**
 * Returns a systemd user unit. At a stop, only the scheduler receives SIGTERM, so that it can
 * drain. Processes that remain after its end are killed. The exit code 1 reports a failed job, so
 * it does not count as a failure of the service.
 * @throws `usage` if a path cannot be written in a unit.
 */
export function systemdUnit(service: ServiceCommand): string {
  const { root, command } = service
  const [program, ...args] = command
  return [
    '[Unit]',
    `Description=automate-tui in ${plain(root)}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `WorkingDirectory=${plain(root)}`,
    `ExecStart=${[quoted(program), ...args.map(argument)].join(' ')}`,
    'SuccessExitStatus=1',
    'Restart=always',
    `RestartPreventExitStatus=${DATABASE_DAMAGED}`,
    `RestartSec=${RESTART_S}`,
    'KillMode=mixed',
    'OOMPolicy=continue',
    `TimeoutStopSec=${Math.ceil(stopLimitMs(service) / SECOND_MS)}`,
    'UMask=0077',
    '',
    '[Install]',
    'WantedBy=default.target',
    '',
  ].join('\n')
}

/** Quotes a word of a command line and escapes systemd's specifiers. No shell reads the line. */
function quoted(word: string): string {
  return `"${checked(word).replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`
}

/**
 * Quotes an argument. In arguments, unlike in the program's path, systemd also replaces variables.
 */
const argument = (word: string) => quoted(word).replaceAll('$', '$$$$')

/** Escapes text for the rest of a line, where systemd replaces only specifiers. */
function plain(text: string): string {
  return checked(text).replaceAll('%', '%%')
}

function checked(text: string): string {
  if (!/[\u0000-\u001f\u007f]|\\$|^\s|\s$/.test(text)) return text
  throw new AutomateError(
    'usage',
    `A systemd unit cannot contain the path ${JSON.stringify(text)}, because it has control characters, or a space or backslash at its end. Move the project to another folder.`,
  )
}
