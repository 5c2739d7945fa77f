import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { serviceName } from '../../../lib/platform/autostart/service-command.ts'
import { systemdUnit } from '../../../lib/platform/autostart/systemd.ts'
import { windowsArgument, windowsTask } from '../../../lib/platform/autostart/windows.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { unitCommand } from '../../helpers/program/systemd-unit.ts'

const NASTY = `/srv/it's 100% "$HOME" \\u0041; touch hacked $(id) \`id\` & é`

const service = (root: string) =>
  ({
    root,
    command: ['/opt/no de/100%$x/node', '/opt/automate tui.js', '--no-tui', '--root', root],
    stopMs: 300_000,
  }) as const

t.test('a unit runs exactly the command, whatever the name of the folder', async t => {
  const unit = systemdUnit(service(NASTY))
  t.strictSame(unitCommand(unit), [...service(NASTY).command])
  t.match(unit, /^TimeoutStopSec=330$/m, 'jobs get time to end')
  t.match(unit, /^KillMode=mixed$/m, 'only the scheduler gets SIGTERM')
  t.match(unit, /^RestartPreventExitStatus=5$/m, 'no restart after a damaged database')
  t.match(unit, /^OOMPolicy=continue$/m, 'a browser killed for its memory does not stop the service')
  t.match(unit, /^Restart=always$/m, 'a scheduler that hung and was killed is restarted')
  t.equal(unit.split('\n').filter(line => line.startsWith('Exec')).length, 1)
  for (const root of ['/srv/a\nExecStart=/bin/sh', '/srv/a\u0000', '/srv/a\\', '/srv/a ']) {
    t.throws(() => systemdUnit(service(root)), { code: 'usage', message: /cannot contain the path/ })
  }
})

t.test(
  'systemd accepts a unit',
  { skip: process.platform !== 'linux' || !existsSync('/usr/bin/systemd-analyze') },
  async t => {
    const folder = newFolder()
    const root = join(folder, `it's 100% "$HOME"`)
    mkdirSync(root)
    const file = join(folder, `${serviceName(root)}.service`)
    const command = [process.execPath, join(root, 'a.js'), '--root', root] as const
    writeFileSync(file, systemdUnit({ root, command, stopMs: 1_000 }))
    const env = { ...process.env, XDG_RUNTIME_DIR: folder }
    const verify = (path: string) =>
      execFileSync('/bin/sh', ['-c', 'systemd-analyze --user verify "$1" 2>&1', 'sh', path], {
        env,
        encoding: 'utf8',
      })
    t.equal(verify(file), '')
    const wrong = join(folder, 'wrong.service')
    writeFileSync(wrong, systemdUnit({ root, command, stopMs: 1_000 }).replace('Type=exec', 'Type=bogus'))
    t.match(verify(wrong), /Failed to parse/, 'systemd reports a wrong unit')
  },
)

t.test('a Windows task runs exactly the command', async t => {
  const root = 'C:\\my shops\\"best" & <more>\\'
  const task = windowsTask(service(root), 'HOME\\ann & bob')
  const of = (tag: string) =>
    (new RegExp(`<${tag}>(.*?)</${tag}>`).exec(task)?.[1] ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&amp;', '&')
  t.equal(of('Command'), '/opt/no de/100%$x/node')
  t.equal(of('WorkingDirectory'), root)
  t.equal(of('UserId'), 'HOME\\ann & bob')
  t.equal(
    of('Arguments'),
    `"/opt/automate tui.js" "--no-tui" "--root" "C:\\my shops\\\\\\"best\\" & <more>\\\\"`,
  )
  t.equal(windowsArgument('a"b'), '"a\\"b"')
  t.equal(windowsArgument('a\\'), '"a\\\\"')
  t.equal(windowsArgument('a\\b'), '"a\\b"')
})

t.test('a service has a name that is valid on every system and unique to its project', async t => {
  t.match(serviceName('/srv/Wine Shop!'), /^automate-tui-wine-shop-[0-9a-f]{8}$/)
  t.match(serviceName('/'), /^automate-tui-[0-9a-f]{8}$/)
  t.not(serviceName('/srv/shop'), serviceName('/home/shop'))
})
