import t from 'tap'
import { startDemoSite } from '../../../lib/demo/site/demo-site.ts'
import { parseLines } from '../../helpers/program/automate.ts'
import { CheapestResult, OrderResult, resultOf, startDemo } from '../../helpers/program/demo.ts'
import { askSite, cheapestOf, totalOf } from '../../helpers/sites/demo-site.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { SOURCE_PROGRAM } from '../../helpers/program/built-program.ts'

t.test('the demo runs until its jobs are done, prints their results, and leaves nothing behind', async t => {
  // Runs the same program as "npm start".
  const program = SOURCE_PROGRAM
  const { demo, temporary, leftovers } = startDemo(t, ['--no-tui', '--until-idle', '--json'], { program })
  await demo.event('a worker in a phase', line => line.event === 'phase.started')
  const family = processTreeOf(demo.pid)
  const { code, stdout } = await demo.ended
  t.equal(code, 0)
  const lines = parseLines(stdout)
  const site = await startDemoSite({ seed: 1, pace: 0 })
  t.teardown(() => site.close())
  const { catalogue } = await askSite(site.url)
  t.match(resultOf(lines, 1, CheapestResult), cheapestOf(catalogue))
  const order = resultOf(lines, 2, OrderResult)
  t.equal(order.bottles.length, 2)
  t.equal(order.totalCents, totalOf(catalogue, 'harbour-cellar', order.bottles))
  t.equal(lines.filter(line => line.event === 'result').length, 3)
  t.match(lines.at(-1), { event: 'idle', ended: 3, failed: 0 })
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})
