import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { system32 } from '../windows/system32.ts'
import { systemCommand } from './system-command.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** Manages a task of the Windows task scheduler that starts at logon. */
export function windowsAutostart(name: string, service: ServiceCommand, env: NodeJS.ProcessEnv): Autostart {
  const { USERDOMAIN: domain = '', USERNAME: user = '' } = env
  const text = windowsTask(service, domain === '' ? user : `${domain}\\${user}`)
  const tasks = (...args: string[]) => systemCommand(system32('schtasks.exe'), args)

  return {
    name,
    place: name,
    text,
    removalMs: null,
    async install() {
      const folder = mkdtempSync(join(tmpdir(), 'automate-tui-task-'))
      try {
        const file = join(folder, 'task.xml')
        writeFileSync(file, `${BYTE_ORDER_MARK}${text}`, 'utf16le')
        for (const args of [
          ['/Create', '/TN', name, '/XML', file, '/F'],
          ['/Run', '/TN', name],
        ]) {
          const end = await tasks(...args)
          if (end.code === 0) continue
          throw new AutomateError(
            'environment-unfit',
            `The task scheduler rejected the service: ${end.missing ? 'schtasks.exe is missing' : end.output}. Print the task with "automate-tui autostart enable --print" and import it by hand.`,
          )
        }
        return []
      } finally {
        rmSync(folder, { recursive: true, force: true })
      }
    },
    async uninstall() {
      await tasks('/End', '/TN', name)
      return (await tasks('/Delete', '/TN', name, '/F')).code === 0
    },
    async status() {
      const { code, output } = await tasks('/Query', '/TN', name, '/FO', 'CSV', '/NH')
      if (code !== 0) return { installed: false, state: '', stopped: true, pid: 0 }
      return {
        installed: true,
        state: output.split('\n')[0]?.split(',').at(-1)?.replaceAll('"', '').trim() ?? '',
        stopped: false,
        pid: null,
      }
    },
  }
}

/**
 * Returns a task of the Windows task scheduler as XML. The task starts when the user logs on, is
 * restarted if it ends with an error, and has no time limit. Ending the task kills the scheduler.
 * The next scheduler continues its jobs.
 */
export function windowsTask({ root, command }: ServiceCommand, user: string): string {
  const [program, ...args] = command
  const tag = (name: string, text: string) => `<${name}>${escaped(text)}</${name}>`
  return [
    '<?xml version="1.0" encoding="UTF-16"?>',
    '<Task version="1.2" xmlns="http://schemas.microsoft.com/windows/2004/02/mit/task">',
    `  <RegistrationInfo>${tag('Description', `automate-tui in ${root}`)}</RegistrationInfo>`,
    `  <Triggers><LogonTrigger><Enabled>true</Enabled>${tag('UserId', user)}</LogonTrigger></Triggers>`,
    `  <Principals><Principal id="Author">${tag('UserId', user)}<LogonType>InteractiveToken</LogonType><RunLevel>LeastPrivilege</RunLevel></Principal></Principals>`,
    '  <Settings>',
    '    <MultipleInstancesPolicy>IgnoreNew</MultipleInstancesPolicy>',
    '    <DisallowStartIfOnBatteries>false</DisallowStartIfOnBatteries>',
    '    <StopIfGoingOnBatteries>false</StopIfGoingOnBatteries>',
    '    <StartWhenAvailable>true</StartWhenAvailable>',
    '    <ExecutionTimeLimit>PT0S</ExecutionTimeLimit>',
    '    <RestartOnFailure><Interval>PT1M</Interval><Count>999</Count></RestartOnFailure>',
    '    <Enabled>true</Enabled>',
    '  </Settings>',
    '  <Actions Context="Author">',
    `    <Exec>${tag('Command', program)}${tag('Arguments', args.map(windowsArgument).join(' '))}${tag('WorkingDirectory', root)}</Exec>`,
    '  </Actions>',
    '</Task>',
    '',
  ].join('\r\n')
}

/**
 * Quotes a word for the command-line parser of Windows programs. Backslashes are doubled before a
 * quote and at the end.
 */
export function windowsArgument(word: string): string {
  return `"${word.replaceAll(/(?<!\\)(\\*)"/g, '$1$1\\"').replace(/(?<!\\)(\\+)$/, '$1$1')}"`
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
}
