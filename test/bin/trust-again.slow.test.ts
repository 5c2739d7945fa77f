import { chmodSync, chownSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { describeProject, openProject } from '../../lib/app/project/project.ts'
import { newFolder } from '../helpers/store/project.ts'

const USER = 4712
const ANOTHER_USER = 4711

t.test(
  'does not reload the code of a project that other users can now change',
  { skip: process.platform === 'win32' && 'on Windows the check at the start takes a second' },
  async t => {
    const above = newFolder()
    const root = join(above, 'project')
    const workflow = join(root, 'workflows', 'greet.ts')
    mkdirSync(join(root, 'workflows'), { recursive: true })
    writeFileSync(join(root, 'automate.config.mjs'), 'export default {}')
    writeFileSync(workflow, 'export default 5')
    const project = await openProject({ root }, { readOnly: true })
    t.match(await describeProject(project), { broken: [{ file: workflow }] })
    const refusal = { code: 'config-invalid', message: /Other users can/ }
    for (const [path, mode] of [
      [above, 0o777],
      [workflow, 0o666],
    ] as const) {
      chmodSync(path, mode)
      await t.rejects(describeProject(project), refusal, path)
      await t.rejects(project.reread(), refusal, path)
      chmodSync(path, 0o755)
    }
    await t.resolves(describeProject(project))
    await t.resolves(project.reread())
  },
)

t.test(
  'consent to the owner of a project does not extend to a later owner',
  { skip: process.getuid?.() !== 0 && 'only root can make files of another user' },
  async t => {
    const root = newFolder()
    const own = (uid: number) => {
      for (const path of [root, join(root, 'automate.config.mjs')]) chownSync(path, uid, uid)
    }
    writeFileSync(join(root, 'automate.config.mjs'), 'export default {}')
    own(USER)
    const project = await openProject({ root }, { readOnly: true })
    await t.resolves(project.reread())
    own(ANOTHER_USER)
    const refusal = { code: 'config-invalid', message: `${root} belongs to uid ${ANOTHER_USER}` }
    await t.rejects(project.reread(), refusal, 'the reload of a running scheduler')
    await t.rejects(describeProject(project), refusal)
    for (const owner of [String(USER), 'nobody', ''])
      await t.rejects(openProject({ root, owner }, { readOnly: true }), refusal, `--owner "${owner}"`)
    await t.resolves(openProject({ root, owner: String(ANOTHER_USER) }, { readOnly: true }))
    await t.resolves(openProject({ root }, { readOnly: true }), 'a new start with --root')
  },
)

t.test(
  'does not call the function "proxies" of a configuration that other users can now change',
  { skip: process.platform === 'win32' && 'on Windows the check at the start takes a second' },
  async t => {
    const root = newFolder()
    const config = join(root, 'automate.config.mjs')
    const called = join(root, 'called')
    writeFileSync(
      config,
      `import { writeFileSync } from 'node:fs'
export default { proxies: () => { writeFileSync(${JSON.stringify(called)}, ''); return ['http://127.0.0.1:9'] } }\n`,
    )
    const { proxies } = await openProject({ root }, { readOnly: true })
    rmSync(called, { force: true })
    chmodSync(config, 0o666)
    await t.rejects(proxies.list(), { code: 'config-invalid', message: `chmod go-w ${config}` })
    t.notOk(existsSync(called))
    chmodSync(config, 0o644)
    t.match(await proxies.list(), [{ id: /127\.0\.0\.1:9/ }])
    t.ok(existsSync(called))
  },
)
