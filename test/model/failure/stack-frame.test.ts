import { fileURLToPath } from 'node:url'
import t from 'tap'
import {
  authorFrame,
  authorStack,
  callsOf,
  isMadeByLibrary,
  isThrownByPage,
} from '../../../lib/model/failure/stack-frame.ts'

const OURS = fileURLToPath(new URL('../../../lib/execution/worker/run-task.ts', import.meta.url))

t.test("a stack keeps its message and the author's frames, and counts the others", async t => {
  const own = [
    '    at addToCart (file:///shop/workflows/wine.ts:31:9)',
    '    at async /shop/workflows/wine.ts:50:1',
  ]
  const others = [
    `    at ${OURS}:1:1`,
    '    at CdpPage.click (file:///shop/node_modules/puppeteer-core/a.js:3:4)',
    '    at async Promise.all (index 0)',
    '    at process.processTicksAndRejections (node:internal/process/task_queues:105:5)',
  ]
  const message = ['ElementError: No button', 'looked for at the till']
  const stack = [...message, ...others.slice(0, 2), ...own, ...others.slice(2)].join('\n')
  t.same(authorStack(stack, message.join('\n').slice('ElementError: '.length)), {
    text: [...message, ...own].join('\n'),
    others: 4,
  })
  const ours = [...message, ...others].join('\n')
  t.same(
    authorStack(ours, 'cut…'),
    { text: ours, others: 0 },
    'a stack without a frame of the author stays whole',
  )
})

t.test('names a frame of the author by its function and the end of its path', async t => {
  t.same(authorFrame('    at addToCart (/shop/workflows/wine.ts:31:9)'), {
    name: 'addToCart',
    place: 'workflows/wine.ts:31',
  })
  t.same(authorFrame('    at Object.<anonymous> (/shop/workflows/wine.ts:31:9)')?.name, null)
  t.equal(authorFrame('wine.ts:31:9 is no call'), null)
})

t.test("an error is the library's if the first frame in a file is", t => {
  const library =
    '    at navigate (file:///shop (copy)/node_modules/puppeteer-core/lib/puppeteer/cdp/Frame.js:191:27)'
  const windows = '    at async goto (C:\\shop\\node_modules\\puppeteer\\lib\\Frame.js:191:27)'
  const author = '    at Object.read (/shop/workflows/wine.ts:31:9)'
  const without = ['    at new Promise (<anonymous>)', '    at process.tick (node:internal/a:1:2)']
  const made = (message: string, ...calls: string[]) =>
    isMadeByLibrary([`Error: ${message}`, ...calls].join('\n'), message)
  t.ok(made('m', library, author))
  t.ok(made('m', ...without, '    at node:internal/b:1:2', windows))
  t.notOk(made('m', author, library))
  t.notOk(made(`m\n${library}`, author), 'a message holds no frames')
  t.notOk(made('m', ...without))
  t.notOk(isMadeByLibrary('', ''))
  t.end()
})

const PLANTED = '    at /x/workflows/pay.ts:1:1'

t.test('lines of a message are no frames', t => {
  const call = '    at buy (/shop/workflows/wine.ts:31:9)'
  for (const message of [
    `sold out\n${PLANTED}`,
    `sold out\r\n${PLANTED}\r\n`,
    `sold out\n${PLANTED}\nfor ever`,
  ]) {
    t.same(callsOf(`Error: ${message}\n${call}`, message), [call])
    t.same(callsOf(`Error: ${message}`, message), [])
    t.same(authorStack(`Error: ${message}\n${call}\n    at ${OURS}:1:1`, message), {
      text: `Error: ${message}\n${call}`,
      others: 1,
    })
  }
  t.same(
    callsOf(`Error: sold out\n${PLANTED}\nfor ever\n${call}\n${call}`, 'sold…'),
    [call, call],
    'the message was cut',
  )
  t.same(callsOf(`Error: sold out\n${PLANTED}\nfor ever`, 'sold…'), [])
  t.end()
})

t.test("an error that quotes a library frame is not the page's", t => {
  const message = 'page says: \n    at #evaluate (/a.js:1:1)'
  t.notOk(isThrownByPage(`Error: ${message}\n    at buy (/shop/wine.ts:3:1)`, message))
  t.ok(isThrownByPage('Error: x\n    at #evaluate (/a.js:1:1)\n    at async buy (/shop/wine.ts:3:1)', 'x'))
  t.end()
})
