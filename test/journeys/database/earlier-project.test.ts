import { cpSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { ProjectPaths } from '../../../lib/core/process/paths.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { FileDatabase } from '../../../lib/store/engine/database.ts'
import { automate } from '../../helpers/program/automate.ts'
import { newFolder } from '../../helpers/store/project.ts'

const FIXTURE = join(import.meta.dirname, '../../fixtures/earlier-project')

const Jobs = z.array(JobSummary)

/** Copies the fixture with its folder in the place of `{{root}}`. Returns the folder. */
async function earlierProject(): Promise<string> {
  const root = newFolder()
  cpSync(FIXTURE, root, { recursive: true })
  const withRoot = (text: string) => text.replaceAll('{{root}}', () => JSON.stringify(root).slice(1, -1))
  for (const name of readdirSync(join(root, 'data'), { recursive: true, encoding: 'utf8' })) {
    const file = join(root, 'data', name)
    if (file.endsWith('.json')) writeFileSync(file, withRoot(readFileSync(file, 'utf8')))
  }
  const db = await FileDatabase.open(new ProjectPaths(root).database)
  db.exec(withRoot(readFileSync(join(root, 'database.sql'), 'utf8')))
  db.close()
  return root
}

t.test('a project of an earlier version runs after its settings were renamed', async t => {
  const root = await earlierProject()
  const run = (...args: readonly string[]) => automate(t, args, { cwd: root })
  const ask = async <S extends z.ZodType>(schema: S, ...args: readonly string[]): Promise<z.output<S>> => {
    const { code, stdout, stderr } = await run(...args, '--json')
    t.equal(code, 0, stderr)
    return schema.parse(JSON.parse(stdout))
  }

  const refused = await run('jobs')
  t.equal(refused.code, 2)
  for (const [old, present] of [
    ['keepFor', 'keepBrowserFor'],
    ['drainFor', 'drainTimeout'],
    ['warm', 'warmWorkers'],
    ['logsMegabytes', 'maxLogs'],
  ])
    t.match(refused.stderr, `"${old ?? ''}" in automate.config.ts is now "${present ?? ''}"`)

  // The jobs of the fixture will one day be older than any other retention.
  const settings = { workers: 2, warmWorkers: 0, keepBrowserFor: '5m', maxLogs: '100MB', keepJobs: '36500d' }
  writeFileSync(join(root, 'automate.config.ts'), `export default ${JSON.stringify(settings)}\n`)
  const before = await ask(Jobs, 'jobs')
  t.strictSame(
    before.map(({ id, state }) => `${id} ${state}`),
    [
      ...['9 succeeded', '8 queued', '7 running', '6 running', '5 succeeded', '4 succeeded'],
      ...['3 succeeded', '2 failed', '1 succeeded'],
    ],
  )
  t.match(before[1], { waitReason: { why: 'jobs', jobs: [6], more: 0 } })
  t.match((await run('crashes', '1')).stdout, 'The shop is closed.')

  const scheduled = await run('--no-tui', '--until-idle')
  t.equal(scheduled.code, 0, `${scheduled.stdout}${scheduled.stderr}`)
  const after = await ask(Jobs, 'jobs')
  t.match(after.slice(1, 4), [
    { id: 8, state: 'succeeded', attempt: 1, waitReason: null },
    { id: 7, state: 'succeeded', attempt: 2, schedulerDeaths: 1 },
    { id: 6, state: 'succeeded', attempt: 2, schedulerDeaths: 1 },
  ])
  t.match(after.slice(4), before.slice(4), 'ended jobs are unchanged')
  t.match(await ask(z.object({ ok: z.boolean() }), 'db', 'check'), { ok: true })
  for (const folder of ['assignments', 'results', 'recordings'])
    t.strictSame(readdirSync(join(root, 'data', folder)), [], folder)
  mkdirSync(join(root, 'reports'))
  t.equal((await run('report', '2', '--output', join('reports', '2.html'))).code, 0)
})
