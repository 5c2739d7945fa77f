import { existsSync, readFileSync, readdirSync, readlinkSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { WorkerDocument } from '../../../lib/model/worker/documents.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { JourneyProject, profileName } from '../../helpers/store/journey-project.ts'
import { listensOn } from '../../helpers/processes/listening-process.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite, testBrowser } from '../../helpers/processes/worker-run.ts'

const EIGHT = [1, 2, 3, 4, 5, 6, 7, 8]
const linux = process.platform === 'linux'

/** Flags, open files and sockets of one worker and its Chrome, read from the system. */
interface Seen {
  readonly flags: ReadonlyMap<string, string>
  readonly openFiles: readonly string[]
  readonly listens: readonly string[]
}

function look({ pid, browser }: WorkerDocument, root: string): Seen {
  const family = processTreeOf(pid).map(one => one.pid)
  // With a session bus Chrome rewrites its arguments, separated by blanks.
  const words = readFileSync(`/proc/${browser?.pid ?? 0}/cmdline`, 'utf8').split(/[\0 ]/)
  const flags = words
    .filter(word => word.startsWith('--'))
    .map((word): [string, string] => {
      const [name = '', value = ''] = word.slice(2).split(/=(.*)/s)
      return [name, value]
    })
  return {
    flags: new Map(flags),
    openFiles: family.flatMap(openFilesOf).filter(path => path.startsWith(root)),
    listens: family.flatMap(listensOn),
  }
}

function openFilesOf(pid: number): string[] {
  return readdirSync(`/proc/${pid}/fd`).flatMap(fd => {
    try {
      return readlinkSync(`/proc/${pid}/fd/${fd}`)
    } catch {
      return [] // Closed in between.
    }
  })
}

t.test('eight concurrent workers share no process, path, port, lock or profile', async t => {
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const project = new JourneyProject(t, newFolder(), { workflows: ['visits'], workers: 8 })
  const scheduler = await project.schedule('--cdp', 'port')
  const jobs = await Promise.all(EIGHT.map(n => project.queue('visits', { n, url: `${site.url}/gate-${n}` })))
  const workers = await Promise.all(jobs.map((job, index) => project.atStep(job, `page ${index + 1}`)))
  const family = processTreeOf(scheduler.pid)

  const eachOwn = (what: string, of: (worker: WorkerDocument) => unknown) =>
    t.equal(new Set(workers.map(of)).size, 8, `each worker has its own ${what}`)
  eachOwn('process', ({ pid }) => pid)
  eachOwn('Chrome', ({ browser }) => browser?.pid)
  eachOwn('profile', profileName)
  eachOwn('log', ({ log }) => log)
  eachOwn('port', ({ browser }) => browser?.devtools)
  // The ninth worker, forked ahead of need, may hold the lock of its own port at this moment.
  await until('no lock to be left', () => readdirSync(project.paths.ports).length === 0)
  const { workers: told } = await project.ask(z.object({ workers: z.array(WorkerDocument) }), 'status')
  t.strictSame(
    told.flatMap(({ job, browser }) => (job === null ? [] : [browser?.devtools])).sort(),
    workers.map(({ browser }) => browser?.devtools).sort(),
    'status shows the DevTools addresses',
  )

  if (linux) {
    const seen = workers.map(worker => look(worker, project.root))
    for (const flag of ['user-data-dir', 'crash-dumps-dir', 'remote-debugging-port'])
      t.equal(new Set(seen.map(({ flags }) => flags.get(flag))).size, 8, `each Chrome has its own ${flag}`)
    for (const { flags } of seen)
      t.match(basename(flags.get('user-data-dir') ?? ''), /^chrome_[0-9a-f-]{36}$/)
    t.strictSame(
      seen.map(({ listens }) => listens.map(address => `http://${address}`)),
      workers.map(({ browser }) => [browser?.devtools]),
      'each Chrome listens on its own port, only on 127.0.0.1',
    )
    const files = seen.flatMap(({ openFiles }) => [...new Set(openFiles)])
    t.equal(new Set(files).size, files.length, 'no file of the project is open in two workers')
  }

  if (linux) await leavesADump(workers[0])
  else process.kill(workers[0]?.browser?.pid ?? 0)
  for (const n of EIGHT.slice(1)) await site.open(`/gate-${n}`)
  for (const job of jobs.slice(1))
    await scheduler.event(`job ${job}`, line => line['job'] === job && line['state'] === 'succeeded')
  await scheduler.event('job 1', line => line['job'] === jobs[0] && line['state'] === 'failed')
  scheduler.signal('SIGTERM')
  await scheduler.ended
  await untilNothingIsLeft(family, project.root)
  t.strictSame(project.profiles(), [])

  /**
   * Kills the Chrome of a worker, and expects its dump in the folder of its job. A Chrome build
   * without the program that writes dumps leaves none.
   */
  async function leavesADump(worker: WorkerDocument | undefined): Promise<void> {
    const { executable } = testBrowser()
    if (worker === undefined) throw new Error('there is no worker')
    const stem = `job_${worker.job?.jobId ?? 0}_attempt_1_member_1`
    const dumps = join(project.root, dirname(dirname(worker.log)), 'crashdumps', stem)
    process.kill(worker.browser?.pid ?? 0, 'SIGSEGV')
    if (existsSync(join(dirname(executable), 'chrome_crashpad_handler'))) {
      await until(`a dump in ${dumps}`, () => dumpsIn(dumps).length === 1)
      return
    }
    await scheduler.event('job 1', line => line['job'] === worker.job?.jobId && line['state'] === 'failed')
    t.strictSame(dumpsIn(dumps), [], `${executable} has no crash handler`)
  }
})

const dumpsIn = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(name => name.endsWith('.dmp'))
    : []
