import { existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { delimiter, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { automate } from '../helpers/automate.ts'
import { follow } from '../helpers/program.ts'
import { newFolder } from '../helpers/project.ts'
import { unitCommand } from '../helpers/systemd-unit.ts'

const ON_LINUX = { skip: process.platform === 'linux' ? false : 'systemd is of Linux' }

/** Stands in for systemctl and loginctl, of which a test has none that is its own: keeps what it is told, and refuses the word in REFUSED. */
const RECORDER = `#!/bin/sh
echo "$(basename "$0") $*" >> "$WORDS"
case " $* " in *" \${REFUSED:-nothing} "*) echo "Failed to connect to bus" >&2; exit 1;; *" is-active "*) echo "\${STATE:-active}";; esac
`

const Installed = z.object({ name: z.string(), place: z.string(), byHand: z.array(z.string()) })

t.test('the scheduler becomes a service of this machine, and is none again', ON_LINUX, async t => {
  const root = join(newFolder(), `it's 100% "$HOME"; touch hacked $(touch hacked)`)
  mkdirSync(root)
  writeFileSync(join(root, 'automate.config.ts'), 'export default { warm: 0 }\n')
  const bin = newFolder()
  for (const name of ['systemctl', 'loginctl']) writeFileSync(join(bin, name), RECORDER, { mode: 0o755 })
  const words = join(bin, 'words')
  writeFileSync(words, '')
  const told = () => readFileSync(words, 'utf8').trim().split('\n')
  const home = newFolder()
  const env = {
    WORDS: words,
    XDG_CONFIG_HOME: home,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  }
  const service = (args: readonly string[], more: Record<string, string> = {}) =>
    automate(t, ['service', ...args], { cwd: root, env: { ...env, ...more } })

  const printed = await service(['install', '--print'])
  t.equal(printed.code, 0, printed.stderr)
  t.same(readdirSync(home), [], 'printing writes nothing')
  t.same(told(), [''])
  t.match((await service(['status'])).stdout, /is no service of this machine/)

  const refused = await service(['install'], { REFUSED: 'enable' })
  t.equal(refused.code, 4)
  t.match(refused.stderr, /systemd does not take the service: Failed to connect to bus\. .*--print/)
  const units = join(home, 'systemd', 'user')
  t.same(readdirSync(units), [], 'nothing is left of it')

  writeFileSync(words, '')
  const { code, stdout } = await service(['install', '--json'], { REFUSED: 'enable-linger' })
  t.equal(code, 0)
  const { name, place, byHand } = Installed.parse(JSON.parse(stdout))
  t.equal(place, join(units, `${name}.service`))
  t.match(byHand, [/^sudo loginctl enable-linger /])
  t.equal(readFileSync(place, 'utf8'), printed.stdout)
  const unit = `${name}.service`
  t.same(told(), [
    'systemctl --user daemon-reload',
    `systemctl --user enable ${unit}`,
    `systemctl --user restart ${unit}`,
    'loginctl enable-linger',
  ])
  const active = (await service(['status', '--language', 'it'])).stdout
  t.match(active, new RegExp(`^Servizio ${name}: active`))
  t.notMatch(active, /service install/)
  const stopped = (await service(['status'], { STATE: 'failed' })).stdout
  t.match(stopped, new RegExp(`^Service ${name}: failed.*\n.*"automate-tui service install" starts it again`))

  const [program = '', ...args] = unitCommand(printed.stdout)
  const scheduler = spawn(program, args, { cwd: newFolder(), stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = follow(t, scheduler)
  t.match(await lines.line(''), /scheduler/)
  scheduler.kill('SIGTERM')
  t.same(await lines.exited, { code: 0, signal: null })
  t.ok(existsSync(join(root, 'data', 'automate.db')), 'it scheduled in this project')
  t.notOk(existsSync(join(root, 'hacked')))

  writeFileSync(words, '')
  t.match((await service(['uninstall'])).stdout, /is removed/)
  t.same(told(), [`systemctl --user disable --now ${unit}`, 'systemctl --user daemon-reload'])
  t.same(readdirSync(units), [])
  t.match((await service(['uninstall'])).stdout, /is no service of this machine/)
})
