import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { countingSite } from '../../helpers/store/discoverers.ts'
import { JourneyProject } from '../../helpers/store/journey-project.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

/** The fixtures that the tests use. */
const workflows = ['counts']

const Counted = z.object({ orders: z.int(), touches: z.int(), sum: z.int() })

t.test(
  'shared counts are exact although each worker is killed while counting; one discovers for all',
  async t => {
    const project = new JourneyProject(t, newFolder(), { workflows, workers: 3 })
    const scheduler = await project.schedule()
    const answers = join(project.root, 'answers')
    const site = await countingSite()
    t.teardown(site.close)
    await project.enqueue('counts', { answers, site: site.url })
    const counting = await until('three to count', () => {
      const workers = project.workers().filter(({ phase }) => phase?.step === 'on and on')
      return workers.length === 3 && workers
    })
    for (const { pid } of counting) process.kill(pid, 'SIGKILL')

    const { result } = await scheduler.event('the result', ({ event }) => event === 'result')
    const { orders, sum, touches } = Counted.parse(result)
    t.equal(orders, 60, 'a count marked by both attempts counts once')
    t.equal(sum, 60, 'no update was overwritten')
    t.equal(site.asked.length, 2, 'one of three workers asks the site, once in each attempt')
    const answered = readFileSync(answers).length
    const lost = touches - answered
    t.ok(answered >= 120 && lost >= 0 && lost <= 3, `${lost} of ${answered} counted without an answer`)
  },
)
