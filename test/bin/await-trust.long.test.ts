import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { awaitTrust } from '../../bin/upgrade/restart.ts'
import { openProject } from '../../lib/app/project/project.ts'
import { messageOf } from '../../lib/core/errors/errors.ts'
import { messageServer } from '../helpers/sites/message-server.ts'
import { newFolder } from '../helpers/store/project.ts'
import { until } from '../helpers/until.ts'

/** Returns the reason why no folder here can be trusted. Empty if a folder can be trusted. */
async function unfit(root: string): Promise<string> {
  try {
    const project = await openProject({ root })
    project.requireTrust('program')
    return ''
  } catch (error) {
    return messageOf(error)
  }
}

t.test(
  'a process waits to restart into another version while another user can change the program',
  { skip: process.platform === 'win32' && 'on Windows files have no modes' },
  async t => {
    const hook = await messageServer(t)
    hook.otherwise = { status: 200 }
    const trusted = process.env['AUTOMATE_TRUST']
    delete process.env['AUTOMATE_TRUST']
    t.teardown(() => (process.env['AUTOMATE_TRUST'] = trusted))
    const root = newFolder()
    const packages = join(root, 'node_modules')
    mkdirSync(packages)
    const notify = { webhook: { url: hook.url } }
    writeFileSync(join(root, 'automate.config.js'), `export default ${JSON.stringify({ notify })}`)
    const reason = await unfit(root)
    if (reason !== '') {
      t.pass(`this checkout is not trusted itself: ${reason}`)
      return
    }
    const project = await openProject({ root })
    t.ok(await awaitTrust(project))

    chmodSync(packages, 0o777)
    const waits = awaitTrust(project)
    await until('the notice', () => hook.requests.some(({ body }) => body.includes('project-untrusted')))
    chmodSync(packages, 0o755)
    t.ok(await waits)
    await until('the notice of its end', () =>
      hook.requests.some(({ body }) => body.includes('project-trusted')),
    )

    chmodSync(packages, 0o777)
    const stopped = awaitTrust(project)
    process.emit('SIGTERM')
    t.notOk(await stopped, 'a signal ends the wait')
  },
)
