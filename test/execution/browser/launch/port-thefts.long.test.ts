import t from 'tap'
import {
  findBrowser,
  requireBrowser,
  thisMachine,
} from '../../../../lib/execution/browser/find/find-browser.ts'
import { newFolder } from '../../../helpers/store/project.ts'
import { stealPorts } from '../../../fault/port-thefts.ts'

/**
 * True if the port is in the range of reserved ports. The system assigns no port of this range to a
 * request for any port.
 */
const reserved = (port: number) => port >= 20_000 && port < 30_000

t.test('browsers that start concurrently each get their reserved port', async t => {
  const report = await stealPorts(t, { launches: 4, root: newFolder(), withIntruder: false })
  t.strictSame(report.problems, [])
  t.ok(report.ports.every(reserved), `${report.ports.join(' ')} are reserved ports`)
})

const full = findBrowser(thisMachine(), true)

t.test(
  'a Chrome that can have windows is reachable on its port too',
  { skip: full?.kind === 'headless-shell' && 'this machine has a headless shell alone' },
  async t => {
    const { path: executable, kind } = full ?? requireBrowser()
    for (const withIntruder of [false, true]) {
      const browser = { executable, kind }
      const report = await stealPorts(t, { launches: 2, root: newFolder(), withIntruder, browser })
      t.strictSame(report.problems, [])
    }
  },
)

t.test(
  'a program that steals every reserved port costs other ports, but leads to no wrong browser',
  async t => {
    const report = await stealPorts(t, { launches: 4, root: newFolder(), withIntruder: true })
    t.strictSame(report.problems, [])
    t.ok(report.stolen > 0, `${report.stolen} ports stolen`)
    t.comment(`${report.tookMs} ms; ports ${report.ports.join(' ')}`)
  },
)
