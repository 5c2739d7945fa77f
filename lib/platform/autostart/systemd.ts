import { existsSync, rmSync, writeFileSync } from 'node:fs'
import { homedir, userInfo } from 'node:os'
import { dirname, isAbsolute, join } from 'node:path'
import { makeFolder } from '../../core/disk/make-folder.ts'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { PATIENCE_MS, systemCommand } from './system-command.ts'
const SECOND_MS = 1_000
/** A scheduler that ended by itself is started again after this: a broken configuration is read again, too. */
const RESTART_S = 10
/** The exit code of a scheduler with a damaged database: only a person can mend that. */
const DATABASE_DAMAGED = 5
/** After the time that jobs have, browsers close and the database is written. */
const GRACE_MS = 30_000

/** A user unit, which lingers: it is started with the machine, before anybody logs in. */
export function systemdAutostart(
  name: string,
  service: ServiceCommand,
  { XDG_CONFIG_HOME: config = '' }: NodeJS.ProcessEnv,
): Autostart {
  const unit = `${name}.service`
  const place = join(isAbsolute(config) ? config : join(homedir(), '.config'), 'systemd', 'user', unit)
  const text = systemdUnit(service)
  const removalMs = stopLimitMs(service)
  // Some commands wait until the scheduler that runs has ended.
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
        // A unit that the system has not taken is not left behind to surprise somebody later.
        if (!known) rmSync(place, { force: true })
        throw refusal(end.missing ? 'there is no systemctl here' : end.output)
      }
      const { username } = userInfo()
      return (await lingers(username)) ? [] : [`sudo loginctl enable-linger ${username}`]
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
      if (!existsSync(place)) return { installed: false, state: '', stopped: true, pid: 0 }
      const { output, missing } = await user('is-active', unit)
      const state = missing ? 'unknown' : (output.split('\n')[0] ?? '')
      const shown = await user('show', unit, '--property=MainPID', '--value')
      const pid = shown.code === 0 ? Number.parseInt(shown.output, 10) || 0 : null
      return { installed: true, state, stopped: ['inactive', 'failed'].includes(state), pid }
    },
  }
}

/** Lets the user's services run while the user is not logged in. Where only an administrator may, one may have done it already. */
async function lingers(username: string): Promise<boolean> {
  if ((await systemCommand('loginctl', ['enable-linger'])).code === 0) return true
  const asked = await systemCommand('loginctl', ['show-user', username, '--property=Linger', '--value'])
  return asked.code === 0 && asked.output === 'yes'
}

function refusal(why: string): AutomateError {
  return new AutomateError(
    'environment-unfit',
    `systemd does not take the service: ${why}. Log in as the user whose service it is (not by su or sudo), or print the unit with "automate-tui autostart enable --print" and give it to your own system.`,
  )
}

/** How long systemd lets the scheduler take to end. */
const stopLimitMs = ({ stopMs }: Pick<ServiceCommand, 'stopMs'>): number => stopMs + GRACE_MS

/**
 * A systemd user unit. SIGTERM reaches the scheduler alone, which drains; what is left then is killed with it. An exit code of 1 says that a job failed, which is no failure of the service.
 * Thrown with code `usage` for a path that a unit cannot hold.
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

/** A word of a command line: in quotes, without specifiers. No shell ever sees it. */
function quoted(word: string): string {
  return `"${checked(word).replaceAll(/["\\]/g, '\\$&').replaceAll('%', '%%')}"`
}

/** In arguments, unlike in the program, variables would be put in. */
const argument = (word: string) => quoted(word).replaceAll('$', '$$$$')

/** The rest of a line, where systemd takes everything as it is but specifiers. */
function plain(text: string): string {
  return checked(text).replaceAll('%', '%%')
}

function checked(text: string): string {
  if (!/[\u0000-\u001f\u007f]|\\$|^\s|\s$/.test(text)) return text
  throw new AutomateError(
    'usage',
    `A systemd unit cannot hold the path ${JSON.stringify(text)}: it has control characters, or a space or backslash at its end. Move the project to another folder.`,
  )
}
