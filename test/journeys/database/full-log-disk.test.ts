import { readdirSync, statSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../../lib/model/job/job.ts'
import { ServiceDocument } from '../../../lib/model/worker/documents.ts'
import { smallDisk } from '../../helpers/processes/small-disk.ts'
import { gatedSite } from '../../helpers/processes/worker-run.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const LOST = 'Log lines of workers are lost'
const WRITTEN = 'The logs of workers are written again'
const Jobs = z.array(JobSummary)

t.test('reports lost lines of workers once, and the recovery once', async t => {
  const disk = smallDisk(t)
  if (typeof disk === 'string') {
    t.pass('a small disk', { skip: disk })
    return
  }
  const site = await gatedSite('<h1>Shop</h1>')
  t.teardown(site.close)
  const root = newFolder()
  symlinkSync(disk.folder, join(root, 'logs'))
  const project = new JourneyProject(t, root, { workflows: ['fails'], workers: 1 })
  const scheduler = await project.schedule()
  const failed = (count: number) =>
    until(`${count} failed jobs`, async () => {
      const jobs = await project.ask(Jobs, 'jobs')
      return jobs.filter(({ state }) => state === 'failed').length === count
    })
  const trouble = async () => {
    const services = await project.ask(z.array(ServiceDocument), 'services')
    return services.find(({ name }) => name === 'janitor')?.doing?.what === 'trouble'
  }
  const files = (ending: string) =>
    readdirSync(disk.folder, { recursive: true, encoding: 'utf8' })
      .filter(name => name.endsWith(ending))
      .map(name => statSync(join(disk.folder, name)).size)

  disk.fill()
  for (let n = 1; n <= 2; n++) {
    await project.enqueue('fails', { how: 'throws', url: site.url })
    await failed(n)
  }
  await scheduler.says(LOST)
  await until('the service janitor to report it', trouble)
  t.strictSame(files('.png'), [], 'no picture is empty')

  disk.free()
  await scheduler.says(WRITTEN)
  await until('the service janitor to go on', async () => !(await trouble()))
  await project.enqueue('fails', { how: 'throws', url: site.url })
  await failed(3)
  t.equal(files('.png').filter(size => size > 0).length, 1)
  for (const text of [LOST, WRITTEN])
    t.equal(scheduler.stderr.split(text).length, 2, `${text}: reported once`)
  scheduler.signal('SIGTERM')
  t.equal((await scheduler.ended).code, 1, 'the exit code reports failed jobs')
})
