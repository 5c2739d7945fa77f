import { spawnSync } from 'node:child_process'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import t from 'tap'
import { automate, parseLines } from '../helpers/program/automate.ts'
import { ROOT, dependencies, install, npm, pack } from '../helpers/program/installed-package.ts'
import { LiveConsole } from '../helpers/terminal/live-console.ts'
import { newFolder } from '../helpers/store/project.ts'

// The package as its users get it, installed into an empty folder and driven from outside.

const MODULES = 'node_modules/'

/**
 * Largest number of copies of a package. npm counts each copy, also of an old version that another
 * package needs. Their places differ from the checkout.
 */
const MOST_COPIES = 3

/**
 * Returns the name of a package. The checkout may nest the package in others, if its development
 * needs another version at the top.
 */
const nameOf = (path: string): string => path.slice(path.lastIndexOf(MODULES) + MODULES.length)

const packed = newFolder()
const { filename, size, unpackedSize, files } = pack(packed)
// The folder is outside of this tree, because code in the tree would find everything that the
// package lacks.
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'automate-tui-package-')))
t.teardown(() => rmSync(folder, { recursive: true, force: true, maxRetries: 10 }))
install(join(packed, filename), folder)
const program = join(folder, 'node_modules', '.bin', 'automate-tui')

t.test('the package contains exactly what runs', t => {
  const top = new Set(files.map(({ path }) => path.split('/')[0]))
  t.same(
    [...top].toSorted(),
    ['LICENSE', 'README.md', 'dist', 'migrations', 'package.json', 'templates'].toSorted(),
  )
  const inDist = new Set(files.flatMap(({ path }) => /^dist\/([^/]+)/.exec(path)?.[1] ?? []))
  t.same([...inDist].toSorted(), ['bin', 'build.json', 'chunks', 'lib', 'licenses'])
  t.end()
})

t.test('the README states the size of the package', t => {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')
  const said =
    /(\d+) packages, (\d+) MB[^(]*\(automate-tui itself: ([\d.]+) MB packed, ([\d.]+) MB unpacked\)/
  const [, count, all, tarball, own] = (said.exec(readme) ?? []).map(Number)
  const MB = 1_000_000
  const close = (real: number, stated: number | undefined, what: string) =>
    t.ok(
      stated !== undefined && Math.abs(real / MB / stated - 1) < 0.15,
      `${what}: actually ${(real / MB).toFixed(1)} MB`,
    )
  const names = new Set(dependencies().map(nameOf)).size + 1
  const copies = (count ?? 0) - names
  t.ok(copies >= 0 && copies <= MOST_COPIES, `${names} different packages, including this one`)
  close(size, tarball, 'packed')
  close(unpackedSize, own, 'unpacked')
  const others = dependencies().filter(path => path.lastIndexOf(MODULES) === 0)
  close(unpackedSize + others.reduce((sum, path) => sum + bytesOf(join(ROOT, path)), 0), all, 'all')
  t.end()
})

t.test('the package contains the widget library, without installing its dependencies', t => {
  const licenses = files.flatMap(({ path }) => /^dist\/licenses\/(.+)\.txt$/.exec(path)?.[1] ?? [])
  for (const name of ['blessed-contrib', 'sparkline']) {
    t.ok(licenses.includes(name), `the license of ${name} is included`)
    t.notOk(existsSync(join(folder, 'node_modules', name)), name)
  }
  const installed = new Set(dependencies().map(nameOf))
  for (const name of ['lodash', 'xml2js', 'marked', 'event-stream', 'optimist'])
    t.notOk(installed.has(name), name)
  t.end()
})

t.test('the console of the package draws the chart of the queue', async t => {
  const installed = join(folder, 'node_modules', 'automate-tui', 'dist', 'bin', 'automate-tui.js')
  const console = new LiveConsole(t, ['--root', join(folder, 'chart'), 'demo'], [120, 40], {}, installed)
  await console.see(/[▁▂▃▄▅▆▇█]/)
})

t.test(
  'npx runs the package',
  { skip: process.platform === 'win32' && 'npm makes no .cmd for a rebuild' },
  t => {
    const npx = (...args: readonly string[]) =>
      npm(['exec', '--offline', '--', 'automate-tui', ...args], folder)
    t.match(npx('--version'), /^\d+\.\d+\.\d+\n$/)
    t.match(
      npx('init', 'by-npx'),
      /cd by-npx\n +npx automate-tui run page-title/,
      'init names the npx command',
    )
    t.end()
  },
)

t.test('the demo runs to its end, and a crash in it is grouped by a line of its workflow', async t => {
  const run = (...args: readonly string[]) =>
    automate(t, [...args, '--root', 'demo'], { cwd: folder, program })
  const { code, stdout, stderr } = await run('demo', '--no-tui', '--until-idle', '--json')
  t.equal(code, 0, stderr)
  t.equal(parseLines(stdout).filter(({ event }) => event === 'result').length, 3)
  t.equal((await run('run', 'place-order', '--input', 'site=http://127.0.0.1:1/')).code, 1)
  t.match((await run('crashes', '1')).stdout, /^line workflows\/place-order\.js:\d+$/m)
})

t.test('a new project runs its workflow and its test, and a crash names file and line', async t => {
  const run = (args: readonly string[], cwd = join(folder, 'shop')) => automate(t, args, { cwd, program })
  const made = await run(['init', 'shop'], folder)
  t.equal(made.code, 0, made.stderr)
  const title = await run(['run', 'page-title'])
  t.same(JSON.parse(title.stdout), { title: 'It works' }, title.stderr)
  const tests = await run(['test'])
  t.equal(tests.code, 0, tests.stdout)
  t.match(tests.stdout, /pass 2/)

  // An interface and an enum. Type stripping alone would move the lines, or fail.
  const text = `import { defineWorkflow, z } from 'automate-tui'

interface Shop {
  readonly name: string
}

enum Kind {
  Wine,
}

export default defineWorkflow({ name: 'sold-out', input: z.object({}), result: z.null() })
  .phase('look', { timeout: '20s' }, ({ step }): null => {
    const shop: Shop = { name: 'Harbour Cellar' }
    step(\`shop \${shop.name}\`)
    throw new TypeError(\`no \${Kind[0]}\`) // here
  })
`
  writeFileSync(join(folder, 'shop', 'workflows', 'sold-out.ts'), text)
  const failed = await run(['run', 'sold-out'])
  t.equal(failed.code, 1, failed.stderr)
  const { stdout: crash } = await run(['crashes', '1'])
  const line = text.split('\n').findIndex(one => one.endsWith('// here')) + 1
  t.match(crash, /in 1\/1 look: shop Harbour Cellar[^]*TypeError: no Wine/)
  t.match(crash, new RegExp(`at .*shop[\\\\/]workflows[\\\\/]sold-out\\.ts:${line}:11`))
})

t.test('editors find the types of the package', async t => {
  const compiler = createRequire(import.meta.url).resolve('typescript/bin/tsc')
  const strict = [
    '--ignoreConfig',
    '--noEmit',
    '--strict',
    '--skipLibCheck',
    '--module',
    'nodenext',
    '--target',
    'es2024',
  ]
  const check = (...args: readonly string[]) =>
    spawnSync(process.execPath, [compiler, ...args], { cwd: join(folder, 'shop'), encoding: 'utf8' })
  writeFileSync(
    join(folder, 'shop', 'wrong.ts'),
    `import page from './workflows/page-title.js'
     import { defineConfig } from 'automate-tui'
     // @ts-expect-error the last phase is typed
     page.phase('more', { timeout: '1s' }, ({ previous }) => previous.titel)
     // @ts-expect-error there is no such transport
     defineConfig({ cdp: 'wire' })
     // @ts-expect-error a number is no word
     defineConfig({ workers: 'four' })`,
  )
  const typed = check(...strict, 'wrong.ts', 'automate.config.ts', 'workflows/page-title.ts')
  t.equal(typed.status, 0, typed.stdout)

  // Editors read the project's own tsconfig.json, both next to the package and with the program
  // installed elsewhere.
  const elsewhere = newFolder()
  const { code } = await automate(t, ['init'], { cwd: elsewhere, program })
  t.equal(code, 0)
  writeFileSync(
    join(elsewhere, 'workflows', 'wrong.test.ts'),
    `import { test } from 'node:test'
     import { runWorkflow } from 'automate-tui/testing'
     // @ts-expect-error a name is a text
     test(5, () => runWorkflow(7))`,
  )
  for (const root of ['.', elsewhere]) {
    const { status, stdout } = check('-p', root)
    t.equal(status, 0, stdout)
  }
})

t.test('JavaScript workflows need no TypeScript loader', async t => {
  for (const name of ['tsx', 'esbuild']) {
    rmSync(join(folder, 'node_modules', name), { recursive: true, force: true })
  }
  const root = join(folder, 'plain')
  mkdirSync(join(root, 'workflows'), { recursive: true })
  writeFileSync(
    join(root, 'automate.config.js'),
    `import { defineConfig } from 'automate-tui'
     export default defineConfig({ workers: 1 })`,
  )
  writeFileSync(
    join(root, 'workflows', 'plain.js'),
    `import { defineWorkflow, z } from 'automate-tui'
     export default defineWorkflow({ name: 'plain', input: z.object({}), result: z.string() })
       .phase('title', { timeout: '20s' }, ({ page }) => page.evaluate('1 + 1 + "!"'))`,
  )
  const { code, stdout, stderr } = await automate(t, ['run', 'plain'], { cwd: root, program })
  t.equal(code, 0, stderr)
  t.equal(JSON.parse(stdout), '2!')
  const typed = await automate(t, ['run', 'page-title'], { cwd: join(folder, 'shop'), program })
  t.match(typed.stderr, /tsx/, 'the loader is really missing')
})

/** Returns the bytes of all files, without the linked packages. */
function bytesOf(path: string): number {
  const stat = statSync(path)
  if (!stat.isDirectory()) return stat.size
  return readdirSync(path).reduce((sum, name) => sum + bytesOf(join(path, name)), 0)
}
