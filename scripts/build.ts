import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  copyFileSync,
  globSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { build } from 'esbuild'
import type { Plugin } from 'esbuild'
import { z } from 'zod'

// Builds `dist/`, the content of the package. It has few files, which load quickly. Without the
// build, every process would resolve and read hundreds of files of our own and of small libraries
// when it starts. Each process and thread has its own entry, and shared code is in `dist/chunks/`.
// Source maps refer to the modules.

const ROOT = join(import.meta.dirname, '..')
const DIST = join(ROOT, 'dist')

/** Modules that are started or loaded by their path in the sources. */
const ENTRIES = [
  'bin/automate-tui.ts',
  'lib/index.ts',
  'lib/testing/index.ts',
  'lib/**/*.entry.ts',
  'lib/demo/workflows/*.ts',
]

/**
 * Packages that are included in the bundle: pure code that every start needs, and one widget of
 * blessed-contrib with its imports, so that the 52 dependencies of blessed-contrib are not
 * installed with automate-tui. All other packages are loaded from their own folders, because they
 * have files other than code or are rarely needed.
 */
const BUNDLED: readonly string[] = ['zod', 'commander', 'croner', 'blessed-contrib', 'sparkline']

/** Files that determine the build. Builds of the same files are the same program. */
const SOURCES = [
  '{bin,lib,screens}/**/*.ts',
  '{migrations,templates}/**/*.*',
  'scripts/build.ts',
  'package.json',
  ...BUNDLED.map(name => `node_modules/${name}/package.json`),
]

/** Files of the program in the installed package. */
const INSTALLED = ['dist/**/*.js', 'migrations/*.sql']

const program = { version: versionOf('package.json'), build: hashOf(filesOf(SOURCES)) }

/**
 * Code at the beginning of every output file, which determines the address of the folder `dist/`. A
 * module finds files relative to its own address, which differs in a chunk. The module therefore
 * gets the address that it would have as a separate file in `dist/`.
 */
const FIND_DIST = "const $dist = import.meta.url.slice(0, import.meta.url.lastIndexOf('/dist/') + 6);"
const ownAddresses: Plugin = {
  name: 'own-addresses',
  setup(bundler) {
    bundler.onLoad({ filter: /[\\/](?:bin|lib|screens)[\\/].*\.ts$/ }, ({ path }) => {
      const module = relative(ROOT, path).replaceAll('\\', '/').replace(/\.ts$/, '.js')
      if (module.startsWith('node_modules/')) return undefined
      const address = `($dist + ${JSON.stringify(module)})`
      return { contents: readFileSync(path, 'utf8').replaceAll('import.meta.url', address), loader: 'ts' }
    })
  },
}

/**
 * Makes the bundled widget use the installed blessed, because a widget needs the classes of its
 * screen. The widget is CommonJS, and there is no `require` in a module for its
 * `require('blessed')`.
 */
const INSTALLED_BLESSED = 'installed-blessed'
const installedBlessed: Plugin = {
  name: INSTALLED_BLESSED,
  setup(bundler) {
    bundler.onResolve({ filter: /^blessed$/ }, ({ path, namespace, kind }) =>
      namespace === INSTALLED_BLESSED || kind !== 'require-call'
        ? { path, external: true }
        : { path, namespace: INSTALLED_BLESSED },
    )
    bundler.onLoad({ filter: /.*/, namespace: INSTALLED_BLESSED }, () => ({
      contents: `import blessed from 'blessed'\nexport const { Node, Box } = blessed`,
    }))
  },
}

/** Build plugin that leaves packages other than the bundled ones as imports. */
const installedPackages: Plugin = {
  name: 'installed-packages',
  setup(bundler) {
    bundler.onResolve({ filter: /^[^./]/ }, ({ path, importer, kind }) => {
      if (kind === 'entry-point' || importer.includes('node_modules')) return undefined
      const name = path.split('/', path.startsWith('@') ? 2 : 1).join('/')
      return BUNDLED.includes(name) ? undefined : { path, external: true }
    })
  },
}

rmSync(DIST, { recursive: true, force: true })
const types = createRequire(import.meta.url).resolve('typescript/bin/tsc')
execFileSync(process.execPath, [types, '-p', join(ROOT, 'tsconfig.build.json')], { stdio: ['ignore', 2, 2] })
await build({
  absWorkingDir: ROOT,
  entryPoints: ENTRIES.flatMap(pattern => globSync(pattern, { cwd: ROOT })),
  outbase: '.',
  outdir: 'dist',
  chunkNames: 'chunks/[name]-[hash]',
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  sourcemap: true,
  sourcesContent: false,
  keepNames: true,
  define: { AUTOMATE_TUI_BUILD: JSON.stringify(program) },
  logLevel: 'warning',
  banner: { js: FIND_DIST },
  plugins: [ownAddresses, installedBlessed, installedPackages],
})
for (const name of BUNDLED) {
  const folder = join(ROOT, 'node_modules', name)
  const license = readdirSync(folder).find(file => /^licen[cs]e/i.test(file))
  if (license === undefined)
    throw new Error(`The package ${name} has no license file, but its license requires its distribution.`)
  mkdirSync(join(DIST, 'licenses'), { recursive: true })
  copyFileSync(join(folder, license), join(DIST, 'licenses', `${name}.txt`))
}

// This file is written last, because a running program of another build considers the package
// complete once all files in the list exist.
const files = Object.fromEntries(filesOf(INSTALLED).map(path => [path, statSync(join(ROOT, path)).size]))
writeFileSync(join(DIST, 'build.json'), `${JSON.stringify({ ...program, files })}\n`)

function filesOf(patterns: readonly string[]): string[] {
  return patterns
    .flatMap(pattern => globSync(pattern, { cwd: ROOT }))
    .map(path => path.replaceAll('\\', '/'))
    .toSorted()
}

function hashOf(paths: readonly string[]): string {
  const hash = createHash('sha256')
  for (const path of paths) hash.update(`${path}\n`).update(readFileSync(join(ROOT, path)))
  return hash.digest('hex').slice(0, 16)
}

function versionOf(path: string): string {
  const { version } = z
    .object({ version: z.string() })
    .parse(JSON.parse(readFileSync(join(ROOT, path), 'utf8')))
  return version
}
