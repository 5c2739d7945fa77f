import { rmdirSync } from 'node:fs'
import t from 'tap'
import { z } from 'zod'
import { JobSummary } from '../../lib/domain/job.ts'
import { untilGone } from '../helpers/alive.ts'
import { JourneyProject } from '../helpers/journey-project.ts'
import { newFolder } from '../helpers/project.ts'
import { gatedSite } from '../helpers/worker-run.ts'

const KOFFI_DOES_NOT_LOAD = new URL('../fixtures/preload/koffi-does-not-load.ts', import.meta.url).href

t.test(
  'a scheduler whose database is taken away ends its workers and says so; the next one finishes',
  async t => {
    const site = await gatedSite('<h1>Shop</h1>')
    t.teardown(site.close)
    const project = new JourneyProject(t, newFolder())
    const job = await project.enqueue('visits', { url: `${site.url}/gate-1`, n: 1 })
    // Without locks of the kernel the database is owned by a folder beside it, which anybody may remove.
    const env = { NODE_OPTIONS: `--import ${KOFFI_DOES_NOT_LOAD}` }
    const scheduler = project.start(['--no-tui', '--json'], { env })
    const { pid } = await project.atStep(job, 'page 1')
    rmdirSync(`${project.paths.database}.lock`)
    const { code, stderr } = await scheduler.ended
    t.equal(code, 4)
    t.match(stderr, /The scheduler lost its database: .*Start it again/)
    await untilGone([pid])

    const next = project.start(['--no-tui', '--until-idle'])
    await site.open('/gate-1')
    t.match(await next.ended, { code: 0 })
    t.match(await project.ask(z.array(JobSummary), 'jobs'), [{ id: job, state: 'succeeded', attempt: 2 }])
  },
)
