import { AutomateError } from '../../core/errors/errors.ts'
import type { ServiceCommand } from './service-command.ts'

const SECOND_MS = 1_000

/** A scheduler that ended by itself is started again after this: a broken configuration is read again, too. */
const RESTART_S = 10

/** The exit code of a scheduler with a damaged database: only a person can mend that. */
const DATABASE_DAMAGED = 5

/** After the time that jobs have, browsers close and the database is written. */
const GRACE_MS = 30_000

/** How long systemd lets the scheduler take to end. */
export const stopLimitMs = ({ stopMs }: Pick<ServiceCommand, 'stopMs'>): number => stopMs + GRACE_MS

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
