import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { delimiter, dirname, join } from 'node:path'
import t from 'tap'
import { z } from 'zod'
import { decideSources, remedyFor } from '../../../../lib/execution/browser/find/browser-sources.ts'
import type { BrowserSource, Machine } from '../../../../lib/execution/browser/find/browser-sources.ts'
import { ensureBrowser } from '../../../../lib/execution/browser/find/ensure-browser.ts'
import { runCommand } from '../../../../lib/execution/browser/find/run-command.ts'

const SCRIPT = join(import.meta.dirname, '../../../../scripts/browser/ensure-browser.ts')
const DEBIAN_ROOT: Machine = { platform: 'linux', debianLike: true, root: true, env: {} }
const PLACE = 'usr/lib/chromium/chromium-headless-shell'

function install(root: string): void {
  mkdirSync(dirname(join(root, PLACE)), { recursive: true })
  writeFileSync(join(root, PLACE), '')
  chmodSync(join(root, PLACE), 0o755)
}

const emptyMachine = (root: string) => ({ platform: 'linux', env: {}, home: root, root }) as const

t.test('the sources of a browser depend on the machine', async t => {
  const cases: readonly (readonly [Partial<Machine>, readonly BrowserSource[]])[] = [
    [{}, ['download', 'apt']],
    [{ root: false }, ['download']],
    [{ debianLike: false }, ['download']],
    [{ platform: 'win32', debianLike: false, root: false }, ['download']],
    [{ platform: 'darwin', debianLike: false }, ['download']],
    [{ env: { PUPPETEER_SKIP_DOWNLOAD: 'true' } }, ['apt']],
    [{ env: { PUPPETEER_SKIP_DOWNLOAD: 'false' } }, ['download', 'apt']],
    [{ env: { PUPPETEER_CHROME_HEADLESS_SHELL_SKIP_DOWNLOAD: '1' }, root: false }, []],
  ]
  for (const [machine, sources] of cases) t.same(decideSources({ ...DEBIAN_ROOT, ...machine }), sources)
})

t.test('the remedy is possible on this machine', async t => {
  t.match(remedyFor(DEBIAN_ROOT), /^Run "apt-get install/)
  t.match(remedyFor({ ...DEBIAN_ROOT, root: false }), /^Run "sudo apt-get install/)
  t.match(remedyFor({ ...DEBIAN_ROOT, debianLike: false }), /^Install Google Chrome/)
})

t.test('uses an installed browser silently', async t => {
  const root = t.testdir({})
  install(root)
  const said: string[] = []
  const found = await ensureBrowser({
    print: line => said.push(line),
    search: emptyMachine(root),
    machine: DEBIAN_ROOT,
    get: { download: () => Promise.reject(new Error('no')), apt: () => Promise.reject(new Error('no')) },
  })
  t.equal(found.path, join(root, PLACE))
  t.same(said, [])
})

t.test('fetches no browser if windows are needed, because fetched ones have none', async t => {
  const root = t.testdir({})
  const never = () => Promise.reject(new Error('nobody asked for it'))
  const machine = { ...emptyMachine(root), env: { DISPLAY: ':0' } }
  const ensure = () =>
    ensureBrowser({
      ...{ print: () => undefined, search: machine, machine: DEBIAN_ROOT, headed: true },
      get: { download: never, apt: never },
    })
  await t.rejects(ensure(), { code: 'environment-unfit', message: /can show a window was found\. Install/ })
  install(root)
  await t.rejects(ensure(), { code: 'environment-unfit', message: /chromium-headless-shell has no windows/ })
})

t.test('falls back from the download to the distribution, and announces it first', async t => {
  const root = t.testdir({})
  const said: string[] = []
  const found = await ensureBrowser({
    print: line => said.push(line),
    search: emptyMachine(root),
    machine: DEBIAN_ROOT,
    get: {
      download: () => Promise.reject(new Error('no network')),
      apt: async say => {
        say('apt-get at work')
        t.match(said.at(-2), /with apt-get, as root/, 'it was announced first')
        install(root)
      },
    },
  })
  t.equal(found.kind, 'headless-shell')
  t.match(said.join('\n'), 'no network')
})

t.test('the final error lists what was tried and the remedy', async t => {
  const root = t.testdir({})
  await t.rejects(
    ensureBrowser({
      print: () => undefined,
      search: emptyMachine(root),
      machine: DEBIAN_ROOT,
      get: { download: () => Promise.reject(new Error('no network')), apt: () => Promise.resolve() },
    }),
    {
      code: 'environment-unfit',
      message: /^There is no usable browser\. Run "apt-get install/,
      facts: { tried: ['download: no network', /^apt: no browser was found afterwards/] },
    },
  )
})

t.test('a command that is silent, too slow or failing ends with its last output', async t => {
  const node = (code: string, limits: { totalMs: number; silenceMs?: number }) =>
    runCommand(process.execPath, ['-e', code], limits)
  const forever = 'process.stdin.resume(); setInterval(() => {}, 1e6)'
  await t.rejects(node(forever, { totalMs: 600_000, silenceMs: 200 }), {
    message: /no progress for 200 ms/,
  })
  await t.rejects(node(forever, { totalMs: 200 }), { message: /took more than 200 ms/ })
  await t.rejects(node('console.error("lost"); process.exit(3)', { totalMs: 600_000 }), {
    message: /exit code 3\): lost/,
  })
  await t.rejects(runCommand('no-such-command-here', [], { totalMs: 600_000 }), { message: /cannot start/ })
  const lines: string[] = []
  await runCommand(process.execPath, ['-e', 'console.log("one"); console.error("two")'], {
    totalMs: 600_000,
    onLine: line => lines.push(line),
  })
  t.same(lines.sort(), ['one', 'two'])
})

/** Runs the script by hand. Resolves with its exit code and its output. */
async function script(env: Record<string, string>) {
  const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, ...env } })
  const closed = once(child, 'close')
  const said = { stdout: '', stderr: '' }
  child.stdout.on('data', chunk => (said.stdout += String(chunk)))
  child.stderr.on('data', chunk => (said.stderr += String(chunk)))
  const [code] = z.tuple([z.int().nullable(), z.unknown()]).parse(await closed)
  return { code, ...said }
}

t.test('the script prints nothing if there is a browser', async t => {
  t.same(await script({ AUTOMATE_BROWSER: process.execPath }), { code: 0, stdout: '', stderr: '' })
})

t.test('the script exits with code 4 and the remedy if the named browser is wrong', async t => {
  const { code, stdout, stderr } = await script({ AUTOMATE_BROWSER: join(t.testdir({}), 'missing') })
  t.equal(code, 4)
  t.equal(stdout, '')
  t.match(stderr, /^AUTOMATE_BROWSER is ".*missing", which is not an executable program/)
  t.notMatch(stderr, /\n\s+at /, 'without a stack')
})

t.test('a failed download leaves nothing in the cache', async t => {
  const cache = t.testdir({})
  const server = createServer((_, response) => response.writeHead(404).end()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const module = JSON.stringify(
    new URL('../../../../lib/execution/browser/find/download-browser.ts', import.meta.url).href,
  )
  const code = `import(${module}).then(m => m.downloadBrowser(console.log)).then(() => console.log('kept'), e => console.log(e.message, e.cause.message))`
  const lines: string[] = []
  await runCommand(process.execPath, ['-e', code], {
    totalMs: 120_000,
    env: {
      PUPPETEER_CACHE_DIR: cache,
      PUPPETEER_CHROME_HEADLESS_SHELL_DOWNLOAD_BASE_URL: `http://127.0.0.1:${port}`,
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
    },
    onLine: line => lines.push(line),
  })
  t.match(lines.join('\n'), /The download of chrome-headless-shell failed.*exit code 1/s)
  t.same(readdirSync(cache), [])
})
