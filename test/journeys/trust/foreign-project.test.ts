import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { automate } from '../../helpers/program/automate.ts'
import type { AutomateEnd } from '../../helpers/program/automate.ts'
import { newFolder } from '../../helpers/store/project.ts'

const USER = 1000
const ANOTHER_USER = 4711
const isRoot = process.getuid?.() === 0

/** Makes a project with a configuration that creates a file when it is loaded. */
function plantedProject() {
  const root = newFolder()
  const below = join(root, 'below')
  const loaded = join(root, 'loaded')
  mkdirSync(below)
  const files = {
    config: join(root, 'automate.config.mjs'),
    env: join(root, '.env'),
    workflow: join(root, 'workflows', 'greet.ts'),
  }
  writeFileSync(
    files.config,
    `import { writeFileSync } from 'node:fs'\nwriteFileSync(${JSON.stringify(loaded)}, '')\nexport default { warmWorkers: 0 }\n`,
  )
  return { root, below, loaded, ...files }
}

const ENV = { AUTOMATE_TRUST: undefined, SUDO_UID: undefined }

t.test(
  'refuses a configuration that other users can write, in every place',
  { skip: process.platform === 'win32' && 'Windows has access control lists: see test/platform/windows' },
  async t => {
    const { root, below, config, env, loaded } = plantedProject()
    const refused = ({ code, stderr }: AutomateEnd, path: string) => {
      t.equal(code, 2, stderr)
      t.match(stderr, path)
      t.match(stderr, '--root')
      t.match(stderr, 'AUTOMATE_TRUST')
      t.notOk(existsSync(loaded), 'no code of it has run')
    }
    const status = (...args: string[]) => automate(t, ['config', ...args], { cwd: below, env: ENV })

    chmodSync(config, 0o666)
    refused(await status(), config)
    refused(await status('--root', root), config)
    chmodSync(config, 0o644)

    writeFileSync(env, 'AUTOMATE_BROWSER_ARGS=--renderer-cmd-prefix=/tmp/evil\n')
    chmodSync(env, 0o622)
    refused(await status(), env)
    rmSync(env)

    chmodSync(root, 0o1777)
    refused(await status(), root)
    const trusted = await automate(t, ['config'], { cwd: below, env: { ...ENV, AUTOMATE_TRUST: root } })
    t.equal(trusted.code, 0, trusted.stderr)
    t.ok(existsSync(loaded))
    chmodSync(root, 0o755)
    t.equal((await status()).code, 0)
  },
)

t.test(
  "root works in a user's project if AUTOMATE_TRUST or --root names it, or that user called sudo",
  { skip: !isRoot && 'only root can make files of another user' },
  async t => {
    const { root, below, config, env, workflow, loaded } = plantedProject()
    mkdirSync(join(root, 'workflows'))
    writeFileSync(
      workflow,
      `import { defineWorkflow, z } from 'automate-tui'
export default defineWorkflow({ name: 'greet', input: z.object({}), result: z.string() }).phase('greet', { timeout: '60s' }, () => 'hello')\n`,
    )
    for (const path of [root, below, config, join(root, 'workflows'), workflow]) chownSync(path, USER, USER)

    for (const cwd of [root, below]) {
      const { code, stderr } = await automate(t, ['config'], { cwd, env: ENV })
      t.equal(code, 2)
      t.match(stderr, new RegExp(`${root} belongs to .*uid ${USER}.*runs as root`))
      t.match(stderr, `--root ${root}`)
      t.match(stderr, `AUTOMATE_TRUST=${root}`)
    }
    const elsewhere = await automate(t, ['config', '--root', below], { cwd: '/', env: ENV })
    t.equal(elsewhere.code, 2, 'a named folder does not vouch for its parent')
    t.notOk(existsSync(loaded), 'no code of it has run')

    const trusted = { ...ENV, AUTOMATE_TRUST: root }
    const run = await automate(t, ['run', 'greet', '--json'], { cwd: below, env: trusted })
    t.equal(run.code, 0, run.stderr)
    t.match(run.stdout, 'hello')

    const named = await automate(t, ['config', '--root', root], { cwd: '/', env: ENV })
    t.equal(named.code, 0, named.stderr)
    const sudo = await automate(t, ['config'], { cwd: below, env: { ...ENV, SUDO_UID: String(USER) } })
    t.equal(sudo.code, 0, sudo.stderr)

    symlinkSync('/nowhere', env)
    for (const path of [root, config, join(root, 'workflows'), workflow]) chownSync(path, 0, 0)
    const { code, stderr } = await automate(t, ['config'], { cwd: below, env: ENV })
    t.equal(code, 0, `a link of root's own: ${stderr}`)
    rmSync(env)
    writeFileSync(env, '')
    chownSync(env, ANOTHER_USER, ANOTHER_USER)
    const planted = await automate(t, ['config'], { cwd: below, env: ENV })
    t.equal(planted.code, 2, "another user's .env is next to the own configuration")
    t.match(planted.stderr, `${env} belongs to uid ${ANOTHER_USER}`)
    const project = await automate(t, ['config'], { cwd: below, env: { ...ENV, AUTOMATE_TRUST: below } })
    t.equal(project.code, 2, 'trust in a folder below does not extend to the project')
  },
)

t.test(
  'refuses a workflow that other users can write, and names all such files at once',
  { skip: process.platform === 'win32' && 'Windows has access control lists: see test/platform/windows' },
  async t => {
    const { root, workflow } = plantedProject()
    const folder = join(root, 'workflows')
    const other = join(folder, 'other.ts')
    mkdirSync(folder)
    for (const file of [workflow, other]) writeFileSync(file, 'export default 5')
    const config = (env: Readonly<Record<string, string | undefined>> = ENV) =>
      automate(t, ['config'], { cwd: root, env })

    chmodSync(workflow, 0o666)
    const one = await config()
    t.equal(one.code, 2, one.stdout)
    t.match(one.stderr, `${workflow} (mode 0666)`)
    t.match(one.stderr, `chmod go-w ${workflow}`)
    chmodSync(folder, 0o777)
    chmodSync(other, 0o646)
    const all = await config()
    t.equal(all.code, 2)
    for (const path of [folder, workflow, other]) t.match(all.stderr, path)
    t.match(all.stderr, `"chmod -R go-w ${folder}"`)
    const doctor = await automate(t, ['doctor', '--json'], {
      cwd: root,
      env: { ...ENV, AUTOMATE_BROWSER: '/no/such/browser' },
    })
    t.match(doctor.stdout, `${workflow} (mode 0666)`)
    t.equal((await config({ ...ENV, AUTOMATE_TRUST: root })).code, 0)
    for (const path of [folder, workflow, other]) chmodSync(path, 0o755)
    t.equal((await config()).code, 0)
    if (!isRoot) return
    chownSync(workflow, ANOTHER_USER, ANOTHER_USER)
    const foreign = await config()
    t.equal(foreign.code, 2)
    t.match(foreign.stderr, `${workflow} belongs to uid ${ANOTHER_USER}`)
    const named = await automate(t, ['config', '--root', root], { cwd: root, env: ENV })
    t.equal(named.code, 2, '--root trusts only the owner of the folder')
  },
)

t.test(
  'refuses a project in a folder in which other users can replace it',
  { skip: process.platform === 'win32' && 'Windows has access control lists instead' },
  async t => {
    const { root, below, loaded } = plantedProject()
    const inner = join(below, 'inner')
    mkdirSync(inner)
    writeFileSync(join(inner, 'automate.config.mjs'), readFileSync(join(root, 'automate.config.mjs')))
    const config = (env: Readonly<Record<string, string | undefined>> = ENV, ...args: string[]) =>
      automate(t, ['config', ...args], { cwd: inner, env })
    for (const mode of [0o777, 0o775]) {
      chmodSync(below, mode)
      if (mode === 0o775) chownSync(below, process.getuid?.() ?? 0, isRoot ? ANOTHER_USER : 0)
      for (const args of [[], ['--root', inner]]) {
        const { code, stderr } = await config(ENV, ...args)
        t.equal(code, 2, stderr)
        t.match(stderr, `can replace this project by another one, because they can write ${below}`)
        t.match(stderr, `chmod go-w ${below}`)
        t.match(stderr, `AUTOMATE_TRUST=${inner}`)
      }
      if (!isRoot) break
    }
    t.notOk(existsSync(loaded), 'no code of it has run')
    t.equal((await config({ ...ENV, AUTOMATE_TRUST: inner })).code, 0)
    chmodSync(below, 0o1777)
    t.equal((await config()).code, 0, 'in a sticky folder other users can only replace their own files')
  },
)

t.test('a project cannot trust itself', async t => {
  const { root, env } = plantedProject()
  writeFileSync(env, `AUTOMATE_TRUST=${root}\n`)
  const { code, stderr } = await automate(t, ['config'], { cwd: root, env: ENV })
  t.equal(code, 2)
  t.match(stderr, '"AUTOMATE_TRUST" in .env is not a setting')
})

t.test(
  'init creates nothing in a folder that other users can write, nor behind their links',
  { skip: process.platform === 'win32' && 'Windows has access control lists: see test/platform/windows' },
  async t => {
    const [root, elsewhere] = [newFolder(), newFolder()]
    symlinkSync(elsewhere, join(root, 'workflows'))
    chmodSync(root, 0o777)
    const { code, stderr } = await automate(t, ['init', root], { cwd: '/', env: ENV })
    t.equal(code, 2)
    t.match(stderr, `Other users can write ${root} (mode 0777).`)
    t.strictSame([readdirSync(root), readdirSync(elsewhere)], [['workflows'], []])
    chmodSync(root, 0o755)
    t.equal((await automate(t, ['init', root], { cwd: '/', env: ENV })).code, 0)
  },
)
