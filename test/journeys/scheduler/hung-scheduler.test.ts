import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'

/** The fixtures that the tests use. */
const workflows: readonly string[] = []

const HANGS_AT_SIGNAL = new URL('../../fixtures/preload/hangs-at-signal.ts', import.meta.url).href

t.test(
  'ends a hung scheduler, and its log names the code that hung',
  { skip: process.platform === 'win32' && 'needs SIGUSR2' },
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 1 })
    const scheduler = project.start(['--no-tui', '--json'], {
      env: { NODE_OPTIONS: `--import=${HANGS_AT_SIGNAL}`, AUTOMATE_HUNG_AFTER: '10s' },
    })
    await scheduler.event('scheduling', ({ event, phase }) => event === 'scheduler' && phase === 'scheduling')
    scheduler.signal('SIGUSR2')
    t.match(await scheduler.ended, { code: null, signal: 'SIGKILL' })
    const log = readFileSync(join(project.paths.logs('console', new Date()), 'console.log'), 'utf8')
    t.match(log, /The scheduler has hung for 10 s in hangsHere \(.*hangs-at-signal\.ts:3\)/)
  },
)
