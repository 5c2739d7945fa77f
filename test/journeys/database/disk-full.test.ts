import { spawnSync } from 'node:child_process'
import { closeSync, mkdtempSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { systemCode } from '../../../lib/core/errors/errors.ts'
import { SchedulerDocument, ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { damagedDocuments } from '../../fault/fault-project.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { messageServer } from '../../helpers/sites/message-server.ts'
import { until } from '../../helpers/until.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'

/** The fixtures that the tests use. */
const workflows = ['succeeds-late', 'visits']

const BYTES_A_MEGABYTE = 1024 * 1024
const Status = z.object({ scheduler: SchedulerDocument, services: z.array(ServiceDocument) })
const Message = z.object({ notice: z.object({ kind: z.string() }) })

/** Mounts a small disk at `folder`. Returns the reason if no disk can be mounted. */
function mountDisk(folder: string): string | false {
  if (process.platform !== 'linux') return 'only Linux has disks in memory'
  const { status, stderr } = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=320m,mode=700', 'tmpfs', folder])
  return status === 0 ? false : `no disk can be mounted: ${String(stderr).trim()}`
}

/** Fills the disk until only `leftBytes` remain. */
function takeAllBut(path: string, leftBytes: number): void {
  const file = openSync(path, 'w')
  const free = () => {
    const { bavail, bsize } = statfsSync(path)
    return bavail * bsize
  }
  for (const chunk = Buffer.alloc(BYTES_A_MEGABYTE); free() > leftBytes;) writeSync(file, chunk)
  closeSync(file)
}

/** Fills the disk completely, except for the last bytes of a page. */
function fill(path: string): void {
  const file = openSync(path, 'w')
  try {
    for (const chunk = Buffer.alloc(BYTES_A_MEGABYTE); ;) writeSync(file, chunk)
  } catch (error) {
    if (systemCode(error) !== 'ENOSPC') throw error
  } finally {
    closeSync(file)
  }
}

t.test(
  'a full disk pauses the work with a notice, damages nothing, and the work resumes with space',
  async t => {
    const folder = mkdtempSync(join(tmpdir(), 'automate-tui-disk-'))
    const none = mountDisk(folder)
    t.teardown(() => {
      spawnSync('umount', ['-l', folder])
      rmSync(folder, { recursive: true })
    })
    if (none !== false) {
      t.pass('a small disk', { skip: none })
      return
    }
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const hook = await messageServer(t)
    const notify = { webhook: { url: hook.url }, heartbeat: { url: `${hook.url}/beat`, every: '5s' } }
    const project = new JourneyProject(t, folder, { workflows, workers: 2, settings: { notify } })
    const kinds = () =>
      hook.requests.flatMap(({ method, body }) =>
        method === 'POST' ? [Message.parse(JSON.parse(body)).notice.kind] : [],
      )
    const heartbeat = async () =>
      (await project.ask(Status, 'status')).services.find(({ name }) => name === 'heartbeat')?.doing
    const ballast = join(folder, 'ballast')
    const jobs = () => project.ask(z.array(JobSummary), 'jobs')
    const running = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    const other = await project.enqueue('visits', { url: `${site.url}/gate-2`, n: 2 })
    const scheduler = await project.schedule()
    await Promise.all([project.atStep(running, 'page 1'), project.atStep(other, 'page 2')])

    const much = join(folder, 'much')
    takeAllBut(much, 32 * BYTES_A_MEGABYTE)
    await scheduler.event('its pause', ({ event, phase }) => event === 'scheduler' && phase === 'no-room')
    t.match((await project.run(['status'])).stdout, /Scheduler disk full, .*Service scheduler: running/s)
    await until('the notice', () => kinds().includes('disk-full'))
    await until('a heartbeat that stops', async () => (await heartbeat())?.what === 'trouble')
    fill(ballast)
    await scheduler.says('is full')
    const refused = await project.run(['enqueue', 'succeeds-late', '--input', 'at=1'])
    t.equal(refused.code, 4)
    t.match(refused.stderr, /disk|space/i)
    t.notMatch(refused.stderr, /\n {4}at /)
    t.match((await project.run(['doctor'])).stdout, /PROBLEM +Folders +.*cannot be written: ENOSPC/)
    // The running jobs end on the full disk.
    await Promise.all([site.open('/gate-1'), site.open('/gate-2')])

    rmSync(ballast)
    rmSync(much)
    await until(
      'the scheduler to go on',
      async () => (await project.ask(Status, 'status')).scheduler.phase === 'scheduling',
    )
    await until('the notice of room', () => kinds().includes('disk-room'))
    t.strictSame(kinds(), ['disk-full', 'disk-room'], 'each notice is sent once')
    await until('a heartbeat that goes on', async () => (await heartbeat()) === null)
    const later = await project.enqueue('succeeds-late', { at: 1 })
    await until('all jobs to end', async () => (await jobs()).every(({ state }) => state === 'succeeded'))
    t.match(
      (await jobs()).sort((a, b) => a.id - b.id),
      [{ id: running, attempt: 1 }, { id: other, attempt: 1 }, { id: later }],
      'no job ran twice',
    )
    t.strictSame(damagedDocuments(project), [])
    scheduler.signal('SIGTERM')
    t.equal((await scheduler.ended).code, 0)
    t.match((await project.run(['db', 'check', '--json'])).stdout, /"ok":true/)
    t.match(scheduler.stderr, /The disk has enough free space again/)
  },
)
