import {
  chmodSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { z } from 'zod'
import { automate } from '../../helpers/program/automate.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ANOTHER_USER = 4711
const DAY_MS = 24 * 3_600_000
const isRoot = process.geteuid?.() === 0
const needsModes = { skip: process.platform === 'win32' && 'Windows has access control lists instead' }
const needsRoot = { skip: !isRoot && 'only root can make files of another user' }
const ENV = { AUTOMATE_TRUST: undefined, SUDO_UID: undefined, XDG_CONFIG_HOME: undefined }

const Report = z.object({
  checks: z.array(
    z.object({ check: z.string(), status: z.string(), message: z.string(), remedy: z.string() }).partial(),
  ),
})

/**
 * Makes a project with folders that lead into a private folder of the user, and a folder below the
 * project.
 */
function plantedProject() {
  const root = newFolder()
  const documents = newFolder()
  const below = join(root, 'below')
  const config = join(root, 'automate.config.mjs')
  for (const folder of [below, join(root, 'data'), join(documents, 'letters')]) mkdirSync(folder)
  writeFileSync(config, 'export default {}\n')
  writeFileSync(join(documents, 'letters', 'letter.txt'), 'Dear Ada')
  for (const name of ['8080.json', '.note.1.1.tmp']) writeFileSync(join(documents, name), '{}')
  const links = [
    ...['profiles', 'ports', 'state', 'reports'].map(name => join(root, 'data', name)),
    join(root, 'logs'),
  ]
  for (const link of links) symlinkSync(documents, link)
  chmodSync(documents, 0o750)
  const at = (Date.now() - 9 * DAY_MS) / 1000
  for (const name of ['letters/letter.txt', 'letters', '8080.json', '.note.1.1.tmp', '.'])
    utimesSync(join(documents, name), at, at)
  return { root, below, config, documents, links }
}

/** Returns every property of the files of a folder that a command could have changed. */
function stateOf(...folders: readonly string[]): string[] {
  return folders.flatMap(folder =>
    ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })].toSorted().map(name => {
      const { mode, uid, ino, size, mtimeMs } = lstatSync(join(folder, name))
      return [join(folder, name), mode.toString(8), uid, ino, size, mtimeMs].join(' ')
    }),
  )
}

/** Runs doctor. Returns its exit code and the finding of each check of the project. */
async function examine(t: Test, cwd: string, args: readonly string[]) {
  const { code, stdout, stderr } = await automate(t, ['doctor', '--json', ...args], { cwd, env: ENV })
  const { checks } = Report.parse(JSON.parse(stdout === '' ? '{"checks":[]}' : stdout))
  return { code, stderr, found: new Map(checks.map(one => [one.check, one])) }
}

t.test('doctor checks and changes nothing in a project that other users can write', needsModes, async t => {
  const { root, below, documents } = plantedProject()
  chmodSync(root, 0o777)
  const before = stateOf(root, documents)
  for (const args of [[], ['--fix']]) {
    const { code, found } = await examine(t, below, args)
    t.equal(code, 2)
    t.match(found.get('configuration'), {
      status: 'problem',
      message: `Other users can write ${root}`,
      remedy: /nothing in the project is loaded, checked or repaired/,
    })
    const names = ['workflows', 'proxies', 'notify', 'folders', 'space', 'kernel-lock', 'owner', 'database']
    for (const name of [...names, 'leftovers'])
      t.match(found.get(name), {
        status: 'warning',
        message: 'not checked: the project is not trusted',
        remedy: /Follow the remedy of "Configuration"/,
      })
    t.strictSame(stateOf(root, documents), before, `doctor ${args.join(' ')}`)
  }
  const { stdout } = await automate(t, ['doctor', '--language', 'it'], { cwd: below, env: ENV })
  t.match(stdout, 'non controllato: il progetto non è fidato')
  t.notMatch(stdout, 'doctor --fix', 'doctor suggests no --fix, which would repair nothing')
})

t.test(
  "doctor --fix of root changes no file in a project with another user's files in a folder above",
  needsRoot,
  async t => {
    for (const planted of ['configuration', 'data', 'logs']) {
      const { root, below, config, documents, links } = plantedProject()
      chmodSync(root, 0o1755)
      if (planted === 'configuration')
        for (const path of [config, ...links]) lchownSync(path, ANOTHER_USER, ANOTHER_USER)
      else lchownSync(join(root, planted), ANOTHER_USER, ANOTHER_USER)
      const before = stateOf(root, documents)
      const fixed = await examine(t, below, ['--fix'])
      t.equal(fixed.code, 4, fixed.stderr)
      t.match(
        fixed.stderr,
        new RegExp(`runs as root in the project ${root}, but \\S+ belongs to uid ${ANOTHER_USER}`),
      )
      t.match(fixed.stderr, `AUTOMATE_TRUST=${root}`)
      const found = await examine(t, below, [])
      t.equal(found.code, 2)
      t.match(found.found.get('leftovers')?.message, 'not checked')
      t.strictSame(stateOf(root, documents), before, planted)
    }
  },
)

t.test('follows no link of the other owner in a trusted project', needsRoot, async t => {
  const { root, documents, links } = plantedProject()
  chmodSync(root, 0o755)
  for (const link of links) lchownSync(link, ANOTHER_USER, ANOTHER_USER)
  const before = stateOf(documents)
  const { stdout } = await automate(t, ['doctor', '--fix', '--json'], {
    cwd: root,
    env: { ...ENV, AUTOMATE_TRUST: root },
  })
  t.match(stdout, `${join(root, 'logs')} is a link that uid ${ANOTHER_USER} made`)
  t.match(stdout, `${join(root, 'data', 'profiles')} is a link that uid ${ANOTHER_USER} made`)
  const kept = new Set(stateOf(documents).map(line => line.split(' ')[0]))
  t.strictSame(
    before.map(line => line.split(' ')[0] ?? '').filter(path => !kept.has(path)),
    [],
  )
  t.equal(lstatSync(documents).mode & 0o777, 0o750)
})

t.test('doctor --fix repairs a data folder that the user linked to another disk', needsModes, async t => {
  const root = newFolder()
  const disk = newFolder()
  writeFileSync(join(root, 'automate.config.mjs'), 'export default {}\n')
  const left = join(disk, 'profiles', 'left')
  mkdirSync(left, { recursive: true })
  const at = (Date.now() - 9 * DAY_MS) / 1000
  utimesSync(left, at, at)
  symlinkSync(disk, join(root, 'data'))
  chmodSync(disk, 0o755)
  const { found } = await examine(t, root, ['--fix'])
  t.match(found.get('folders'), { status: 'ok' })
  t.match(found.get('leftovers'), { status: 'ok' })
  t.equal(lstatSync(disk).mode & 0o777, 0o700)
  t.strictSame(readdirSync(join(disk, 'profiles')), [])
})

/** Commands that work on a project, with the exit code of each in a refused project. */
const COMMANDS: readonly (readonly [code: number, ...words: string[]])[] = [
  [2, '--no-tui', '--until-idle'],
  [2, 'run', 'greet'],
  [2, 'enqueue', 'greet'],
  [2, 'worker', 'greet'],
  [2, 'test'],
  [2, 'new', 'workflow', 'greet'],
  [2, 'init'],
  [2, 'demo', '--root', '..'],
  [2, 'check-start', '--migrations', '1'],
  [2, 'config'],
  [2, 'status'],
  [2, 'jobs'],
  [2, 'jobs', '1'],
  [2, 'depend', '1', '2'],
  [2, 'priority', '1', '5'],
  [2, 'cancel', '1'],
  [2, 'retry', '1'],
  [2, 'logs'],
  [2, 'crashes'],
  [2, 'crashes', '1', '--bundle'],
  [2, 'report', '1'],
  [2, 'services'],
  [2, 'sessions'],
  [2, 'sessions', 'forget', 'ada'],
  [2, 'takeover', 'pause', 'w1'],
  [2, 'picture', 'w1'],
  [2, 'proxies'],
  [2, 'proxies', 'test'],
  [2, 'notify', 'test'],
  [2, 'schedules'],
  [2, 'schedules', 'add', 'daily', 'greet', '--every', '15m'],
  [2, 'schedules', 'remove', 'daily'],
  [2, 'schedules', 'run', 'daily'],
  [2, 'schedules', 'next'],
  [2, 'db', 'check'],
  [2, 'db', 'backup', 'copy.db'],
  [2, 'db', 'restore', 'copy.db'],
  [2, 'db', 'new'],
  [2, 'db', 'vacuum'],
  [2, 'db', 'tables'],
  [2, 'db', 'rows', 'jobs'],
  [2, 'db', 'set', 'jobs', 'priority=5', '--key', 'id=1'],
  [2, 'db', 'add', 'counters', 'name=orders', 'value=0'],
  [2, 'db', 'remove', 'jobs', '--key', 'id=1'],
  [2, 'autostart', 'enable'],
  [2, 'autostart', 'enable', '--print'],
  [2, 'autostart', 'status'],
  [2, 'autostart', 'disable'],
  [0, 'complete', 'run'],
  [0, 'completion', 'bash'],
]

t.test('no command changes anything in a refused project', needsModes, async t => {
  const { root, below, documents } = plantedProject()
  chmodSync(root, 0o777)
  const home = newFolder()
  const before = stateOf(root, documents, home)
  for (const [expected, ...words] of COMMANDS) {
    const cwd = words[0] === 'init' ? root : below
    const env = { ...ENV, HOME: home, XDG_CONFIG_HOME: home }
    const { code, stdout, stderr } = await automate(t, words, { cwd, env })
    t.equal(code, expected, `${words.join(' ')}: ${stdout}${stderr}`)
    t.strictSame(stateOf(root, documents, home), before, words.join(' '))
  }
})
