import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import type { BrowserSearch } from '../../../../lib/execution/browser/find/browser-locations.ts'
import { findBrowser, requireBrowser } from '../../../../lib/execution/browser/find/find-browser.ts'

/** Creates a machine in its own folder, with programs at the given paths. */
function machine(t: Test, platform: NodeJS.Platform, ...programs: readonly string[]) {
  const root = t.testdir({})
  const at = (path: string) => join(root, ...path.split('/'))
  for (const program of programs) {
    mkdirSync(dirname(at(program)), { recursive: true })
    writeFileSync(at(program), '')
    chmodSync(at(program), 0o755)
  }
  const search: BrowserSearch = {
    platform,
    root,
    home: at('home'),
    env:
      platform === 'win32'
        ? {
            ProgramFiles: at('Program Files'),
            'ProgramFiles(x86)': at('Program Files (x86)'),
            LOCALAPPDATA: at('AppData'),
          }
        : { PATH: [at('usr/local/bin'), at('usr/bin')].join(':') },
  }
  return { search, at, withEnv: (env: BrowserSearch['env']) => ({ ...search, env }) }
}

const DEBIAN_SHELL = 'usr/lib/chromium/chromium-headless-shell'
const cached = (build: string) =>
  `home/.cache/puppeteer/chrome-headless-shell/linux-${build}/chrome-headless-shell-linux64/chrome-headless-shell`

t.test('a machine without a browser finds none, and the error explains how to get one', async t => {
  for (const platform of ['linux', 'win32', 'darwin'] as const) {
    const { search } = machine(t, platform)
    t.equal(findBrowser(search), undefined)
    t.throws(() => requireBrowser(search), { code: 'environment-unfit', message: /Install Google Chrome/ })
  }
})

t.test('prefers a headless shell to Chrome, Chromium and Edge on Linux', async t => {
  const all = ['usr/lib/chromium/chromium', 'opt/google/chrome/chrome', 'opt/microsoft/msedge/msedge']
  const { search, at } = machine(t, 'linux', ...all, DEBIAN_SHELL)
  t.same(findBrowser(search), { path: at(DEBIAN_SHELL), kind: 'headless-shell', source: 'system' })
})

t.test('prefers a browser with windows to a headless shell if windows are needed', async t => {
  const { search, at } = machine(t, 'linux', DEBIAN_SHELL, 'usr/bin/google-chrome')
  t.same(findBrowser(search, true), { path: at('usr/bin/google-chrome'), kind: 'chrome', source: 'path' })
  const alone = machine(t, 'linux', DEBIAN_SHELL)
  t.equal(findBrowser(alone.search, true)?.kind, 'headless-shell')
})

t.test('finds each browser of Linux alone, with its kind', async t => {
  for (const [path, kind] of [
    ['usr/lib/chromium/chromium', 'chromium'],
    ['usr/lib64/chromium-browser/headless_shell', 'headless-shell'],
    ['usr/lib/chromium-browser/chromium-browser', 'chromium'],
    ['opt/google/chrome/chrome', 'chrome'],
    ['opt/microsoft/msedge/msedge', 'edge'],
    ['snap/bin/chromium', 'chromium'],
  ] as const) {
    const { search, at } = machine(t, 'linux', path)
    t.same(findBrowser(search), { path: at(path), kind, source: 'system' })
  }
})

t.test('uses the program of Debian, not its wrapper in /usr/bin', async t => {
  const { search, at } = machine(t, 'linux', 'usr/bin/chromium', 'usr/lib/chromium/chromium')
  t.equal(findBrowser(search)?.path, at('usr/lib/chromium/chromium'))
})

t.test('finds a browser that is only on PATH', async t => {
  const { search, at } = machine(t, 'linux', 'usr/local/bin/google-chrome')
  t.same(findBrowser(search), {
    path: at('usr/local/bin/google-chrome'),
    kind: 'chrome',
    source: 'path',
  })
})

t.test('prefers the newest build in the cache of puppeteer', async t => {
  const builds = ['99.0.1.2', '156.0.8078.47', '156.0.8078.9'].map(cached)
  const { search, at } = machine(t, 'linux', DEBIAN_SHELL, ...builds)
  t.same(findBrowser(search), {
    path: at(cached('156.0.8078.47')),
    kind: 'headless-shell',
    source: 'puppeteer-cache',
  })
})

t.test('prefers a headless shell of the system to a Chrome of the cache', async t => {
  const chrome = 'home/.cache/puppeteer/chrome/linux-156.0.8078.47/chrome-linux64/chrome'
  const { search, at } = machine(t, 'linux', chrome, DEBIAN_SHELL)
  t.equal(findBrowser(search)?.path, at(DEBIAN_SHELL))
  t.same(findBrowser({ ...search, root: join(search.root, 'nowhere') }), {
    path: at(chrome),
    kind: 'chrome',
    source: 'puppeteer-cache',
  })
})

t.test('PUPPETEER_CACHE_DIR moves the cache', async t => {
  const path = cached('156.0.8078.47').replace('home/.cache/puppeteer', 'elsewhere')
  const { withEnv, at } = machine(t, 'linux', path)
  t.equal(findBrowser(withEnv({ PUPPETEER_CACHE_DIR: at('elsewhere') }))?.path, at(path))
})

t.test('finds Chrome, Chromium and Edge on Windows in every folder that installers use', async t => {
  for (const folder of ['Program Files', 'Program Files (x86)', 'AppData']) {
    for (const [program, kind] of [
      ['Google/Chrome/Application/chrome.exe', 'chrome'],
      ['Microsoft/Edge/Application/msedge.exe', 'edge'],
    ] as const) {
      const { search, at } = machine(t, 'win32', `${folder}/${program}`)
      t.same(findBrowser(search), { path: at(`${folder}/${program}`), kind, source: 'system' })
    }
  }
  const { search } = machine(t, 'win32', 'AppData/Chromium/Application/chrome.exe')
  t.equal(findBrowser(search)?.kind, 'chromium')
})

t.test('prefers the cache of puppeteer on Windows, and Edge last, because every machine has it', async t => {
  const edge = 'Program Files (x86)/Microsoft/Edge/Application/msedge.exe'
  const chrome = 'Program Files/Google/Chrome/Application/chrome.exe'
  const shell =
    'home/.cache/puppeteer/chrome-headless-shell/win64-156.0.8078.47/chrome-headless-shell-win64/chrome-headless-shell.exe'
  const two = machine(t, 'win32', edge, chrome)
  t.equal(findBrowser(two.search)?.path, two.at(chrome))
  const three = machine(t, 'win32', edge, chrome, shell)
  t.equal(findBrowser(three.search)?.path, three.at(shell))
})

t.test('finds applications on macOS for all users and for one user', async t => {
  for (const folder of ['Applications', 'home/Applications']) {
    for (const [app, kind] of [
      ['Google Chrome', 'chrome'],
      ['Chromium', 'chromium'],
      ['Microsoft Edge', 'edge'],
    ] as const) {
      const path = `${folder}/${app}.app/Contents/MacOS/${app}`
      const { search, at } = machine(t, 'darwin', path)
      t.same(findBrowser(search), { path: at(path), kind, source: 'system' })
    }
  }
})

t.test('AUTOMATE_BROWSER wins over PUPPETEER_EXECUTABLE_PATH, which wins over any found browser', async t => {
  const { at, withEnv } = machine(t, 'linux', DEBIAN_SHELL, 'mine/chrome', 'other/chromium')
  const other = { PUPPETEER_EXECUTABLE_PATH: at('other/chromium') }
  t.same(findBrowser(withEnv({ ...other, AUTOMATE_BROWSER: at('mine/chrome') })), {
    path: at('mine/chrome'),
    kind: 'chrome',
    source: 'AUTOMATE_BROWSER',
  })
  t.equal(findBrowser(withEnv(other))?.source, 'PUPPETEER_EXECUTABLE_PATH')
  t.equal(findBrowser(withEnv({ AUTOMATE_BROWSER: '' }))?.source, 'system')
})

t.test('the error for an unusable named browser names the variable', async t => {
  const { at, withEnv } = machine(t, 'linux', DEBIAN_SHELL)
  writeFileSync(at('notes.txt'), '')
  chmodSync(at('notes.txt'), 0o644)
  const wrong = [at('missing'), at('usr'), ...(process.platform === 'win32' ? [] : [at('notes.txt')])]
  for (const variable of ['AUTOMATE_BROWSER', 'PUPPETEER_EXECUTABLE_PATH']) {
    for (const path of wrong) {
      t.throws(() => findBrowser(withEnv({ [variable]: path })), {
        code: 'environment-unfit',
        message: `${variable} is "${path}"`,
        facts: { namedBy: variable, path },
      })
    }
  }
})
