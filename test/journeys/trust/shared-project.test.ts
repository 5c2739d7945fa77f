import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, lstatSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import { automate } from '../../helpers/program/automate.ts'
import { newFolder } from '../../helpers/store/project.ts'

const ANOTHER_USER = 4711
const OTHERS_WRITE = 0o022
const isRoot = process.getuid?.() === 0
const ENV = { AUTOMATE_TRUST: undefined, SUDO_UID: undefined }
const posix = {
  skip: process.platform === 'win32' && 'Windows has access control lists: see test/platform/windows',
}

/**
 * Makes a project that has run, with every kind of file from which the program takes code,
 * programs, addresses of proxies or its own documents.
 */
function sharedProject() {
  const root = newFolder()
  const elsewhere = newFolder()
  const files = [
    ...['package.json', 'tsconfig.json', '.env', 'lib/shop.ts', 'node_modules/shop/index.js'],
    ...['workflows/greet.ts', 'workflows/shared/words.ts', 'workflows/shared/package.json'],
    ...['data/automate.db', 'data/owner.json', 'data/assignments/w1.launch.json', 'data/results/w1.json'],
    ...[
      'data/state/scheduler.json',
      'data/state/workers/w1.json',
      'data/backups/a.db',
      'data/profiles/p1/Prefs',
    ],
    ...['logs/01-12-2026/workers/w1.out', 'data/crashes/w1.json'],
  ].map(name => join(root, name))
  const [proxies, linked] = [join(elsewhere, 'proxies.txt'), join(elsewhere, 'reports')]
  for (const file of files) mkdirSync(dirname(file), { recursive: true })
  for (const file of files) writeFileSync(file, file.endsWith('package.json') ? '{}' : '')
  writeFileSync(proxies, 'http://127.0.0.1:9\n')
  mkdirSync(linked)
  symlinkSync(linked, join(root, 'data', 'reports'))
  writeFileSync(
    join(root, 'automate.config.mjs'),
    `export default { warmWorkers: 0, proxies: ${JSON.stringify(proxies)} }\n`,
  )
  const config = (env: Readonly<Record<string, string | undefined>> = ENV) =>
    automate(t, ['config'], { cwd: root, env })
  return { root, elsewhere, proxies, linked, config }
}

/**
 * Returns the paths of a folder and all below it that other users may write. Links are left out,
 * because they have no rights of their own.
 */
function writableIn(folder: string): string[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return [folder, ...names.map(name => join(folder, name))].filter(path => {
    const stats = lstatSync(path)
    return !stats.isSymbolicLink() && (stats.mode & OTHERS_WRITE) !== 0
  })
}

/** Returns the commands that a refusal names. */
function commandsOf(message: string): string[] {
  const [, all = ''] = /Run ((?:"chmod [^"]*"(?: and )?)+)/.exec(message) ?? []
  return [...all.matchAll(/"([^"]*)"/g)].map(([, command = '']) => command)
}

t.test('the commands of one refusal close the whole project to other users', posix, async t => {
  const { root, elsewhere, proxies, linked, config } = sharedProject()
  execFileSync('chmod', ['-R', '777', root, linked])
  const refused = await config()
  t.equal(refused.code, 2, refused.stdout)
  for (const name of ['.env', 'automate.config.mjs', 'package.json', 'data', 'data/automate.db', 'logs'])
    t.match(refused.stderr, `${join(root, name)} (mode 0777)`)
  t.match(refused.stderr, / and \d+ more/, 'a message with very many paths names some')
  const commands = commandsOf(refused.stderr)
  t.strictSame(commands, [`chmod -R go-w ${root} ${linked}`])
  for (const command of commands) execFileSync('sh', ['-c', command])
  t.strictSame(writableIn(root), [])
  const accepted = await config()
  t.equal(accepted.code, 0, accepted.stderr)

  chmodSync(proxies, 0o666)
  const [again] = commandsOf((await config()).stderr)
  t.equal(again, `chmod go-w ${proxies}`)
  chmodSync(proxies, 0o644)
  t.strictSame(writableIn(elsewhere), [])
})

t.test('one refusal names the folder above and the project', posix, async t => {
  const above = newFolder()
  const root = join(above, 'project')
  const workflow = join(root, 'workflows', 'greet.ts')
  mkdirSync(dirname(workflow), { recursive: true })
  for (const file of [workflow, join(root, 'automate.config.mjs')]) writeFileSync(file, 'export default {}')
  execFileSync('chmod', ['-R', '777', above])
  const { stderr } = await automate(t, ['config'], { cwd: root, env: ENV })
  const commands = commandsOf(stderr)
  t.strictSame(commands, [`chmod -R go-w ${root}`, `chmod go-w ${above}`], stderr)
  for (const command of commands) execFileSync('sh', ['-c', command])
  t.strictSame(writableIn(above), [])
  t.equal((await automate(t, ['config'], { cwd: root, env: ENV })).code, 0)
})

t.test('checks each path that the program reads separately', posix, async t => {
  const { root, proxies, linked, config } = sharedProject()
  const refused = async (path: string, seen = path) => {
    const { mode, uid } = lstatSync(path)
    chmodSync(path, 0o777)
    const open = await config()
    t.equal(open.code, 2, path)
    t.match(open.stderr, `Other users can write ${seen} (mode 0777)`)
    t.equal((await config({ ...ENV, AUTOMATE_TRUST: root })).code, 0, `${path}, trusted`)
    chmodSync(path, mode & 0o777)
    if (!isRoot) return
    chownSync(path, ANOTHER_USER, ANOTHER_USER)
    const foreign = await config()
    t.equal(foreign.code, 2, path)
    t.match(foreign.stderr, `${seen} belongs to uid ${ANOTHER_USER}`)
    chownSync(path, uid, uid)
  }
  for (const name of ['package.json', 'node_modules', 'workflows/shared', 'workflows/shared/words.ts'])
    await refused(join(root, name))
  await refused(proxies)
  for (const name of [
    'data',
    'logs',
    'data/automate.db',
    'data/assignments/w1.launch.json',
    'data/state/workers',
  ])
    await refused(join(root, name))
  chmodSync(join(root, 'data'), 0o700)
  await refused(linked, join(root, 'data', 'reports'))
  chmodSync(join(root, 'data', 'automate.db'), 0o666)
  t.equal((await config()).code, 0, 'a closed folder protects its files')
})
