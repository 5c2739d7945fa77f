import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { AutomateError } from '../../core/errors/errors.ts'
import type { Autostart, ServiceCommand } from './service-command.ts'
import { system32 } from '../windows/system32.ts'
import { systemCommand } from './system-command.ts'
import { windowsTask } from './windows-task.ts'

const BYTE_ORDER_MARK = '\ufeff'

/** A task of the task scheduler, which starts at logon. */
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
            `The task scheduler does not take the service: ${end.missing ? 'there is no schtasks.exe here' : end.output}. Print the task with "automate-tui autostart enable --print" and import it by hand.`,
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
