import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import t from 'tap'
import { topics } from '../topics.ts'

const ENTRY = join(import.meta.dirname, '..', 'run.entry.ts')
const run = promisify(execFile)

t.test('the help names every topic', async t => {
  const { stdout } = await run(process.execPath, [ENTRY, '--help'])
  // The help wraps its long lines.
  const help = stdout.replaceAll(/\s+/g, ' ')
  t.match(help, `${topics.map(({ name }) => name).join(', ')} (all without one)`)
})
