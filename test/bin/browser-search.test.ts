import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import t from 'tap'
import type { Test } from 'tap'
import { browserSearch } from '../../bin/browser-search.ts'
import { openProject } from '../../lib/app/project/project.ts'
import { findBrowser } from '../../lib/execution/browser/find/find-browser.ts'
import { newFolder } from '../helpers/store/project.ts'

const RELATIVE = './bin/chromium'

/** Makes an executable file, and returns its path. */
function program(folder: string): string {
  const path = join(folder, RELATIVE)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, '')
  chmodSync(path, 0o755)
  return path
}

/** Makes a project with the text of its configuration and of its `.env`. */
function projectWith(config: string, dotEnv: string): string {
  const root = newFolder()
  writeFileSync(join(root, 'automate.config.mjs'), `export default ${config}\n`)
  writeFileSync(join(root, '.env'), dotEnv)
  chmodSync(join(root, '.env'), 0o600)
  return root
}

const PROJECTS = {
  'the configuration': () => projectWith(`{ browser: '${RELATIVE}' }`, ''),
  'AUTOMATE_BROWSER in .env': () => projectWith('{}', `AUTOMATE_BROWSER=${RELATIVE}\n`),
  'PUPPETEER_EXECUTABLE_PATH in .env': () => projectWith('{}', `PUPPETEER_EXECUTABLE_PATH=${RELATIVE}\n`),
}

/** Lets a test change the current folder, and removes the browser that the environment names. */
function withoutNamedBrowser(t: Pick<Test, 'teardown'>): void {
  const start = process.cwd()
  t.teardown(() => {
    process.chdir(start)
    delete process.env['PUPPETEER_EXECUTABLE_PATH']
  })
  delete process.env['AUTOMATE_BROWSER']
  delete process.env['PUPPETEER_EXECUTABLE_PATH']
}

for (const [place, make] of Object.entries(PROJECTS)) {
  t.test(`a relative browser of ${place} is in the project, wherever the program starts`, async t => {
    withoutNamedBrowser(t)
    const root = make()
    const own = program(root)
    const elsewhere = newFolder()
    program(elsewhere)
    mkdirSync(join(root, 'workflows'))
    for (const folder of [root, join(root, 'workflows'), elsewhere]) {
      process.chdir(folder)
      const { resolved } = await openProject({ root }, { readOnly: true })
      t.equal(findBrowser(browserSearch(resolved))?.path, own, folder)
    }
  })

  t.test(
    `refuses a browser in the project that ${place} names and other users can write`,
    { skip: process.platform === 'win32' && 'on Windows the folders are checked' },
    async t => {
      withoutNamedBrowser(t)
      const root = make()
      const own = program(root)
      process.chdir(newFolder())
      chmodSync(own, 0o777)
      await t.rejects(openProject({ root }, { readOnly: true }), { code: 'config-invalid', message: own })
    },
  )
}

t.test('a relative browser on the command line is in the current folder', async t => {
  withoutNamedBrowser(t)
  const root = projectWith('{}', '')
  program(root)
  const here = newFolder()
  const own = program(here)
  process.chdir(here)
  const { resolved } = await openProject({ root, browser: RELATIVE }, { readOnly: true })
  t.equal(findBrowser(browserSearch(resolved))?.path, own)
})

t.test('names a browser that cannot start by the text of its setting', async t => {
  withoutNamedBrowser(t)
  const missing = (root: string) => join(root, RELATIVE)
  const messageIn = async (root: string, flags = {}) => {
    const { resolved } = await openProject({ root, ...flags }, { readOnly: true })
    try {
      return findBrowser(browserSearch(resolved))?.path
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
  }
  const inFile = PROJECTS['the configuration']()
  t.match(await messageIn(inFile), `browser is "${missing(inFile)}"`)
  const inEnv = PROJECTS['AUTOMATE_BROWSER in .env']()
  t.match(await messageIn(inEnv), `AUTOMATE_BROWSER is "${missing(inEnv)}"`)
  t.match(await messageIn(inFile, { browser: '/no/browser' }), /^--browser is "/)
})
