import { chownSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { automate } from '../../helpers/program/automate.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

const USER = 61_000
const isRoot = process.geteuid?.() === 0
const needsRoot = { skip: !isRoot && 'only root can make files of another user' }

function giveAll(folder: string): void {
  for (const name of ['.', ...readdirSync(folder, { recursive: true, encoding: 'utf8' })])
    chownSync(join(folder, name), USER, USER)
}

const ENQUEUE = ['enqueue', 'succeeds-late', '--input', 'at=1']
const BY_SUDO = { SUDO_UID: String(USER), AUTOMATE_TRUST: undefined }

t.test("root writes nothing into another user's project without consent", needsRoot, async t => {
  const project = new JourneyProject(t, newFolder())
  const { root } = project
  const trusted = { ...BY_SUDO, AUTOMATE_TRUST: root }
  t.equal((await project.run(ENQUEUE, { env: trusted })).code, 0)
  giveAll(root)
  const files = () => readdirSync(root, { recursive: true, encoding: 'utf8' }).toSorted()
  const before = files()
  const commands = [
    ENQUEUE,
    ['report', '1'],
    ['crashes', '1', '--bundle'],
    ['db', 'check'],
    ['db', 'backup', join(root, 'backup.db')],
    ['doctor', '--fix'],
  ]
  for (const command of commands) {
    const refused = await project.run(command, { env: BY_SUDO })
    t.equal(refused.code, 4, `${command.join(' ')}: ${refused.stdout}`)
    t.match(refused.stderr, `runs as root in ${root}, which belongs to uid ${USER}`)
    t.match(refused.stderr, /Run the command without sudo/)
    t.match(refused.stderr, `AUTOMATE_TRUST=${root}`)
  }
  const noSudo = { SUDO_UID: undefined, AUTOMATE_TRUST: undefined }
  const named = await automate(t, ['--root', root, ...ENQUEUE], { cwd: '/', env: noSudo })
  t.equal(named.code, 4, 'root came by su or cron')
  t.match(named.stderr, /Run the command as that user/)
  const config = await project.run(['config'], { env: BY_SUDO })
  t.equal(config.code, 0, 'a command that only reads works')
  t.same(files(), before, 'nothing is created')
  t.equal((await project.run(ENQUEUE, { env: trusted })).code, 0)
})

t.test('--root trusts the owner of the folder, and no third user', needsRoot, async t => {
  const project = new JourneyProject(t, newFolder(), { workflows: ['succeeds-late'] })
  const { root } = project
  const env = { SUDO_UID: undefined, AUTOMATE_TRUST: undefined }
  const config = () => automate(t, ['--root', root, 'config'], { cwd: '/', env })
  const workflow = join(root, 'journeys', 'succeeds-late.ts')
  for (const prepare of [() => undefined, () => giveAll(root)]) {
    prepare()
    t.equal((await config()).code, 0)
    const { uid, gid } = statSync(workflow)
    chownSync(workflow, USER + 1, gid)
    const { code, stderr } = await config()
    t.equal(code, 2)
    t.match(stderr, `${workflow} belongs to uid ${USER + 1}`)
    t.match(stderr, `If you trust uid ${USER + 1}, set AUTOMATE_TRUST=${root}`)
    t.notMatch(stderr, '--root')
    chownSync(workflow, uid, gid)
  }
})

t.test("root creates no project in another user's folder", needsRoot, async t => {
  const folder = newFolder()
  giveAll(folder)
  for (const command of [
    ['init', folder],
    ['demo', '--root', folder],
  ]) {
    const { code, stderr } = await automate(t, command, { cwd: '/', env: BY_SUDO })
    t.equal(code, 4, stderr)
    t.same(readdirSync(folder), [])
  }
})
