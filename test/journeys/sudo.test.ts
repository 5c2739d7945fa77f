import { chownSync, existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../helpers/journey-project.ts'
import { newFolder } from '../helpers/project.ts'

const USER = 61_000

t.test(
  'sudo writes nothing into the project of its user, unless that is wanted',
  { skip: process.geteuid?.() !== 0 && 'needs root' },
  async t => {
    const project = new JourneyProject(t, newFolder())
    for (const name of ['.', ...readdirSync(project.root)]) chownSync(join(project.root, name), USER, USER)
    const env = { SUDO_UID: String(USER), AUTOMATE_TRUST: undefined }
    const refused = await project.run(['enqueue', 'succeeds-late', '--input', 'at=1'], { env })
    t.equal(refused.code, 4)
    t.match(refused.stderr, /Run it without sudo/)
    t.notOk(existsSync(join(project.root, 'data')))
    const read = await project.run(['config'], { env })
    t.equal(read.code, 0, 'a command that only reads works')
    const wanted = await project.run(['enqueue', 'succeeds-late', '--input', 'at=1'], {
      env: { ...env, AUTOMATE_TRUST: project.root },
    })
    t.equal(wanted.code, 0)
  },
)
