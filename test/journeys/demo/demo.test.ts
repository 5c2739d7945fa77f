import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { CheapestResult, OrderResult, resultOf, startDemo } from '../../helpers/program/demo.ts'
import { askSite, cheapestOf, totalOf } from '../../helpers/sites/demo-site.ts'
import { processTreeOf, untilNothingIsLeft } from '../../helpers/processes/process-tree.ts'
import { newFolder } from '../../helpers/store/project.ts'
import { until } from '../../helpers/until.ts'

const isResult = (line: { event: string }) => line.event === 'result'

t.test('the site alone serves until it is stopped, and creates no project', async t => {
  const { demo, temporary, leftovers } = startDemo(t, ['--site-only', '--port', '0'])
  const url = await until('its address on stdout', () => /^(\S+)\n/.exec(demo.stdout)?.[1])
  const { catalogue } = await askSite(url)
  t.ok(catalogue)
  const family = processTreeOf(demo.pid)
  demo.signal('SIGTERM')
  const { code, stdout, stderr } = await demo.ended
  t.equal(code, 0)
  t.equal(stdout, `${url}\n`)
  t.equal(stderr, "The demo's site, until Ctrl+C:\n", 'the address is printed once')
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})

t.test("other goods in the site give other results, equal to the site's own", async t => {
  const prices = join(newFolder(), 'prices.json')
  writeFileSync(prices, JSON.stringify({ 'slow-barrel/tokaji-2016': 321 }))
  const { demo, temporary, leftovers } = startDemo(t, [
    '--no-tui',
    '--json',
    '--seed',
    '7',
    '--prices',
    prices,
  ])
  const said = await demo.says("The demo's site: ")
  const url = /The demo's site: (\S+)/.exec(said)?.[1] ?? 'no address'
  for (const job of [1, 2, 3])
    await demo.event(`result ${job}`, line => isResult(line) && line['job'] === job)
  const lines = demo.events()
  const { catalogue, orders, paths } = await askSite(url)

  t.same(cheapestOf(catalogue), { shop: 'The Slow Barrel', cents: 321 })
  t.match(resultOf(lines, 1, CheapestResult), { shop: 'The Slow Barrel', cents: 321 })
  for (const [job, shop, bottles] of [
    [2, 'harbour-cellar', 2],
    [3, 'vineyard-lane', 3],
  ] as const) {
    const result = resultOf(lines, job, OrderResult)
    t.equal(result.bottles.length, bottles)
    t.equal(result.totalCents, totalOf(catalogue, shop, result.bottles))
    const placed = orders.find(({ number }) => number === result.number)
    t.same(placed, { number: result.number, reference: `job ${job}`, totalCents: result.totalCents })
  }
  t.equal(orders.length, 2)
  t.equal(paths['/'], 1, 'one worker of the swarm discovered the shops, and the others used its list')

  // Windows has no signal that requests an end.
  if (process.platform === 'win32') return
  const family = processTreeOf(demo.pid)
  demo.signal('SIGTERM')
  const { code } = await demo.ended
  t.equal(code, 0)
  t.same(leftovers(), [])
  await untilNothingIsLeft(family, temporary)
})

t.test('flags that the site refuses are wrong usage, and leave nothing behind', async t => {
  for (const args of [
    ['--seed', 'seven'],
    ['--port', 'abc'],
    ['--prices', join(newFolder(), 'absent.json')],
  ]) {
    const { demo, leftovers } = startDemo(t, ['--no-tui', ...args])
    const { code, stderr } = await demo.ended
    t.equal(code, 2)
    t.match(stderr, /^automate-tui: [^\n]+\n$/, 'the error is printed once')
    t.match(
      stderr,
      args[0] === '--prices' ? /absent\.json/ : new RegExp(`${args[0] ?? ''} must be a whole number`),
    )
    t.same(leftovers(), [])
  }
})
