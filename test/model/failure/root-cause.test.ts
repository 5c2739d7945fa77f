import { resolve, sep } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import t from 'tap'
import { rootCauseOf } from '../../../lib/model/failure/root-cause.ts'
import { crash } from '../../helpers/builders/crash.ts'

const OURS = fileURLToPath(new URL('../../../lib/execution/worker/run-task.ts', import.meta.url))

const of = (change: { name?: string; message?: string; stack?: string }, phase = 'add_step') =>
  rootCauseOf(
    crash({
      error: { name: 'ElementError', code: 'element', message: 'm', stack: '', facts: {}, ...change },
      phase: { index: 4, count: 6, name: phase, step: '' },
    }),
  )

const stack = (line: number, message = 'No button 7', file = 'file:///shop/workflows/wine.ts') =>
  `ElementError: ${message}\n    at ${OURS}:1:1\n    at CdpPage.click (file:///shop/node_modules/puppeteer-core/a.js:3:4)\n` +
  `    at async addToCart (${file}?v=${line}:31:9)\n    at async other (/shop/workflows/wine.ts:50:1)`

t.test('the first frame of the author identifies the cause, whatever its numbers are', t => {
  const one = of({ stack: stack(1) })
  t.equal(one.frame, 'addToCart (workflows/wine.ts:31)')
  t.equal(of({ stack: stack(2, 'No button 8'), message: 'other text' }).key, one.key)
  t.equal(
    of({ stack: stack(1).replace(':31:9', ':32:9') }).key,
    one.key,
    'the line number changes as the file is edited',
  )
  t.not(of({ stack: stack(1), name: 'NavigateError' }).key, one.key, 'the type differs')
  t.not(of({ stack: stack(1).replace('addToCart', 'pay') }).key, one.key, 'the function differs')
  t.equal(of({ stack: stack(1).replace('addToCart', '<anonymous>') }).frame, 'workflows/wine.ts:31')
  t.equal(of({ stack: 'E: x\n    at C:\\shop\\workflows\\wine.ts:4:1' }).frame, 'workflows/wine.ts:4')
  t.end()
})

t.test('random error names of a page make one cause', t => {
  const thrown = (name: string, frame: string) =>
    of({ name, stack: `${name}: x\n    at ${frame}\n    at async addToCart (/shop/workflows/wine.ts:31:9)` })
      .key
  const ofPage = '#evaluate (/shop/node_modules/puppeteer-core/lib/puppeteer/cdp/ExecutionContext.js:361:23)'
  t.equal(thrown('Random1', ofPage), thrown('Random2', ofPage))
  t.equal(thrown('Random1', ofPage), thrown('Error', ofPage))
  t.not(thrown('TypeError', ofPage), thrown('Error', ofPage), 'a name of the language separates causes')
  for (const frame of [ofPage.replace('#', 'async ExecutionContext.#'), 'checkPrice (/shop/wine.ts:4:1)']) {
    t.not(thrown('PriceGone', frame), thrown('OutOfStock', frame), "the author's names separate causes")
  }
  t.end()
})

t.test('only frames that a page cannot forge count in an error of the page', t => {
  const planted = '    at /x/workflows/pay.ts:1:1'
  const made =
    '    at #evaluate (/shop/node_modules/puppeteer-core/lib/puppeteer/cdp/ExecutionContext.js:361:23)'
  const author = '    at async buy (/shop/workflows/wine.ts:31:9)'
  const frameOf = (...calls: string[]) => of({ stack: ['Error: m', ...calls].join('\n') }).frame
  t.equal(frameOf(planted, made, author), 'buy (workflows/wine.ts:31)')
  t.equal(frameOf(made, author, planted), 'buy (workflows/wine.ts:31)')
  t.equal(frameOf(made, planted), null, 'the page chose the name of the script')
  t.equal(frameOf(made, planted, made, author), null, 'one of the two is forged')
  t.end()
})

t.test('lines of a message do not identify a cause', t => {
  const planted = '    at /x/workflows/pay.ts:1:1'
  const author = '    at buy (/shop/workflows/wine.ts:31:9)'
  for (const message of [`m\n${planted}`, `m\r\n${planted}`, `m\n${planted}\nend`, `${planted}\n`]) {
    t.equal(
      of({ message, stack: `Error: ${message}\n${author}` }).frame,
      'buy (workflows/wine.ts:31)',
      message,
    )
    t.equal(of({ message, stack: `Error: ${message}` }).frame, null, message)
  }
  const cut = `Error: m\n${planted}\nend\n${author}`
  t.equal(of({ message: 'm…', stack: cut }).frame, 'buy (workflows/wine.ts:31)', 'the message was cut')
  t.end()
})

t.test('browsers that fail to start for one reason have one cause, whatever they printed', t => {
  const failed = (printed: string, why = 'it ended with SIGILL') =>
    of({
      name: 'BrowserLaunchError',
      message: `The browser /chrome did not start: ${why}. It said: ${printed}`,
    }).key
  t.equal(failed('rectory [bus.cc]'), failed('type: [object_proxy.cc]'))
  t.not(failed('same'), failed('same', 'it said on no port that it is up'))
  t.end()
})

t.test("workflows shipped with the program count as the author's, wherever it is installed", t => {
  const installed = '/usr/lib/node_modules/automate-tui/'
  const checkout = '/home/me/automate-tui/'
  // On Windows an address includes a drive.
  const here = resolve(installed) + sep
  const windows = 'C:\\app\\node_modules\\automate-tui\\'
  for (const [program, file, own] of [
    [installed, `${installed}dist/lib/demo/workflows/place-order.js`, 'workflows/place-order.js:9'],
    [installed, `${installed}lib/demo/workflows/place-order.ts`, 'workflows/place-order.ts:9'],
    [here, pathToFileURL(`${here}dist/lib/demo/workflows/street/log-in.js`).href, 'street/log-in.js:9'],
    [installed, `${installed}dist/lib/execution/worker/run-task.js`, null],
    [installed, `${installed}lib/authoring/define-workflow.ts`, null],
    [installed, `${installed}dist/chunks/chunk-FKN5KXOR.js`, null],
    [installed, '/usr/lib/node_modules/automate-tui/node_modules/puppeteer-core/lib/a.js', null],
    [installed, '/shop/node_modules/lib/workflows/a.js', null],
    [installed, '/shop/lib/workflows/a.ts', 'workflows/a.ts:9'],
    [windows, `${windows}dist\\lib\\demo\\workflows\\place-order.js`, 'workflows/place-order.js:9'],
    [windows, `${windows}dist\\lib\\core\\time\\timeout.js`, null],
    [checkout, `${checkout}lib/demo/workflows/place-order.ts`, 'workflows/place-order.ts:9'],
    [checkout, `${checkout}screens/app.ts`, null],
    [checkout, `${checkout}node_modules/puppeteer-core/lib/a.js`, null],
    [checkout, `${checkout}wine/workflows/headline.ts`, 'workflows/headline.ts:9'],
  ] as const) {
    const error = {
      name: 'E',
      code: 'element' as const,
      message: 'm',
      facts: {},
      stack: `E: m\n    at async ${file}:9:1`,
    }
    t.equal(rootCauseOf(crash({ error }), program).frame, own, file)
  }
  t.end()
})

t.test('the message without numbers and ids identifies the cause if the author has no frame', t => {
  const one = of({
    message: 'The worker ended by SIGKILL, pid 12 of 0f3a9c1e-77aa',
    stack: `E\n    at ${OURS}:1:1`,
  })
  t.equal(one.frame, null)
  t.equal(of({ message: 'The worker ended by SIGKILL, pid 7 of 1b3a9c1e-66bb' }).key, one.key)
  t.not(of({ message: 'The worker ended with exit code 3' }).key, one.key)
  t.not(
    of({ message: 'The worker ended by SIGKILL, pid 7 of 1b3a9c1e-66bb' }, 'pay').key,
    one.key,
    'the phase differs',
  )
  t.end()
})
