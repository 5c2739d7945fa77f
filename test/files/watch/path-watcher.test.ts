import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { newFolder } from '../../helpers/store/project.ts'
import { withoutInotify } from '../../helpers/processes/without-inotify.ts'

const FIXTURE = fileURLToPath(new URL('../../fixtures/files/watches-without-inotify.ts', import.meta.url))

/**
 * Cases of a watcher and the number of inotify resources that the system allows. One watch is only
 * enough for the upper folder.
 */
const CASES = [
  ['files', 'instances', 0],
  ['files', 'watches', 0],
  ['sources', 'instances', 0],
  ['sources', 'watches', 1],
] as const

t.jobs = CASES.length
for (const [watcher, limit, count] of CASES) {
  const title = `sees changes of ${watcher} and logs a warning with only ${count} inotify ${limit}`
  t.test(title, { skip: withoutInotify.missing }, async t => {
    const [command, ...args] = withoutInotify.command(limit, count)
    const fixture = [process.execPath, FIXTURE, newFolder(), watcher]
    const { stdout } = await promisify(execFile)(command, [...args, ...fixture])
    const name = `fs\\.inotify\\.max_user_${limit}`
    const warning = new RegExp(`^\\[".*${name} = \\d+ .*sudo sysctl -w ${name}=\\d+[^"]*\\\\"[^"]*"\\]$`)
    t.match(stdout, warning, 'the limit is reported once, with the remedy')
  })
}
