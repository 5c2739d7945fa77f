import { appendFileSync, writeFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { LogLine } from '../../../lib/model/log-line.ts'
import { writeJsonSync } from '../../../lib/files/documents/atomic-json.ts'
import { startOfDay } from '../../../lib/files/logs/log-folders.ts'
import { richSnapshot } from '../../fixtures/console/snapshot.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const line = (at: number, message: string) =>
  `${JSON.stringify({ at, level: 'info', source: 'worker', message } satisfies LogLine)}\n`

/**
 * Makes a project with one job from yesterday and another from nine days ago. The worker of the
 * older job still lives.
 */
function sinceEarlierDays(t: Pick<Test, 'teardown'>) {
  const project = new JourneyProject(t, newFolder(), { workflows: [] })
  const { paths, root } = project
  const [worker] = richSnapshot().workers
  if (worker === undefined) throw new Error('no sample')
  const logOf = (daysAgo: number, name: string) => {
    const day = startOfDay(Date.now(), -daysAgo)
    const log = join(paths.logs('workers', day), `${name}.log`)
    writeFileSync(log, line(day.getTime(), `${name} began`) + line(Date.now(), `${name} goes on`))
    return log
  }
  const yesterday = logOf(1, 'job_2_attempt_1_member_1')
  const earlier = logOf(9, 'job_1_attempt_1_member_1')
  const log = relative(root, earlier).split(sep).join('/')
  writeJsonSync(join(paths.workerStates, `${worker.workerId}.json`), { ...worker, log })
  return { project, yesterday, earlier }
}

t.test('"logs" shows what jobs of an earlier day have written today', async t => {
  const { project } = sinceEarlierDays(t)
  const { code, stdout, stderr } = await project.run(['logs'])
  t.equal(code, 0, stderr)
  t.match(stdout, /job_1_attempt_1_member_1 goes on/)
  t.match(stdout, /job_2_attempt_1_member_1 goes on/)
  t.notMatch(stdout, /began/, 'no lines of earlier days are shown')
})

t.test('"logs --follow" shows the new lines of jobs of an earlier day', async t => {
  const { project, yesterday, earlier } = sinceEarlierDays(t)
  const logs = project.start(['logs', '--follow'])
  await until('the lines until now', () => logs.stdout.split('goes on').length === 3)
  appendFileSync(yesterday, line(Date.now(), 'yesterday’s ends'))
  appendFileSync(earlier, line(Date.now(), 'the earlier one ends'))
  await until('the new lines', () =>
    ['yesterday’s', 'the earlier one'].every(job => logs.stdout.includes(`${job} ends`)),
  )
  await logs.kill()
})
