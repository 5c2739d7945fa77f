import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { livingScheduler } from '../../../lib/store/ownership/living-owner.ts'
import { PROGRAM } from '../../helpers/program/built-program.ts'
import { fillOutput } from '../../helpers/program/fill-output.ts'
import { LiveConsole, LiveProject } from '../../helpers/terminal/live-console.ts'
import { spawn } from '../../helpers/terminal/terminal.ts'
import { until } from '../../helpers/until.ts'

const LINUX = process.platform === 'linux'

const logOf = ({ paths }: LiveProject): string =>
  readFileSync(join(paths.logs('console', new Date()), 'console.log'), 'utf8')

t.test(
  'a console starts and settles jobs while its terminal does not read, and then shows the events',
  { skip: !LINUX && 'needs /proc' },
  async t => {
    const project = new LiveProject('waits-for-a-file')
    const console = new LiveConsole(t, ['--root', project.root], [100, 30])
    await console.see('● scheduling')
    console.terminal.stopReading()
    await fillOutput(await until('the scheduler', () => livingScheduler(project.paths.owner)))
    const job = await project.enqueueGated(1)
    await project.untilAtGate()
    project.openGate(1)
    await project.untilJob(job, 'succeeded')
    await until('the warning', () => logOf(project).includes('Writing to the terminal fails'))
    console.terminal.readAgain()
    await until('the recovery', () => logOf(project).includes('Writing to the terminal works again'))
    await console.see(/succeeded +1/)
    console.press('q')
    await console.ended(t)
  },
)

t.test(
  'without screens, jobs run while the terminal does not read, and a stop ends the program',
  { skip: !LINUX && 'needs /proc' },
  async t => {
    const project = new LiveProject('waits-for-a-file')
    const terminal = spawn(process.execPath, [PROGRAM, '--no-tui', '--root', project.root], {
      cols: 100,
      rows: 30,
    })
    t.teardown(() => terminal.close())
    await terminal.waitFor('scheduling')
    terminal.stopReading()
    await fillOutput(terminal.pid)
    const job = await project.enqueueGated(1)
    await project.untilAtGate()
    project.openGate(1)
    await project.untilJob(job, 'succeeded')
    terminal.signal('SIGTERM')
    t.match(await terminal.untilExited(), { exitCode: 0 })
  },
)
