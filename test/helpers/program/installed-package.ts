import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { z } from 'zod'
import { isBuilt } from './built-program.ts'

export const ROOT = join(import.meta.dirname, '../../..')

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      dev: z.boolean().default(false),
      devOptional: z.boolean().default(false),
      link: z.boolean().default(false),
    }),
  ),
})

const Packed = z.tuple([
  z.object({
    filename: z.string(),
    size: z.int(),
    unpackedSize: z.int(),
    files: z.array(z.object({ path: z.string() })),
  }),
])

const WINDOWS = process.platform === 'win32'

/**
 * Packs this tree with `npm pack` into the given folder. An existing build is reused, because other
 * tests are running it.
 */
export function pack(folder: string): z.infer<typeof Packed>[0] {
  const build = isBuilt() ? ['--ignore-scripts'] : []
  return Packed.parse(JSON.parse(npm(['pack', '--json', '--pack-destination', folder, ...build], ROOT)))[0]
}

/** Runs npm to its end and returns its stdout. Throws an error with npm's output if npm fails. */
export function npm(args: readonly string[], cwd: string): string {
  const { status, stdout, stderr } = spawnSync('npm', args, { cwd, encoding: 'utf8', shell: WINDOWS })
  if (status !== 0) throw new Error(`npm ${args.join(' ')} ended with ${String(status)}: ${stderr}`)
  return stdout
}

/**
 * Returns the names of the packages that an installed automate-tui needs on this system, according
 * to the lock file. Development packages, such as the Node of the checkout, are not included.
 */
export function dependencies(): string[] {
  const { packages } = Lock.parse(JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')))
  return Object.entries(packages)
    .filter(([path, { dev, devOptional, link }]) => {
      const ofUsers = path.startsWith('node_modules/') && !dev && !devOptional && !link
      return ofUsers && !/^node_modules\/node-(?:linux|win)-x64$/.test(path) && existsSync(join(ROOT, path))
    })
    .map(([path]) => path)
}

/**
 * Installs a packed automate-tui into an empty folder as `npm install` would, but without a
 * network. The program's own files come from the package, its dependencies are links to the
 * packages that are installed here, and npm itself links the program. The folder contains nothing
 * else.
 */
export function install(tarball: string, folder: string): void {
  const modules = join(folder, 'node_modules')
  const own = join(modules, 'automate-tui')
  mkdirSync(own, { recursive: true })
  writeFileSync(
    join(folder, 'package.json'),
    JSON.stringify({ private: true, dependencies: { 'automate-tui': '*' } }),
  )
  const { status, stderr } = spawnSync('tar', ['-xzf', tarball, '-C', own, '--strip-components=1'])
  if (status !== 0) throw new Error(`tar: ${String(stderr)}`)
  for (const path of dependencies()) {
    // A nested package comes with its parent.
    if (path.lastIndexOf('node_modules/') > 0) continue
    const link = join(folder, path)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(join(ROOT, path), link, 'junction')
  }
  npm(['rebuild', '--ignore-scripts', 'automate-tui'], folder)
}
