import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Test } from 'tap'
import { z } from 'zod'
import { CrashSummary } from '../../lib/model/failure/crash.ts'
import { CrashDocument } from '../../lib/model/worker/documents.ts'
import { JobSummary } from '../../lib/model/job/job.ts'
import { parseDocument } from '../../lib/files/documents/atomic-json.ts'
import { FOREIGN } from '../../lib/files/documents/quarantine.ts'
import { JourneyProject } from '../helpers/store/journey-project.ts'
import { until } from '../helpers/until.ts'
import { DOCUMENTS } from './bad-documents.ts'
import type { Nonsense } from './nonsense.ts'

/** No job has such a number, so each unreadable report gets its own number. */
const FIRST_JOB = 1_000

/** Workflow whose jobs are all refused without configured proxies. */
const NEEDS_PROXY = `import { defineWorkflow, z } from 'automate-tui'

export default defineWorkflow({ name: 'needs-proxy', input: z.object({}), result: z.null(), proxy: 'required' })
  .phase('never', { timeout: '1s' }, () => null)
`

/**
 * Fills the folders of a project with senseless documents, before its scheduler starts and while it
 * runs. The scheduler must still finish its queue (of jobs that lack a proxy, so that no browser is
 * needed), keep every crash, and show no stack. Returns the problems.
 */
export async function badFolder(
  t: Pick<Test, 'teardown'>,
  nonsense: Nonsense,
  root: string,
  count: number,
): Promise<string[]> {
  mkdirSync(root)
  const problems: string[] = []
  const project = new JourneyProject(t, root)
  writeFileSync(
    join(root, 'automate.config.ts'),
    "export default { warmWorkers: 0, schedules: [{ name: 'often', workflow: 'needs-proxy', every: '1s' }] }\n",
  )
  writeFileSync(join(root, 'workflows', 'needs-proxy.ts'), NEEDS_PROXY)
  const unreadable = fill(project, nonsense, count)
  const scheduler = await project.schedule()
  fill(project, nonsense, count)
  const failed = () =>
    project
      .ask(z.array(JobSummary), 'jobs')
      .then(jobs => jobs.filter(({ state }) => state === 'failed').length)
  const before = await failed()
  await until('a job beside all the nonsense', async () => (await failed()) > before)
  const reported = new Set((await project.ask(z.array(CrashSummary), 'crashes')).map(({ jobId }) => jobId))
  for (const jobId of unreadable) {
    // A report with a job number that the database never gave is set aside.
    const aside = join(project.paths.crashes, FOREIGN)
    const isKept = existsSync(aside) && readdirSync(aside).some(name => name.includes(`job_${jobId}_`))
    if (!reported.has(jobId) && !isKept)
      problems.push(`the crash of job ${jobId}, whose report cannot be read, is lost`)
  }
  const status = await project.run(['status'])
  if (status.code !== 0) problems.push(`status ended with ${status.code ?? 'a signal'}: ${status.stderr}`)
  scheduler.signal('SIGTERM')
  const { code, stderr } = await scheduler.ended
  if (process.platform !== 'win32' && code !== 1)
    problems.push(`the scheduler ended with ${code ?? 'a signal'}: ${stderr}`)
  if (/\n\s+at /.test(stderr)) problems.push(`the scheduler shows a stack: ${stderr}`)
  return problems
}

/** Writes `count` documents into each folder. Returns the jobs of the unreadable crash reports. */
function fill({ paths }: JourneyProject, nonsense: Nonsense, count: number): number[] {
  const folders = {
    assignment: (n: number) => join(paths.assignments, `w${n}.json`),
    launch: (n: number) => join(paths.assignments, `w${n}.launch.json`),
    crash: (n: number) => join(paths.crashes, `job_${FIRST_JOB + n}_9.json`),
    worker: (n: number) => join(paths.workerStates, `w${n}.json`),
    outcome: (n: number) => join(paths.results, `w${n}.json`),
    service: (n: number) => join(paths.serviceStates, `bad-${n}.json`),
    scheduler: (n: number) => join(paths.state, `bad-${n}.json`),
  }
  const unreadable: number[] = []
  for (const { name, sane } of DOCUMENTS) {
    for (let n = 0; n < count; n += 1) {
      const path = folders[name](n)
      if (existsSync(path)) continue
      const text = nonsense.damagedText(sane)
      writeFileSync(path, text)
      if (name === 'crash' && !isCrash(path, text)) unreadable.push(FIRST_JOB + n)
    }
  }
  for (const [n, folder] of [paths.recordings, paths.ports, paths.pictures, paths.state].entries()) {
    writeFileSync(join(folder, `job_${n}.jsonl`), nonsense.text())
    writeFileSync(join(folder, `bad-${n}.json`), nonsense.damagedText(nonsense.value()))
  }
  return unreadable
}

function isCrash(path: string, text: string): boolean {
  try {
    parseDocument(path, text, CrashDocument)
    return true
  } catch {
    return false
  }
}
