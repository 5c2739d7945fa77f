import { chownSync, existsSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { userInfo } from 'node:os'
import { delimiter, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { Automate, automate } from '../../helpers/program/automate.ts'
import { follow } from '../../helpers/program/program.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { unitCommand } from '../../helpers/program/systemd-unit.ts'

const ANOTHER_USER = 4711

const ON_LINUX = { skip: process.platform === 'linux' ? false : 'systemd is of Linux' }

/**
 * Script in the place of systemctl and loginctl, because a test has none of its own. Records its
 * arguments, and refuses the words in REFUSED.
 */
const RECORDER = `#!/bin/sh
echo "$(basename "$0") $*" >> "$WORDS"
for word in $REFUSED; do
  case " $* " in *" $word "*) echo "Failed to connect to bus" >&2; exit 1;; esac
done
case "$1 $2" in
  "--user is-active") echo "\${STATE:-active}";;
  "--user show") echo "\${MAIN_PID:-0}";;
  show-user*) echo "\${LINGER:-no}";;
esac
`

const Installed = z.object({ name: z.string(), place: z.string(), byHand: z.array(z.string()) })

function project(name = 'shop'): string {
  const root = join(newFolder(), name)
  mkdirSync(root)
  writeFileSync(join(root, 'automate.config.ts'), 'export default { warmWorkers: 0 }\n')
  return root
}

/** Simulates a machine with systemd for the services of `root`. */
function machine(t: Pick<Test, 'teardown'>, root: string) {
  const bin = newFolder()
  for (const name of ['systemctl', 'loginctl']) writeFileSync(join(bin, name), RECORDER, { mode: 0o755 })
  const words = join(bin, 'words')
  const forget = () => writeFileSync(words, '')
  forget()
  const home = newFolder()
  const env = {
    WORDS: words,
    XDG_CONFIG_HOME: home,
    PATH: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
  }
  return {
    home,
    forget,
    told: () => readFileSync(words, 'utf8').trim().split('\n'),
    service: (args: readonly string[], more: Record<string, string> = {}) =>
      automate(t, ['autostart', ...args], { cwd: root, env: { ...env, ...more } }),
  }
}

t.test('enables and disables the scheduler as a service of the machine', ON_LINUX, async t => {
  const root = project(`it's 100% "$HOME"; touch hacked $(touch hacked)`)
  const { service, told, forget, home } = machine(t, root)

  const printed = await service(['enable', '--print'])
  t.equal(printed.code, 0, printed.stderr)
  t.same(readdirSync(home), [], '--print writes nothing')
  t.same(told(), [''])
  t.match((await service(['status'])).stdout, /is no service of this machine/)

  const refused = await service(['enable'], { REFUSED: 'enable' })
  t.equal(refused.code, 4)
  t.match(refused.stderr, /systemd rejected the service: Failed to connect to bus\. .*--print/)
  const units = join(home, 'systemd', 'user')
  t.same(readdirSync(units), [], 'no unit file remains')

  forget()
  const { code, stdout } = await service(['enable', '--json'], { REFUSED: 'enable-linger' })
  t.equal(code, 0)
  const { name, place, byHand } = Installed.parse(JSON.parse(stdout))
  t.equal(place, join(units, `${name}.service`))
  t.match(byHand, [/^sudo loginctl enable-linger /])
  t.equal(readFileSync(place, 'utf8'), printed.stdout)
  const unit = `${name}.service`
  t.same(told().slice(-5), [
    'systemctl --user daemon-reload',
    `systemctl --user enable ${unit}`,
    `systemctl --user restart ${unit}`,
    'loginctl enable-linger',
    `loginctl show-user ${userInfo().username} --property=Linger --value`,
  ])
  const active = (await service(['status', '--language', 'it'])).stdout
  t.match(active, new RegExp(`^Servizio ${name}: active`))
  t.notMatch(active, /autostart enable/)
  const stopped = (await service(['status'], { STATE: 'failed' })).stdout
  t.match(
    stopped,
    new RegExp(`^Service ${name}: failed.*\n.*Start it again with "automate-tui autostart enable"`),
  )

  const [program = '', ...args] = unitCommand(printed.stdout)
  const uid = process.getuid?.() ?? 0
  t.strictSame(args.slice(1), ['--no-tui', '--root', root, '--owner', `${uid}`])
  const scheduler = spawn(program, args, { cwd: newFolder(), stdio: ['pipe', 'pipe', 'inherit'] })
  const lines = follow(t, scheduler)
  await until('a line of the scheduler', () => lines.lines.some(line => line.includes(' scheduler ')))
  scheduler.kill('SIGTERM')
  t.same(await lines.exited, { code: 0, signal: null })
  t.ok(existsSync(join(root, 'data', 'automate.db')), 'the service scheduled in this project')
  t.notOk(existsSync(join(root, 'hacked')))
  if (uid === 0) {
    chownSync(root, ANOTHER_USER, ANOTHER_USER)
    const handedOver = await automate(t, ['config', ...args.slice(2)], { env: { AUTOMATE_TRUST: undefined } })
    t.equal(handedOver.code, 2, 'refuses to load the project of a later owner')
    t.match(handedOver.stderr, `belongs to uid ${ANOTHER_USER}`)
    chownSync(root, uid, uid)
  }

  forget()
  const uninstalled = await service(['disable'])
  t.match(uninstalled.stdout, /was removed/)
  t.equal(uninstalled.stderr, '', 'no scheduler runs that the service would wait for')
  t.same(told().slice(-2), [`systemctl --user disable --now ${unit}`, 'systemctl --user daemon-reload'])
  t.same(readdirSync(units), [])
  t.match((await service(['disable'])).stdout, /is no service of this machine/)
})

t.test('enable lists the manual steps that are not done yet', ON_LINUX, async t => {
  const root = project()
  const { service } = machine(t, root)
  const install = async (env: Record<string, string>) =>
    Installed.parse(JSON.parse((await service(['enable', '--json'], env)).stdout)).byHand
  const command = `sudo loginctl enable-linger ${userInfo().username}`
  t.same(await install({ REFUSED: 'enable-linger', LINGER: 'yes' }), [])
  t.same(await install({ REFUSED: 'enable-linger' }), [command])
  t.same(
    await install({ REFUSED: 'enable-linger show-user' }),
    [command],
    'the system does not know this user',
  )
})

t.test('names a running scheduler for which the service waits', ON_LINUX, async t => {
  const root = project()
  const { service } = machine(t, root)
  const scheduler = new Automate(t, ['--no-tui', '--json'], { cwd: root })
  await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
  const { pid } = scheduler
  const waits = `A scheduler runs here already (process ${pid}): the service takes over when the scheduler ends.`

  const installed = await service(['enable'])
  t.match(installed.stdout, waits)
  t.notMatch(installed.stdout, 'started')
  t.match(JSON.parse((await service(['enable', '--json'])).stdout), { waitsFor: pid })
  t.match((await service(['status'], { STATE: 'activating' })).stdout, waits)
  t.match(
    (await service(['status'], { MAIN_PID: '1' })).stdout,
    waits,
    'the service is active and about to give up',
  )
  t.notMatch(
    (await service(['status'], { MAIN_PID: String(pid) })).stdout,
    /A scheduler/,
    'the scheduler is that of the service',
  )
  const stopped = (await service(['status'], { STATE: 'inactive' })).stdout
  t.match(stopped, `A scheduler runs here without it (process ${pid}).`)
  t.notMatch(stopped, /takes over/)

  scheduler.signal('SIGTERM')
  await scheduler.ended
  t.notMatch((await service(['status'], { STATE: 'activating' })).stdout, /A scheduler/)
  t.match((await service(['enable'])).stdout, /is installed .* and started/)
})

t.test(
  'disable states the longest stop time of a running service before it removes it',
  ON_LINUX,
  async t => {
    const root = project()
    const { service } = machine(t, root)
    await service(['enable'])
    const { stderr, stdout } = await service(['disable', '--language', 'it'], { MAIN_PID: '4711' })
    t.match(stderr, /i lavori in corso possono finire, entro 5 min 30 s/)
    t.match(stdout, /rimosso/)
  },
)
